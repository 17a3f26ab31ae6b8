"""« Qui a fait quoi » on a dispositif: everything, before → after, and nothing that one may not read."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jalons.actions.enums import ParticipationRole
from jalons.actions.models import Action, Participation
from jalons.actions.services import Money, Part, set_money, set_parts, set_sites, update_action
from jalons.actions.sheet.history import action_story
from jalons.core.ui import Entry
from jalons.core.values import Value
from jalons.history.querysets import NOW, AsOf
from jalons.indicators.models import Indicator
from jalons.indicators.selectors.asked import asked_indicators
from jalons.indicators.services import FollowUpContent, correct_follow_up, set_objective, withdraw_follow_up
from tests import factories as make
from tests.worlds import stored

pytestmark = pytest.mark.django_db
SOCLE = True
TODAY = timezone.localdate()
START = dt.date(2020, 1, 1)
MARCH = dt.date(2020, 3, 31)


def new_action(cast: make.Cast) -> Action:
    make.make_socle()
    return make.make_action(
        "MOUS Lille",
        starts_on=START,
        by=make.actor(cast.correspondent59),
        operators=[make.organisation_of(cast.operator_a)],
    )


stored_action, action = stored(new_action)


def story(user: Any, action: Action, at: AsOf = NOW) -> list[Entry]:
    return action_story(user, action, at)


def said(entries: list[Entry]) -> list[str]:
    return [entry.what.replace("\u00a0", " ") for entry in entries]


def one(entries: list[Entry], words: str) -> Entry:
    found = [entry for entry in entries if words in entry.what.replace("\u00a0", " ")]
    assert len(found) == 1, said(entries)
    return found[0]


def changes(entry: Entry) -> dict[str, tuple[str, str]]:
    return {change.label: (change.before, change.after) for change in entry.changes}


def test_a_record_is_told_field_by_field(cast: make.Cast, action: Action) -> None:
    writer = make.actor(cast.correspondent59)
    update_action(
        action=action, by=writer, expected_version=action.version, name="MOUS de Lille", reason="usage"
    )
    entry = one(story(cast.observer, action), "a modifié la fiche du dispositif")
    assert changes(entry)["Nom du dispositif"] == ("MOUS Lille", "MOUS de Lille")
    assert (entry.reason, entry.organisation) == ("usage", "DDETS du Nord")


def test_who_takes_part_and_where(cast: make.Cast, action: Action) -> None:
    writer = make.actor(cast.correspondent59)
    set_sites(action=action, sites=[make.make_site("Rue du Moulin")], on=START, by=writer)
    set_parts(action=action, parts=[Part(writer.organisation, ParticipationRole.PILOT)], on=MARCH, by=writer)
    found = story(cast.observer, action)
    assert one(found, "a ajouté le site « Rue du Moulin », couvert depuis le 1er janvier 2020")
    ended = one(found, "a mis fin à la participation de Les amis de Lille comme opérateur")
    assert changes(ended)["Jusqu’au"] == ("", "31/03/2020")
    assert Participation.objects.known().get(ended_on=MARCH)


def test_money_is_told_to_who_may_read_it_and_not_read_for_others(cast: make.Cast, action: Action) -> None:
    line = make.make_funding(action, 2020, 4000)
    money = Money(year=2020, kind=line.kind, amounts={"planned": Value.amount(5000)}, line=line)
    set_money(action=action, lines=[money], by=make.departement_author("59"), on=START)
    entry = one(story(cast.correspondent59, action), "a corrigé le financement 2020")
    assert [change.after.replace("\u202f", " ") for change in entry.changes] == ["5 000"]
    with CaptureQueriesContext(connection) as seen:
        others = story(cast.operator_a, action)
    assert not [what for what in said(others) if "financement" in what]
    assert "fundingline" not in " ".join(query["sql"] for query in seen.captured_queries)


# --- the follow-up ---------------------------------------------------------------------------------------------


def indicators_of(action: Action) -> dict[str, Indicator]:
    return {one.code: one for block in asked_indicators(action) for one in block.entered}


def corrected(action: Action, cast: make.Cast, figures: dict[str, int], reason: str = "recompté") -> None:
    known = indicators_of(action)
    told = FollowUpContent(
        on=MARCH, values={known[code].pk: Value.of(number) for code, number in figures.items()}
    )
    correct_follow_up(
        follow_up=action.follow_ups.known().get(),
        content=told,
        indicators={one.pk: one for one in known.values()},
        by=make.actor(cast.operator_a),
        reason=reason,
    )


def test_what_was_corrected_in_a_report_is_told_with_its_reason(cast: make.Cast, action: Action) -> None:
    make.make_follow_up(action, MARCH, by=cast.operator_a, personnes=30, femmes=12)
    assert not one(story(cast.observer, action), "a rempli le suivi au 31 mars 2020").changes
    corrected(action, cast, {"personnes": 33, "mineurs": 15})
    entry = one(story(cast.observer, action), "a corrigé le suivi au 31 mars 2020")
    assert changes(entry) == {
        "Personnes": ("30", "33"),
        "dont femmes": ("12", ""),
        "dont mineurs": ("", "15"),
    }
    assert entry.reason == "recompté"


def test_each_correction_bears_its_own_changes(cast: make.Cast, action: Action) -> None:
    make.make_follow_up(action, MARCH, by=cast.operator_a, personnes=30)
    corrected(action, cast, {"personnes": 31}, "un")
    corrected(action, cast, {"personnes": 32}, "deux")
    found = {entry.reason: changes(entry) for entry in story(cast.observer, action) if entry.changes}
    assert found == {"un": {"Personnes": ("30", "31")}, "deux": {"Personnes": ("31", "32")}}


def test_a_report_withdrawn(cast: make.Cast, action: Action) -> None:
    follow_up = make.make_follow_up(action, MARCH, by=cast.operator_a, personnes=30)
    withdraw_follow_up(follow_up=follow_up, by=make.actor(cast.operator_a), reason="autre dispositif")
    entry = one(story(cast.observer, action), "a retiré le suivi au 31 mars 2020")
    assert changes(entry) == {"Personnes": ("30", "")}


def test_reported_by_another_names_whose(cast: make.Cast, action: Action) -> None:
    reporter = make.organisation_of(cast.operator_a)
    make.make_follow_up(action, MARCH, by=cast.correspondent59, reporter=reporter, personnes=3)
    assert one(story(cast.observer, action), "a rempli le suivi pour Les amis de Lille au 31 mars 2020")


def test_objectives_and_own_indicators(cast: make.Cast, action: Action) -> None:
    writer = make.actor(cast.correspondent59)
    make.make_indicator(action, "Ateliers cuisine")
    for number in (20, 25):
        one_of = indicators_of(action)["personnes"]
        set_objective(action=action, indicator=one_of, on=MARCH, value=Value.of(number), by=writer)
    found = story(cast.observer, action)
    assert one(found, "a créé l’indicateur « Ateliers cuisine »")
    assert changes(one(found, "a fixé l’objectif « Personnes » au 31/03/2020")) == {"Objectif": ("", "20")}
    assert changes(one(found, "a corrigé l’objectif « Personnes »")) == {"Objectif": ("20", "25")}


# --- the page --------------------------------------------------------------------------------------------------


def test_pages_and_the_past(cast: make.Cast, action: Action) -> None:
    for number in range(60):
        make.make_contact(action, f"Contact {number}")
    client = Client()
    client.force_login(cast.observer, make.BACKEND)
    url = f"/dispositifs/{action.public_id}/historique/"
    first, second = (client.get(url, {"page": number}).content.decode() for number in (1, 2))
    assert "Contact 59" in first
    assert "a déclaré le dispositif" not in first
    assert "a déclaré le dispositif" in second
    assert story(cast.observer, action, AsOf(known=TODAY - dt.timedelta(days=1))) == []
    assert client.get(f"{url}?connu-le={TODAY - dt.timedelta(days=1)}").status_code == 200
