from django.urls import path

from jalons.discussions import views

app_name = "discussions"
urlpatterns = [
    path("commentaires/<slug:public_id>/retirer/", views.withdraw, name="withdraw"),
    path("commentaires/<slug:kind>/<slug:public_id>/", views.comments, name="comments"),
    path("compte/courriels/", views.mail_choices, name="mail_choices"),
]
