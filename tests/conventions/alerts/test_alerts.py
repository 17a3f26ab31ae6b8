"""Alerts: kept as the rules find them, shown to who may see the sheet, acknowledged by who fills it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jalons.accounts.enums import OrganisationCategory, OrganisationKind, Role
from jalons.conventions.alerts.after_write import touched
from jalons.conventions.alerts.engine import concerned
from jalons.conventions.alerts.services import acknowledge, blocking, take_back
from jalons.conventions.enums import AlertLevel, AlertScope, ConventionRole
from jalons.conventions.importing.storing import transcriber
from jalons.conventions.models import (
    Acknowledgement,
    Alert,
    BudgetAmount,
    Cell,
    Commitment,
    Convention,
    Deliberation,
    Seat,
    SubBudget,
)
from jalons.history.services import Stale, correct, save_record
from tests import factories
from tests.conventions.alerts.checking import check_now
from tests.conventions.samples import make_convention, sample, two_departements
from tests.factories import BACKEND, Cast
from tests.worlds import stored

pytestmark = pytest.mark.django_db


def new_convention(cast: Cast) -> Convention:
    """Of the Nord; a total of its second sheet is wrong by 10 000 €."""
    told = sample()
    told["fiches"][1]["budget"][0]["total"]["amount"] = 60_000
    return make_convention(told)


stored_convention, convention = stored(new_convention)


def kept(convention: Convention) -> list[tuple[Any, ...]]:
    names = (
        "rule",
        "commitment__key",
        "where",
        "expected",
        "found",
        "gap",
        "level",
        "message",
        "fingerprint",
    )
    return sorted(Alert.objects.filter(convention=convention).values_list(*names), key=str)


def the_error(convention: Convention) -> Alert:
    return Alert.objects.get(convention=convention, rule="budget_total")


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def page(name: str, convention: Convention, *args: str) -> str:
    return reverse(f"conventions:{name}", args=[convention.slug, *args])


# What is kept --------------------------------------------------------------------------------------------------


def amount(part: str, figure: int, key: str = "exemple-2022-f01") -> None:
    fact = BudgetAmount.objects.known().filter(line__commitment__key=key, part=part).first()
    correct(fact=fact, by=transcriber(), reason="Erreur", amount=figure)


def cell(row: str, column: str, figure: int | None, kind: str = "number") -> None:
    fact = Cell.objects.known().get(row__key=row, column__key=column)
    correct(fact=fact, by=transcriber(), reason="Erreur", number=figure, kind=kind, raw=str(figure or ""))


def sheet(key: str) -> Commitment:
    return Commitment.objects.get(key=key)


def rename(key: str) -> None:
    one = sheet(key)
    one.title = "Tout autre chose (et"
    save_record(record=one, by=transcriber())


def restart(key: str) -> None:
    one = sheet(key)
    one.months, one.start_on = 1, one.start_on.replace(year=2020)  # type: ignore[union-attr]
    save_record(record=one, by=transcriber())


def no_more_sub_actions(key: str) -> None:
    sheet(key).sub_actions.all().delete()


def other_vote(_: str) -> None:
    Deliberation.objects.update(vote={"present": 10, "proxies": 0, "voted": 59, "did_not_vote": 0})


FIRST, SECOND, THEME = "exemple-2022-f01", "exemple-2022-f02-03", "exemple-2022-f02-03-t1"
CHANGES: dict[str, tuple[Callable[[str], Any], str, list[AlertScope]]] = {
    "a part": (lambda key: amount("part_etat", 100_001, key), FIRST, [AlertScope.MONEY]),
    "the money of a theme": (lambda key: amount("total", 1, key), THEME, [AlertScope.MONEY]),
    "a sub-budget": (
        lambda key: SubBudget.objects.filter(commitment__key=key).update(amount=1),
        SECOND,
        [AlertScope.MONEY],
    ),
    "an objective": (
        lambda key: cell(f"{key}-i01", "objectif_2022", None, "empty"),
        FIRST,
        [AlertScope.INDICATORS],
    ),
    "an account": (lambda key: cell(f"{key}-i01", "bilan_2021", 40_000), FIRST, [AlertScope.INDICATORS]),
    "a title": (rename, FIRST, [AlertScope.STRUCTURE]),
    "the title of a theme": (rename, THEME, [AlertScope.STRUCTURE]),
    "dates": (restart, FIRST, [AlertScope.DATES]),
    "sub-actions": (no_more_sub_actions, FIRST, [AlertScope.STRUCTURE]),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_partial_run_keeps_what_a_full_run_would(name: str, convention: Convention) -> None:
    change, key, scopes = CHANGES[name]
    before = kept(convention)
    change(key)
    touched(convention=convention, sheets=[sheet(key)], scopes=scopes)
    partial = kept(convention)
    assert partial != before
    check_now(convention)
    assert partial == kept(convention)


def test_a_changed_vote_runs_the_rules_of_votes(convention: Convention) -> None:
    other_vote("")
    touched(convention=convention, scopes=[AlertScope.DELIBERATION])
    partial = kept(convention)
    assert any(rule == "vote_arithmetic" for rule, *_ in partial)
    check_now(convention)
    assert partial == kept(convention)


def test_running_again_changes_nothing(convention: Convention) -> None:
    before = kept(convention)
    touched(convention=convention, sheets=[sheet(FIRST)])
    touched(convention=convention, scopes=[AlertScope.MONEY])
    assert kept(convention) == before


def test_a_subject_concerns_itself_at_least() -> None:
    for scope in AlertScope:
        assert scope in concerned([scope])


# Answers -------------------------------------------------------------------------------------------------------


def test_an_error_stops_a_transmission_until_somebody_answers(convention: Convention, cast: Cast) -> None:
    alert, by = the_error(convention), factories.actor(cast.council)
    assert alert in blocking(convention)
    answer = acknowledge(alert=alert, reason="Arrondi convenu.", by=by)
    assert alert not in blocking(convention)
    take_back(acknowledgement=answer, by=by, reason="Finalement non.")
    assert alert in blocking(convention)


def test_an_answer_holds_as_long_as_the_alert_says_the_same(convention: Convention, cast: Cast) -> None:
    acknowledge(alert=the_error(convention), reason="Convenu.", by=factories.actor(cast.council))
    check_now(convention)
    assert the_error(convention) not in blocking(convention)
    amount("total", 61_000, SECOND)
    check_now(convention)
    assert the_error(convention) in blocking(convention)


def test_two_people_answer_at_once(convention: Convention, cast: Cast) -> None:
    alert, by = the_error(convention), factories.actor(cast.council)
    acknowledge(alert=alert, reason="Le premier.", by=by, expected_version=0)
    with pytest.raises(Stale):
        acknowledge(alert=alert, reason="Le second.", by=by, expected_version=0)
    assert Acknowledgement.objects.get().reason == "Le premier."


# The screens ---------------------------------------------------------------------------------------------------


def test_list_by_sheet_with_figures_and_what_to_do(convention: Convention, cast: Cast) -> None:
    html = client_of(cast.council).get(f"{page('alerts', convention)}?par=fiche").content.decode()
    assert "n’empêche jamais de saisir" in html
    assert f"Fiches 2 et 3 – {convention.quiet('PREVENIR LES SORTIES SECHES')}" in html
    assert page("sheet", convention, sheet(SECOND).public_id) in html
    assert page("acknowledge", convention, the_error(convention).fingerprint) in html
    assert "50\u202f000\u00a0€" in html
    assert "60\u202f000\u00a0€" in html
    assert "\u221210\u202f000\u00a0€" in html


@pytest.mark.parametrize(
    ("query", "there", "absent"),
    [
        ("niveau=error", "Le total imprimé", "Cette colonne"),
        ("niveau=info", "intitulé", "Le total imprimé"),
        ("domaine=money", "Le total imprimé", "antérieure au début"),
        ("fiche=convention", "Clause", "Le total imprimé"),
        ("par=domaine", '<h2 id="groupe-1">Argent', "Aucune alerte"),
        ("etat=acquittees", "Aucune alerte ne répond", "Le total imprimé"),
        ("niveau=rien&domaine=rien&page=99", "Le total imprimé", "Aucune alerte"),
    ],
)
def test_filters(query: str, there: str, absent: str, convention: Convention, cast: Cast) -> None:
    html = client_of(cast.council).get(f"{page('alerts', convention)}?{query}").content.decode()
    assert there in html
    assert absent not in html


def test_filter_by_sheet(convention: Convention, cast: Cast) -> None:
    client = client_of(cast.council)
    html = client.get(f"{page('alerts', convention)}?fiche={sheet(FIRST).public_id}").content.decode()
    assert "Le total imprimé" not in html
    assert "antérieure au début" in html


def test_nothing_to_say(convention: Convention, cast: Cast) -> None:
    Alert.objects.all().delete()
    html = client_of(cast.council).get(page("alerts", convention)).content.decode()
    assert "Rien à signaler" in html


def test_acknowledge_then_take_back(convention: Convention, cast: Cast) -> None:
    client, mark = client_of(cast.council), the_error(convention).fingerprint
    form = client.get(page("acknowledge", convention, mark)).context["form"]
    sent = {"seen": "0", "submission_key": form["submission_key"].value()}
    empty = client.post(page("acknowledge", convention, mark), {**sent, "why": " "})
    assert empty.status_code == 200
    assert not Acknowledgement.objects.exists()
    answer = client.post(
        page("acknowledge", convention, mark), {**sent, "why": "Décidé en comité."}, follow=True
    )
    assert "L’alerte est acquittée" in answer.content.decode()
    shown = client.get(f"{page('alerts', convention)}?etat=acquittees").content.decode()
    assert "Décidé en comité." in shown
    assert "Dany Conseil (Conseil départemental du Nord)" in shown
    assert the_error(convention) not in blocking(convention)

    back = page("reopen_alert", convention, mark)
    form = client.get(back).context["form"]
    seen = {"seen": form["seen"].value(), "submission_key": form["submission_key"].value()}
    client.post(back, {**seen, "reason": "Le comité a changé d’avis."})
    assert the_error(convention) in blocking(convention)
    assert Acknowledgement.objects.get().history.count() == 2


def test_somebody_answers_meanwhile(convention: Convention, cast: Cast) -> None:
    client, alert = client_of(cast.council), the_error(convention)
    url = page("acknowledge", convention, alert.fingerprint)
    key = client.get(url).context["form"]["submission_key"].value()
    acknowledge(alert=alert, reason="Vu avec la DDETS.", by=factories.actor(cast.council))
    answer = client.post(url, {"seen": "0", "submission_key": key, "why": "Ma raison."})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Vu avec la DDETS." in html
    assert "Ma raison." in html  # nothing typed is lost
    form = answer.context["form"]
    client.post(
        url,
        {"seen": form["seen"].value(), "submission_key": form["submission_key"].value(), "why": "Ma raison."},
    )
    assert Acknowledgement.objects.get().reason == "Ma raison."


def test_an_alert_that_is_gone_says_so(convention: Convention, cast: Cast) -> None:
    client = client_of(cast.council)
    answer = client.get(page("acknowledge", convention, "0" * 64), follow=True)
    assert "Cette alerte n’existe plus" in answer.content.decode()
    assert client.get(page("acknowledge", convention, "autre")).status_code == 404


def test_checking_again_on_demand(convention: Convention, cast: Cast) -> None:
    Alert.objects.all().delete()
    client_of(cast.council).post(page("recheck", convention))
    assert Alert.objects.filter(convention=convention, level=AlertLevel.ERROR).exists()


def referent_of(key: str, convention: Convention, by: Any) -> Any:
    place = factories.make_organisation(
        "Service insertion", "59", kind=OrganisationKind.DEPARTEMENT, category=OrganisationCategory.LOCAL
    )
    seat = Seat(
        convention=convention,
        organisation=place,
        role=ConventionRole.FICHE_REFERENT,
        commitment=sheet(key),
    )
    save_record(record=seat, by=by)
    return factories.make_user(Role.INSTITUTION, "59", organisation=place)


def test_who_fills_one_sheet_answers_for_it_alone(convention: Convention, cast: Cast) -> None:
    user = referent_of(SECOND, convention, factories.actor(cast.council))
    client = client_of(user)
    assert client.get(page("acknowledge", convention, the_error(convention).fingerprint)).status_code == 200
    other = Alert.objects.filter(convention=convention, commitment=None).first()
    assert other is not None
    assert client.get(page("acknowledge", convention, other.fingerprint)).status_code == 403
    html = client.get(page("alerts", convention)).content.decode()
    assert page("acknowledge", convention, other.fingerprint) not in html


def test_a_departement_does_not_see_the_alerts_of_the_other(cast: Cast) -> None:
    told = two_departements()
    for each in told["fiches"]:
        each["budget"][0]["total"]["amount"] = 1
    convention = make_convention(told)
    south = factories.make_organisation(
        "Conseil départemental du Pas-de-Calais",
        "62",
        kind=OrganisationKind.DEPARTEMENT,
        category=OrganisationCategory.LOCAL,
    )
    seat = Seat(convention=convention, organisation=south, role=ConventionRole.PILOT)
    seat.party = convention.parties.get(departement="62")
    save_record(record=seat, by=factories.actor(cast.council))
    user = factories.make_user(Role.INSTITUTION, "62", organisation=south)
    mine, other = sheet("partage-2022-f02-03"), sheet("partage-2022-f01")
    assert mine.party != other.party
    client = client_of(user)
    html = client.get(page("alerts", convention)).content.decode()
    assert mine.public_id in html
    assert other.public_id not in html
    assert "maraudes" not in html.lower()
    hidden = Alert.objects.filter(commitment=other).first()
    assert hidden is not None
    answer = client.get(page("acknowledge", convention, hidden.fingerprint), follow=True)
    assert "Cette alerte n’existe plus" in answer.content.decode()


def test_as_many_queries_whatever_the_number_of_alerts(convention: Convention, cast: Cast) -> None:
    client = client_of(cast.council)
    client.get(page("alerts", convention))
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(page("alerts", convention))
        counts.append(len(queries))
        for alert in Alert.objects.filter(convention=convention):
            alert.pk, alert.fingerprint = None, alert.fingerprint[::-1]
            alert.save()
    assert counts[0] == counts[1]


# The command ---------------------------------------------------------------------------------------------------


def test_command(convention: Convention, capsys: Any) -> None:
    call_command("check_convention", convention.slug, "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["sheets"] == 3
    [error] = [each for each in told["alerts"] if each["level"] == "error" and each["rule"] == "budget_total"]
    assert error["gap"] == -10_000
    assert set(error) == {"rule", "level", "where", "expected", "found", "gap", "message"}
    assert len(told["alerts"]) == Alert.objects.filter(convention=convention).count()
    call_command("check_convention", convention.slug)
    assert "[Erreur] Fiches 2 et 3, budget" in capsys.readouterr().out
    with pytest.raises(CommandError, match="Aucune convention"):
        call_command("check_convention", "inconnue")
