from django.urls import path

from jalons.discussions import views

app_name = "discussions"
urlpatterns = [
    path("<str:public_id>/retirer/", views.withdraw, name="withdraw"),
    path("<str:kind>/<str:public_id>/", views.comments, name="comments"),
]
