"""The dates of a dispositif that do not agree: told in whatever order they came, on the sheet and on the list."""

import datetime as dt
import random
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from jalons.actions.chronology import WORDINGS, ActionFact, known_discords
from jalons.actions.enums import Job, ParticipationRole
from jalons.actions.models import Action
from jalons.actions.selectors.rows import action_rows
from jalons.actions.services import (
    Part,
    Worker,
    change_parts,
    close_action,
    intervention_of,
    reopen_action,
    set_dates,
    set_sites,
    set_team,
)
from jalons.editing.refusals import Refused
from tests import factories
from tests.factories import BACKEND, Cast, organisation_of

pytestmark = pytest.mark.django_db
SOCLE = True
START, END = dt.date(2020, 1, 1), dt.date(2020, 6, 1)
LATE, EARLY = dt.date(2021, 9, 15), dt.date(2018, 9, 15)
Write = Callable[[Cast, Action, dt.date], Any]


def team(cast: Cast, action: Action, day: dt.date) -> None:
    reporter, by = organisation_of(cast.operator_a), factories.actor(cast.operator_a)
    set_team(action=action, reporter=reporter, on=day, team=[Worker(Job.choices[0][0], None, "")], by=by)


def newcomer(cast: Cast, action: Action, day: dt.date) -> None:
    part = Part(factories.make_organisation(), ParticipationRole.PARTNER)
    change_parts(action=action, begun=[(part, day)], by=factories.actor(cast.correspondent59))


def one_more_site(cast: Cast, action: Action, day: dt.date) -> None:
    set_sites(action=action, sites=[factories.make_site()], on=day, by=factories.actor(cast.correspondent59))


WRITES: dict[ActionFact, Write] = {
    ActionFact.FOLLOW_UP: lambda cast, action, day: factories.make_follow_up(
        action, day, by=cast.operator_a, personnes=3
    ),
    ActionFact.PART: newcomer,
    ActionFact.SITE: one_more_site,
    ActionFact.STAFF: team,
    ActionFact.FUNDING: lambda cast, action, day: factories.make_funding(action, day.year),
    ActionFact.DEADLINE: lambda cast, action, day: factories.make_deadline(action, day),
}


@pytest.fixture(autouse=True)
def socle(cast: Cast) -> None:
    factories.make_socle()


def make(cast: Cast) -> Action:
    return factories.make_action(starts_on=START, operators=[organisation_of(cast.operator_a)])


def close(cast: Cast, action: Action) -> None:
    close_action(action=action, by=factories.actor(cast.correspondent59), ended_on=END)


def test_every_kind_is_tried() -> None:
    assert set(WRITES) == set(ActionFact) == set(WORDINGS)


@pytest.mark.parametrize("kind", ActionFact)
def test_after_the_closing_in_both_orders(cast: Cast, kind: ActionFact) -> None:
    first, second = make(cast), make(cast)
    WRITES[kind](cast, first, LATE)
    assert known_discords(first, money=True) == []
    close(cast, first)
    close(cast, second)
    WRITES[kind](cast, second, LATE)
    told = known_discords(first, money=True)
    assert told == known_discords(second, money=True)
    (sentence,) = told
    assert "après la fermeture du dispositif (01/06/2020)" in sentence
    assert "2021" in sentence
    reopen_action(action=first, by=factories.actor(cast.correspondent59), reason="erreur")
    assert known_discords(first, money=True) == []


@pytest.mark.parametrize("kind", [kind for kind in ActionFact if kind != ActionFact.FOLLOW_UP])
def test_before_the_beginning(cast: Cast, kind: ActionFact) -> None:
    action = make(cast)
    WRITES[kind](cast, action, EARLY)
    (sentence,) = known_discords(action, money=True)
    assert "avant le début du dispositif (01/01/2020)" in sentence


def test_a_follow_up_before_the_beginning_is_refused_in_both_orders(cast: Cast) -> None:
    action, by = make(cast), factories.actor(cast.correspondent59)
    with pytest.raises(Refused, match="Le dispositif commence le 01/01/2020"):
        WRITES[ActionFact.FOLLOW_UP](cast, action, EARLY)
    WRITES[ActionFact.FOLLOW_UP](cast, action, dt.date(2020, 3, 31))
    with pytest.raises(Refused, match="Un point de suivi a été rempli dès le 31/03/2020"):
        set_dates(action=action, by=by, starts_on=dt.date(2022, 4, 1), planned_end=None)
    assert intervention_of(action).valid_on == START
    set_dates(action=action, by=by, starts_on=dt.date(2020, 3, 31), planned_end=None)
    assert intervention_of(action).valid_on == dt.date(2020, 3, 31)


@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_entry_ends_alike(cast: Cast, seed: int) -> None:
    entries: list[Callable[[Action], Any]] = [
        lambda action, write=write: write(cast, action, LATE)  # type: ignore[misc]
        for write in WRITES.values()
    ]
    entries.append(lambda action: close(cast, action))
    ends = []
    for order in (entries, random.Random(seed).sample(entries, len(entries))):
        action = make(cast)
        for enter_one in order:
            enter_one(action)
        ends.append(known_discords(action, money=True))
    assert ends[0] == ends[1]
    assert len(ends[0]) == len(ActionFact)


def test_a_year_of_funding_that_the_dispositif_touches_agrees(cast: Cast) -> None:
    action = make(cast)
    for year in (2019, 2020, 2021):
        factories.make_funding(action, year)
    close(cast, action)
    assert known_discords(action, money=True) == [
        "Le financement de 2021 porte après la fermeture du dispositif (01/06/2020).",
        "Le financement de 2019 porte avant le début du dispositif (01/01/2020).",
    ]
    assert known_discords(action, money=False) == []


def test_closing_says_it_and_the_sheet_and_the_list_keep_it(cast: Cast) -> None:
    action = make(cast)
    WRITES[ActionFact.FOLLOW_UP](cast, action, LATE)
    client = Client()
    client.force_login(cast.correspondent59, BACKEND)
    answer = client.post(
        reverse("actions:close", args=[action.public_id]),
        {"ended_on": "1/6/2020", "final_account": "Fini.", "submission_key": str(uuid.uuid4())},
    )
    assert answer.status_code == 302, answer.content.decode()
    sentence = "Le point de suivi du 15/09/2021 est daté après la fermeture du dispositif (01/06/2020)."
    assert f"{sentence} Vérifiez les deux dates." in [str(one) for one in get_messages(answer.wsgi_request)]
    assert sentence in client.get(reverse("actions:sheet", args=[action.public_id])).content.decode()
    (row,) = action_rows(cast.correspondent59, Action.objects.filter(pk=action.pk))
    assert list(row.discords) == [sentence]
