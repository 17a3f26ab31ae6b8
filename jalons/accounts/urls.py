from django.urls import path

from jalons.accounts import views

app_name = "accounts"
urlpatterns = [
    path("connexion/", views.sign_in, name="sign_in"),
    path("connexion/lien/", views.ask_sign_in_link, name="ask_sign_in_link"),
    path("connexion/lien/envoye/", views.sign_in_link_sent, name="sign_in_link_sent"),
    path("connexion/lien/<str:secret>/", views.sign_in_link, name="sign_in_link"),
    path("deconnexion/", views.sign_out, name="sign_out"),
    path("mot-de-passe/oublie/", views.forgotten, name="forgotten"),
    path("mot-de-passe/oublie/envoye/", views.link_sent, name="link_sent"),
    path("mot-de-passe/nouveau/<uidb64>/<token>/", views.new_password, name="new_password"),
    path("mon-compte/", views.account, name="account"),
    path("mon-compte/mot-de-passe/", views.change_password, name="change_password"),
    path("mon-compte/au-nom-de/", views.act_for, name="act_for"),
    path("qui-peut-voir-quoi/", views.who_sees_what, name="who_sees_what"),
]
