from django.urls import path

from jalons.urgency.views import listing

app_name = "urgency"
urlpatterns = [
    path("", listing.priorities_page, name="list"),
    path("export", listing.export, name="export"),
    path("accueil/", listing.urgent_band, name="band"),
    path("sites/<slug:public_id>/", listing.site_page, name="site"),
]
