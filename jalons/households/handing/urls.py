"""Included by the addresses of the app."""

from django.urls import path

from jalons.households.handing import views

HANDING_PATHS = [
    path("menages/<uuid:household_id>/confier/", views.hand, name="hand"),
    path("confiees/", views.handings, name="handings"),
    path("confiees/<uuid:handing_id>/", views.handed, name="handed"),
    path("confiees/<uuid:handing_id>/accepter/", views.accept, name="accept"),
    path("confiees/<uuid:handing_id>/refuser/", views.decline, name="decline"),
    path("confiees/<uuid:handing_id>/reprendre/", views.take_back, name="take_back"),
    path("confiees/<uuid:handing_id>/terminer/", views.end, name="end"),
]
