from django.urls import path

from jalons.layers.views import giving, keeping, reading

app_name = "layers"
urlpatterns = [
    path("", reading.layers, name="list"),
    path("affichees/", reading.choose, name="choose"),
    path("autour/<slug:public_id>/", reading.around, name="around"),
    path("nouvelle/", giving.add, name="add"),
    path("a-verifier/<slug:public_id>/", giving.draft, name="draft"),
    path("a-verifier/<slug:public_id>/objets.geojson", giving.draft_objects, name="draft_objects"),
    path("a-verifier/<slug:public_id>/image.svg", giving.draft_picture, name="draft_picture"),
    path("a-verifier/<slug:public_id>/oublier/", giving.forget, name="forget"),
    path("<slug:public_id>/", reading.layer, name="layer"),
    path("<slug:public_id>/objets.geojson", reading.objects, name="objects"),
    path("<slug:public_id>/image.svg", reading.picture, name="picture"),
    path("<slug:public_id>/export", reading.export, name="export"),
    path("<slug:public_id>/modifier/", keeping.edit, name="edit"),
    path("<slug:public_id>/remplacer/", giving.replace, name="replace"),
    path("<slug:public_id>/retirer/", keeping.withdraw, name="withdraw"),
    path("<slug:public_id>/remettre/", keeping.put_back_page, name="put_back"),
]
