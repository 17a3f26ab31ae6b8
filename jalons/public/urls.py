from django.urls import path

from jalons.public.views import editions, reading

app_name = "public"
urlpatterns = [
    path("public/", reading.figures, name="figures"),
    path("public/chiffres.csv", reading.as_csv, name="csv"),
    path("public/chiffres.json", reading.as_json, name="json"),
    path("public/carte.svg", reading.as_map, name="map"),
    path("public/methode/", reading.method, name="method"),
    path("administration/chiffres-ouverts/", editions.editions, name="editions"),
    path("administration/chiffres-ouverts/<int:number>/", editions.edition, name="edition"),
    path("administration/chiffres-ouverts/<int:number>/arreter/", editions.stop, name="stop"),
    path("administration/chiffres-ouverts/<int:number>/publier/", editions.publish, name="publish"),
    path("administration/chiffres-ouverts/<int:number>/retirer/", editions.withdraw, name="withdraw"),
]
