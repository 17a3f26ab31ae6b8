"""Included by the addresses of the app."""

from django.urls import path

from jalons.households.leaving import views

LEAVING_PATHS = [
    path("partir/", views.leave, name="leave"),
    path("partir/emporter/", views.take, name="take"),
    path("partir/supprimer/", views.destroy, name="destroy"),
]
