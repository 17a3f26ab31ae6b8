from django.urls import path

from jalons.discussions.views import comments, mails

app_name = "discussions"
urlpatterns = [
    path("commentaires/<slug:public_id>/retirer/", comments.withdraw, name="withdraw"),
    path("commentaires/<slug:kind>/<slug:public_id>/", comments.comments, name="comments"),
    path("commentaires/<slug:kind>/<slug:public_id>/personnes/", comments.mentionable, name="mentionable"),
    path("compte/courriels/", mails.mail_choices, name="mail_choices"),
]
