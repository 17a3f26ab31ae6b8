"""Included by the addresses of the app."""

from django.urls import path

from jalons.households.numbers import mapping_views, views

NUMBER_PATHS = [
    path("indicateurs/", mapping_views.mapped, name="mapped"),
    path("nombres/<slug:code>/", views.counted, name="counted"),
]
