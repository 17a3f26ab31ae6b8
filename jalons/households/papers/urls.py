"""Included by the addresses of the app, under « textes/ »."""

from django.urls import path

from jalons.households.papers import views

PAPER_PATHS = [
    path("textes/", views.papers, name="papers"),
    path("textes/<slug:slug>/", views.paper, name="paper"),
]
