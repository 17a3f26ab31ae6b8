"""Deadlines, closing with a final account, reopening; two people at once."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jalons.actions.models import Action, Deadline, FundingLine, Intervention
from jalons.actions.selectors.dues import dues_of
from jalons.actions.services import add_deadline, close_action, intervention_of, reopen_action, set_dates
from tests import factories as make

pytestmark = pytest.mark.django_db
SOCLE = True
TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)
START = TODAY - dt.timedelta(days=300)


@pytest.fixture
def action(cast: make.Cast) -> Action:
    make.make_socle()
    return make.make_action(
        "MOUS Lille",
        starts_on=START,
        by=make.actor(cast.correspondent59),
        operators=[make.organisation_of(cast.operator_a)],
    )


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, make.BACKEND)
    return client


def url(action: Action, path: str) -> str:
    return f"/dispositifs/{action.public_id}/{path}"


def closing(action: Action, **typed: Any) -> dict[str, Any]:
    return {
        "submission_key": uuid.uuid4(),
        "seen": intervention_of(action).pk,
        "ended_on": f"{TODAY:%d/%m/%Y}",
        "final_account": "Douze ménages relogés.",
        **typed,
    }


def plain(answer: Any) -> str:
    return answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


# --- closing ---------------------------------------------------------------------------------------------------


def test_closing_with_its_account(cast: make.Cast, action: Action) -> None:
    client = signed_in(cast.correspondent59)
    answer = client.post(url(action, "fermer/"), closing(action))
    assert answer.status_code == 302
    run = intervention_of(action)
    assert (run.ended_on, run.final_account) == (TODAY, "Douze ménages relogés.")
    assert dues_of([action]) == {}
    assert "déjà fermé" in plain(client.get(url(action, "fermer/"), follow=True))


def test_what_is_missing_is_recalled_and_blocks_nothing(cast: make.Cast, action: Action) -> None:
    make.make_funding(action, TODAY.year - 1)
    client = signed_in(cast.correspondent59)
    text = plain(client.get(url(action, "fermer/")))
    assert "le suivi à remplir par Les amis de Lille : aucun point n’a été rempli" in text
    assert f"les dépenses exécutées de {TODAY.year - 1}" in text
    assert client.post(url(action, "fermer/"), closing(action, final_account="")).status_code == 302


def test_the_spending_is_not_recalled_to_who_may_not_read_it(cast: make.Cast, action: Action) -> None:
    """A pilot from a mairie, whose grant to read funding was taken away."""
    pilot = make.make_user("institution", make.LILLE, refused=["read_funding"])
    mine = make.make_action("Le nôtre", starts_on=START, pilots=[make.organisation_of(pilot)])
    make.make_funding(mine, TODAY.year - 1)
    assert FundingLine.objects.known().filter(action=mine).exists()
    text = plain(signed_in(pilot).get(url(mine, "fermer/")))
    assert "Fermer le dispositif" in text
    assert "dépenses" not in text


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (START - DAY, "précède le début"),
        (TODAY + 2 * DAY, "est dans le futur"),
    ],
)
def test_an_impossible_day_is_explained(cast: make.Cast, action: Action, day: dt.date, why: str) -> None:
    answer = signed_in(cast.correspondent59).post(
        url(action, "fermer/"), closing(action, ended_on=f"{day:%d/%m/%Y}")
    )
    assert answer.status_code == 200
    assert why in plain(answer)
    assert "Douze ménages relogés." in plain(answer), "rien de ce qui est écrit n’est perdu"
    assert intervention_of(action).ended_on is None


def test_two_people_close_at_once(cast: make.Cast, action: Action) -> None:
    typed = closing(action)
    other = make.departement_author("59")
    close_action(action=action, by=other, ended_on=TODAY - DAY, final_account="Le sien.")
    answer = signed_in(cast.correspondent59).post(url(action, "fermer/"), typed)
    assert answer.status_code == 409
    assert "a été fermé pendant que vous écriviez" in plain(answer)
    assert "Douze ménages relogés." in plain(answer)
    assert intervention_of(action).final_account == "Le sien."


def test_dates_changed_meanwhile_are_shown_before_closing_again(cast: make.Cast, action: Action) -> None:
    typed = closing(action)
    set_dates(action=action, by=make.departement_author("59"), starts_on=START + DAY, planned_end=None)
    client = signed_in(cast.correspondent59)
    answer = client.post(url(action, "fermer/"), typed)
    assert answer.status_code == 409
    assert "dates du dispositif ont changé" in plain(answer)
    assert client.post(url(action, "fermer/"), closing(action)).status_code == 302


def test_sent_twice_is_closed_once(cast: make.Cast, action: Action) -> None:
    client, typed = signed_in(cast.correspondent59), closing(action)
    for _ in range(2):
        assert client.post(url(action, "fermer/"), typed).status_code == 302
    assert Intervention.objects.filter(action=action).count() == 2


def test_an_operator_does_not_close(cast: make.Cast, action: Action) -> None:
    client = signed_in(cast.operator_a)
    for path in ("fermer/", "rouvrir/", "echeances/nouvelle/"):
        assert client.get(url(action, path)).status_code == 403
    assert client.post(url(action, "fermer/"), closing(action)).status_code == 403
    assert intervention_of(action).ended_on is None


# --- reopening -------------------------------------------------------------------------------------------------


def test_reopening_with_a_reason_keeps_the_account_in_history(cast: make.Cast, action: Action) -> None:
    writer = make.actor(cast.correspondent59)
    close_action(action=action, by=writer, ended_on=TODAY, final_account="Douze ménages relogés.")
    client = signed_in(cast.correspondent59)
    typed = {"submission_key": uuid.uuid4(), "seen": intervention_of(action).pk, "reason": ""}
    assert "obligatoire" in plain(client.post(url(action, "rouvrir/"), typed))
    typed |= {"reason": "prolongé d’un an"}
    assert client.post(url(action, "rouvrir/"), typed).status_code == 302
    assert intervention_of(action).ended_on is None
    text = plain(client.get(url(action, "historique/")))
    assert "a rouvert le dispositif" in text
    assert "prolongé d’un an" in text
    assert "Douze ménages relogés." in text


def test_reopened_meanwhile(cast: make.Cast, action: Action) -> None:
    writer = make.actor(cast.correspondent59)
    close_action(action=action, by=writer, ended_on=TODAY)
    typed = {"submission_key": uuid.uuid4(), "seen": intervention_of(action).pk, "reason": "moi"}
    reopen_action(action=action, by=make.departement_author("59"), reason="l’autre")
    answer = signed_in(cast.correspondent59).post(url(action, "rouvrir/"), typed)
    assert answer.status_code == 409
    assert "a été rouvert pendant que vous écriviez" in plain(answer)


def test_an_open_one_is_not_reopened(cast: make.Cast, action: Action) -> None:
    answer = signed_in(cast.correspondent59).get(url(action, "rouvrir/"), follow=True)
    assert "déjà ouvert" in plain(answer)


# --- deadlines -------------------------------------------------------------------------------------------------


def test_a_chosen_date_is_asked_then_removed(cast: make.Cast, action: Action) -> None:
    client = signed_in(cast.correspondent59)
    day = TODAY + 20 * DAY
    typed = {"submission_key": uuid.uuid4(), "due_on": f"{day:%d/%m/%Y}", "label": "Comité de pilotage"}
    assert client.post(url(action, "echeances/nouvelle/"), typed).status_code == 302
    deadline = Deadline.objects.get(action=action)
    text = plain(client.get(url(action, "administration/")))
    assert "Comité de pilotage" in text
    remove = url(action, f"echeances/{deadline.pk}/retirer/")
    assert remove in text
    assert client.get(remove).status_code == 405
    assert client.post(remove, follow=True).status_code == 200
    assert not Deadline.objects.exists()
    assert "déjà retirée" in plain(client.post(remove, follow=True))
    assert "a supprimé l’échéance" in plain(client.get(url(action, "historique/")))


def test_a_past_date_is_refused(cast: make.Cast, action: Action) -> None:
    typed = {"submission_key": uuid.uuid4(), "due_on": f"{TODAY - DAY:%d/%m/%Y}", "label": ""}
    answer = signed_in(cast.correspondent59).post(url(action, "echeances/nouvelle/"), typed)
    assert "est avant le" in plain(answer)
    assert not Deadline.objects.exists()


def test_the_dates_of_all_are_not_removed_from_one(cast: make.Cast, action: Action) -> None:
    """They are shown, and belong to nobody here."""
    national = add_deadline(action=None, due_on=TODAY + 15 * DAY, by=make.departement_author("59"))
    other = make.make_deadline(make.make_action("Autre"), TODAY + 15 * DAY)
    client = signed_in(cast.correspondent59)
    assert "demandée à tous les dispositifs" in plain(client.get(url(action, "administration/")))
    for deadline in (national, other):
        client.post(url(action, f"echeances/{deadline.pk}/retirer/"))
    assert Deadline.objects.count() == 2
