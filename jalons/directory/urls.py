from django.urls import path

from jalons.directory import views

app_name = "directory"
urlpatterns = [
    path("annuaire/", views.people, name="people"),
    path("annuaire/structures/", views.organisations, name="organisations"),
    path("annuaire/export", views.export, name="export"),
    path("annuaire/<slug:kind>/<slug:key>/", views.working, name="working"),
    path("mon-compte/annuaire/", views.card, name="card"),
]
