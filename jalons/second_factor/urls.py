from django.urls import path

from jalons.second_factor.views import administration, own, step

app_name = "second_factor"
OWN, MANAGED = "mon-compte/double-authentification/", "administration/double-authentification/"
urlpatterns = [
    path("connexion/seconde-preuve/", step.step, name="step"),
    path(OWN, own.overview, name="overview"),
    path(f"{OWN}application/", own.add_application, name="add_application"),
    path(f"{OWN}cle/", own.add_passkey, name="add_passkey"),
    path(f"{OWN}codes/", own.codes, name="codes"),
    path(f"{OWN}retirer/<slug:kind>/<int:pk>/", own.remove, name="remove"),
    path(MANAGED, administration.people, name="people"),
    path(f"{MANAGED}<int:pk>/reinitialiser/", administration.reset, name="reset"),
]
