from django.urls import path

from jalons.administration import views

app_name = "administration"
urlpatterns = [path("", views.home, name="home")]
