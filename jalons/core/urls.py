from django.urls import path

from jalons.core import views

app_name = "core"
urlpatterns = [
    path("sante", views.health, name="health"),
    path("composants", views.components, name="components"),
]
