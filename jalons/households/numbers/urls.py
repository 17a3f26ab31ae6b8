"""Included by the addresses of the app."""

from django.urls import path

from jalons.households.numbers import views

NUMBER_PATHS = [
    path("ouvert/", views.opened_for, name="opened_for"),
    path("nombres/<slug:code>/", views.counted, name="counted"),
]
