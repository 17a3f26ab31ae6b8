from django.urls import path

from jalons.exports import views

app_name = "exports"
urlpatterns = [
    path("", views.downloads, name="downloads"),
    path("tous/", views.everyone, name="everyone"),
    path("preparer/", views.prepare, name="prepare"),
    path("prets/<slug:public_id>/", views.prepared, name="prepared"),
    path("prets/<slug:public_id>/fichier", views.take, name="take"),
    path("prets/<slug:public_id>/arreter/", views.stop, name="stop"),
]
