"""Included by the addresses of the app. Nothing of a family, nor of a file, is ever in them."""

from django.urls import path

from jalons.households.imports import views

IMPORT_PATHS = [
    path("tableaux/", views.give, name="import_start"),
    path("tableaux/modele/", views.sample, name="import_sample"),
    path("tableaux/<uuid:import_id>/", views.preview, name="import_preview"),
    path("tableaux/<uuid:import_id>/colonnes/", views.columns, name="import_columns"),
    path("tableaux/<uuid:import_id>/enregistrer/", views.apply, name="import_apply"),
    path("tableaux/<uuid:import_id>/annuler/", views.undo, name="import_undo"),
    path("tableaux/<uuid:import_id>/effacer/", views.drop, name="import_drop"),
]
