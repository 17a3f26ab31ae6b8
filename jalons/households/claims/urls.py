"""Included by the addresses of the app."""

from django.urls import path

from jalons.households.claims import views

CLAIM_PATHS = [
    path("menages/<uuid:household_id>/droits/", views.claims, name="claims"),
    path("menages/<uuid:household_id>/droits/copie.<slug:extension>", views.access, name="access"),
]
