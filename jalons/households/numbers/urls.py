"""Included by the addresses of the app."""

from django.urls import path

from jalons.households.numbers import views

NUMBER_PATHS = [
    path("nombres/<slug:code>/", views.counted, name="counted"),
]
