"""Included by the addresses of the app."""

from django.urls import path

from jalons.households.joining import views

JOINING_PATHS = [
    path("menages/<uuid:household_id>/reunir/", views.choose, name="unite"),
    path("menages/<uuid:household_id>/reunir/<uuid:other_id>/", views.unite_with, name="unite_with"),
    path("menages/<uuid:household_id>/separer/", views.part_household, name="part"),
]
