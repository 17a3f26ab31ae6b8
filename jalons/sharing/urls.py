from django.urls import path

from jalons.sharing.views import offers, practices, steps

app_name = "sharing"
PAGE = "bonnes-pratiques/<slug:public_id>/"
urlpatterns = [
    path("dispositifs/annuaire/", offers.directory, name="directory"),
    path("dispositifs/annuaire/montrer/<slug:public_id>/", offers.offer, name="offer"),
    path("dispositifs/annuaire/<slug:public_id>/", offers.offered, name="offered"),
    path(
        "dispositifs/annuaire/<slug:public_id>/documents/<slug:document>/",
        offers.download,
        name="offered_document",
    ),
    path("bonnes-pratiques/", practices.practices, name="practices"),
    path("bonnes-pratiques/nouvelle/", practices.add, name="practice_add"),
    path(PAGE, practices.practice, name="practice"),
    path(f"{PAGE}modifier/", practices.edit, name="practice_edit"),
    path(f"{PAGE}editions/", practices.editions, name="practice_editions"),
    path(f"{PAGE}proposer/", steps.ask, name="practice_ask"),
    path(f"{PAGE}publier/", steps.publication, name="practice_publish"),
    path(f"{PAGE}rendre/", steps.giving_back, name="practice_give_back"),
    path(f"{PAGE}relue/", steps.reading_again, name="practice_read_again"),
    path(f"{PAGE}retirer/", steps.withdrawal, name="practice_withdraw"),
]
