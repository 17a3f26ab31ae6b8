"""« Tout reprendre » after a long silence: stocks are carried, movements are not made up."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from jalons.actions.deadlines import gap_after, months_later
from jalons.actions.enums import Rhythm
from jalons.actions.models import Action
from jalons.indicators.models import Indicator, Measurement
from jalons.thresholds.enums import DEFAULTS
from tests.factories import BACKEND, Cast, make_action, make_follow_up, make_socle, organisation_of
from tests.forms import form_to

pytestmark = pytest.mark.django_db
SOCLE = True
MARCH, APRIL, NOVEMBER = dt.date(2020, 3, 31), dt.date(2020, 4, 30), dt.date(2020, 11, 30)
WITHIN = dt.date(2020, 5, 15)  # a month after, and a fortnight


@pytest.fixture
def socle(cast: Cast) -> dict[str, Indicator]:
    return make_socle()


@pytest.fixture
def action(cast: Cast, socle: dict[str, Indicator]) -> Action:
    made = make_action("MOUS de Lille", operators=[organisation_of(cast.operator_a)], rhythm=Rhythm.MONTHLY)
    make_follow_up(made, MARCH, by=cast.operator_a, personnes=30, entrees=4, sorties_positives=2)
    return made


def client_of(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.operator_a, BACKEND)
    return client


def send(client: Client, action: Action, on: dt.date, **more: str) -> None:
    address = reverse("indicators:fill", args=[action.public_id])
    values: dict[str, Any] = dict(form_to(client.get(address), address).values)
    answer = client.post(address, {**values, "on": on.isoformat(), **more})
    assert answer.status_code == 302, answer.content.decode()


def told_on(action: Action, socle: dict[str, Indicator], on: dt.date) -> dict[str, Any]:
    """What was written of three indicators; absent: nothing."""
    rows = Measurement.objects.known().filter(series__action=action, valid_on=on)
    codes = {one.pk: code for code, one in socle.items()}
    told = {codes[row.series.indicator_id]: row.number for row in rows.select_related("series")}
    return {code: told[code] for code in ("personnes", "entrees", "sorties-positives") if code in told}


@pytest.mark.parametrize("ticked", ["same_all", "same_public"])
@pytest.mark.parametrize(
    ("on", "more", "movements"),
    [
        (APRIL, {}, {"entrees": 0, "sorties-positives": 0}),
        (WITHIN, {}, {"entrees": 0, "sorties-positives": 0}),
        (WITHIN + dt.timedelta(days=1), {}, {}),
        (NOVEMBER, {}, {}),
        (NOVEMBER, {"no_movement": "on"}, {"entrees": 0, "sorties-positives": 0}),
    ],
)
def test_all_taken_again(
    cast: Cast,
    action: Action,
    socle: dict[str, Indicator],
    ticked: str,
    on: dt.date,
    more: dict[str, str],
    movements: dict[str, int],
) -> None:
    send(client_of(cast), action, on, **{ticked: "on"}, **more)
    assert told_on(action, socle, on) == {"personnes": 30, **movements}


def test_what_was_typed_of_the_movements_is_written(
    cast: Cast, action: Action, socle: dict[str, Indicator]
) -> None:
    send(client_of(cast), action, NOVEMBER, same_all="on", **{f"v{socle['entrees'].pk}": "5"})
    assert told_on(action, socle, NOVEMBER) == {"personnes": 30, "entrees": 5}


@pytest.mark.parametrize(
    ("more", "movements"), [({}, {}), ({"no_movement": "on"}, {"entrees": 0, "sorties-positives": 0})]
)
def test_nothing_changed_from_the_reminder(
    cast: Cast, action: Action, socle: dict[str, Indicator], more: dict[str, str], movements: dict[str, int]
) -> None:
    """Today, years after the last point."""
    client, address = client_of(cast), reverse("indicators:unchanged", args=[action.public_id])
    answer = client.get(address)
    assert "Le dernier point date de plus longtemps que le rythme convenu" in answer.content.decode()
    client.post(address, {**form_to(answer, address).values, **more})
    on = Measurement.objects.known().filter(series__action=action).latest("valid_on").valid_on
    assert on > NOVEMBER
    assert told_on(action, socle, on) == {"personnes": 30, **movements}


def test_the_page_asks_after_a_gap_only(cast: Cast, action: Action) -> None:
    client, address = client_of(cast), reverse("indicators:fill", args=[action.public_id])
    assert "Aucun mouvement depuis le 31/03/2020" in client.get(address).content.decode()
    send(client, action, dt.date.today(), same_all="on")
    page = client.get(address).content.decode()
    assert "no_movement" not in page
    assert "les cases vides des entrées, sorties et démarches valent 0" in page


@given(st.dates(dt.date(2019, 1, 1), dt.date(2024, 12, 31)), st.sampled_from(Rhythm))
def test_a_report_at_the_rhythm_is_never_after_a_gap(last: dt.date, rhythm: Rhythm) -> None:
    """The gap begins a fortnight after the same day of the month that the rhythm asks."""
    months = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3, Rhythm.HALF_YEARLY: 6}[rhythm]
    limit = gap_after(rhythm, last, DEFAULTS) - DEFAULTS.follow_up_close
    assert limit == months_later(last, months)
    assert (limit.year * 12 + limit.month) - (last.year * 12 + last.month) == months
    assert limit.day == last.day or (limit + dt.timedelta(days=1)).day == 1
