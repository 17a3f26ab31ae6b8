from django.urls import path

from jalons.urgency.views import handling, listing, scales, weather

app_name = "urgency"
urlpatterns = [
    path("", listing.priorities_page, name="list"),
    path("export", listing.export, name="export"),
    path("accueil/", listing.urgent_band, name="band"),
    path("sites/<slug:public_id>/", listing.site_page, name="site"),
    path("sites/<slug:public_id>/prendre/", handling.take_site, name="take"),
    path("sites/<slug:public_id>/rendre/", handling.release_site, name="release"),
    path("sites/<slug:public_id>/sourdine/<slug:code>/", handling.mute_reason, name="mute"),
    path("sites/<slug:public_id>/sourdine/<slug:code>/lever/", handling.unmute_reason, name="unmute"),
    path("bareme/", scales.scales, name="scales"),
    path("bareme/<slug:code>/", scales.scale, name="scale"),
    path("sites/<slug:public_id>/passage/", weather.passage, name="passage"),
    path("episodes/<slug:code>/", weather.episodes, name="episodes"),
    path("episodes/<slug:code>/<slug:kind>/", weather.episode, name="episode"),
]
