from django.urls import path

from jalons.exports import views

app_name = "exports"
urlpatterns = [
    path("", views.downloads, name="downloads"),
    path("tous/", views.everyone, name="everyone"),
]
