from django.urls import path

from jalons.households.team import views

TEAM_PATHS = [
    path("chiffres/", views.figures, name="team_figures"),
    path("chiffres/emporter/<slug:extension>/", views.take, name="take_figures"),
]
