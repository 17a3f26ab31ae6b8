from django.urls import path

from jalons.presence import views

app_name = "presence"
urlpatterns = [
    path("mon-compte/sessions/", views.sessions, name="sessions"),
    path("mon-compte/sessions/fermer/", views.close_elsewhere, name="close_elsewhere"),
    path("mon-compte/supprimer/", views.delete, name="delete"),
]
