from django.urls import path

from jalons.discussions import views

app_name = "discussions"
urlpatterns = [
    path("<slug:public_id>/retirer/", views.withdraw, name="withdraw"),
    path("<slug:kind>/<slug:public_id>/", views.comments, name="comments"),
]
