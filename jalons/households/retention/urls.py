"""Included by the addresses of the app."""

from django.urls import path

from jalons.households.retention import views

RETENTION_PATHS = [path("conservation/", views.retention, name="retention")]
