from django.urls import include, path

from jalons.config import views

urlpatterns = [
    path("", views.home, name="home"),
    path("accueil/attendus/", views.home_due, name="home_due"),
    path("accueil/changements/", views.home_news, name="home_news"),
    path("accueil/tendance/", views.home_trend, name="home_trend"),
    path("accueil/suite/", views.home_rest, name="home_rest"),
    path("", include("jalons.core.urls")),
    path("exports/", include("jalons.exports.urls")),
    path("sites/", include("jalons.sites.urls")),
    path("", include("jalons.sharing.urls")),
    path("dispositifs/propositions/", include("jalons.proposals.urls")),
    path("sites/", include("jalons.alike.urls")),
    path("dispositifs/", include("jalons.indicators.urls")),
    path("dispositifs/", include("jalons.actions.urls")),
    path("priorites/", include("jalons.urgency.urls")),
    path("conventions/", include("jalons.conventions.urls")),
    path("", include("jalons.discussions.urls")),
    path("documents/", include("jalons.documents.urls")),
    path("recherche/", include("jalons.search.urls")),
    path("tableau-de-bord/", include("jalons.reports.urls")),
    path("rapports/", include("jalons.editions.urls")),
    path("carte/", include("jalons.maps.urls")),
    path("couches/", include("jalons.layers.urls")),
    path("registre/", include("jalons.households.urls")),
    path("imports/", include("jalons.imports.urls")),
    path("", include("jalons.charter.urls")),
    path("", include("jalons.presence.urls")),
    path("", include("jalons.readership.urls")),
    path("", include("jalons.accounts.urls")),
    path("", include("jalons.directory.urls")),
    path("", include("jalons.joining.urls")),
    path("", include("jalons.second_factor.urls")),
    path("connexion/proconnect/", include("jalons.proconnect.urls")),
    path("", include("jalons.public.urls")),
    path("administration/", include("jalons.administration.urls")),
    path("territoires/", include("jalons.territories.urls")),
]
handler400 = "jalons.core.views.bad_request"
handler404 = "jalons.core.views.not_found"
handler403 = "jalons.core.views.forbidden"
handler500 = "jalons.core.views.broken"
