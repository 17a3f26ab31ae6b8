from django.urls import path

from jalons.discussions.views import activity, comments, following, mails

app_name = "discussions"
urlpatterns = [
    path("activite/", activity.activity_list, name="activity"),
    path("commentaires/<slug:public_id>/retirer/", comments.withdraw, name="withdraw"),
    path("commentaires/<slug:kind>/<slug:public_id>/", comments.comments, name="comments"),
    path("commentaires/<slug:kind>/<slug:public_id>/personnes/", comments.mentionable, name="mentionable"),
    path("favoris/<slug:kind>/<slug:key>/", following.favourite, name="favourite"),
    path("suivre/", following.follow_more, name="follow_more"),
    path("suivre/<slug:kind>/<slug:key>/", following.follow, name="follow"),
    path("mon-compte/abonnements/", following.subscriptions, name="subscriptions"),
    path("courriels/arret/<str:token>/", following.unsubscribe, name="unsubscribe"),
    path("compte/courriels/", mails.mail_choices, name="mail_choices"),
]
