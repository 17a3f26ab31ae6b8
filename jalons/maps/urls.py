from django.urls import path

from jalons.maps import views

app_name = "maps"
urlpatterns = [
    path("", views.site_map, name="map"),
    path("sites.geojson", views.sites_geojson, name="sites"),
    path("sites.svg", views.sites_drawing, name="drawing"),
]
