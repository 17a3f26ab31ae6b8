from django.urls import path

from jalons.territories import views

app_name = "territories"
urlpatterns = [
    path("communes.json", views.communes, name="communes"),
    path("departements.geojson", views.departements, name="departements"),
]
