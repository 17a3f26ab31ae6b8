from django.urls import path

from jalons.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("evolution/", views.trends, name="trends"),
]
