from django.urls import path

from jalons.readership import views

app_name = "readership"
urlpatterns = [
    path("lecteurs/<slug:kind>/<slug:key>/", views.readers, name="readers"),
    path("lecteurs/<slug:kind>/<slug:key>/lectures/", views.readings, name="readings"),
    path("administration/lectures/", views.journal, name="journal"),
]
