from django.urls import path

from jalons.administration.views import home, machine, organisations, referentials, setup

app_name = "administration"
urlpatterns = [
    path("", home.home, name="home"),
    path("mise-en-route/", setup.territories, name="territories"),
    path("mise-en-route/<slug:code>/", setup.departement, name="setup"),
    path("structures/", organisations.listing, name="organisations"),
    path("structures/<int:pk>/", organisations.organisation, name="organisation"),
    path("structures/<int:pk>/reunir/<int:other>/", organisations.merge, name="merge"),
    path("referentiels/", referentials.page, name="referentials"),
    path("referentiels/echeances/nouvelle/", referentials.deadline_add, name="deadline_add"),
    path("referentiels/echeances/<int:pk>/retirer/", referentials.deadline_remove, name="deadline_remove"),
    path("referentiels/seuils/<slug:code>/", referentials.threshold, name="threshold"),
    path("courriels/", machine.mails, name="mails"),
    path("taches/", machine.jobs, name="jobs"),
    path("reglages/", machine.settings_page, name="settings"),
]
