from django.urls import path

from jalons.proconnect import views

app_name = "proconnect"
urlpatterns = [
    path("", views.start, name="start"),
    path("retour/", views.back, name="back"),
    path("relier/", views.confirm, name="confirm"),
    path("inconnu/", views.unknown, name="unknown"),
    path("encore-ouvert/", views.still_there, name="still_there"),
]
