from django.urls import path

from jalons.joining.views import accounts, asking, memberships, requests

app_name = "joining"
MEMBERSHIP = "administration/comptes/<int:pk>/rattachement/<int:membership>"
urlpatterns = [
    path("demande-acces/", asking.ask, name="ask"),
    path("demande-acces/envoyee/", asking.ask_sent, name="ask_sent"),
    path("demande-acces/structures.json", asking.organisations, name="organisations"),
    path("demande-acces/territoires.json", asking.territories, name="territories"),
    path("demande-acces/reponse/<str:secret>/", asking.answer, name="answer"),
    path("activation/nouveau/", asking.new_link, name="new_link"),
    path("activation/envoye/", asking.activation_sent, name="activation_sent"),
    path("activation/<str:secret>/", asking.activation, name="activation"),
    path("administration/demandes/", requests.listing, name="requests"),
    path("administration/demandes/<slug:public_id>/", requests.sheet, name="request"),
    path("administration/demandes/<slug:public_id>/accepter/", requests.approval, name="approve"),
    path("administration/demandes/<slug:public_id>/refuser/", requests.refusal, name="refuse"),
    path("administration/demandes/<slug:public_id>/question/", requests.question, name="question"),
    path("administration/comptes/", accounts.listing, name="accounts"),
    path("administration/comptes/inviter/", memberships.invite_one, name="invite"),
    path("administration/comptes/inviter/liste/", memberships.invite_list, name="invite_list"),
    path("administration/comptes/<int:pk>/", accounts.sheet, name="account"),
    path("administration/comptes/<int:pk>/renvoyer/", accounts.resend, name="resend"),
    path("administration/comptes/<int:pk>/fermer/", accounts.close, name="close"),
    path("administration/comptes/<int:pk>/rouvrir/", accounts.reopen, name="reopen"),
    path("administration/comptes/<int:pk>/rattachement/", memberships.membership_add, name="membership_add"),
    path(f"{MEMBERSHIP}/", memberships.membership_edit, name="membership"),
    path(f"{MEMBERSHIP}/terminer/", accounts.membership_end, name="membership_end"),
    path(f"{MEMBERSHIP}/droit/", memberships.grant_add, name="grant_add"),
    path(f"{MEMBERSHIP}/droit/<int:grant>/terminer/", accounts.grant_end, name="grant_end"),
]
