from django.urls import path

from jalons.readership import views

app_name = "readership"
urlpatterns = [
    path("lecteurs/<str:kind>/<str:key>/", views.readers, name="readers"),
    path("lecteurs/<str:kind>/<str:key>/lectures/", views.readings, name="readings"),
    path("administration/lectures/", views.journal, name="journal"),
]
