from django.urls import path

from jalons.proposals.views import answering, asking, listing

app_name = "proposals"
urlpatterns = [
    path("", listing.proposal_list, name="list"),
    path("site/<slug:public_id>/", asking.ask, name="ask"),
    path("<slug:public_id>/", answering.sheet, name="sheet"),
    path("<slug:public_id>/declarer/", answering.declare, name="declare"),
    path("<slug:public_id>/accepter/", answering.agreement, name="agree"),
    path("<slug:public_id>/refuser/", answering.refusal, name="refuse"),
    path("<slug:public_id>/retirer/", answering.withdrawal, name="withdraw"),
]
