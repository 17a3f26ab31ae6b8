from django.urls import path

from jalons.documents import views

app_name = "documents"
urlpatterns = [
    path("<slug:public_id>/", views.download, name="download"),
    path("<slug:public_id>/apercu/", views.preview, name="preview"),
    path("<slug:public_id>/remplacer/", views.replace, name="replace"),
    path("<slug:public_id>/retirer/", views.withdraw, name="withdraw"),
    path("<slug:kind>/<slug:public_id>/joindre/", views.attach, name="attach"),
]
