"""Filling in a follow-up: what the page proposes, what it records, what it asks to check, what it never loses."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jalons.actions.models import Action, FollowUp
from jalons.indicators.models import Indicator, Measurement
from tests.factories import (
    BACKEND,
    Cast,
    make_action,
    make_follow_up,
    make_socle,
    organisation_of,
)
from tests.forms import form_to

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY = dt.date(2020, 1, 31), dt.date(2020, 2, 29)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def page(action: Action, name: str = "fill", *more: Any) -> str:
    return reverse(f"indicators:{name}", args=[action.public_id, *more])


@pytest.fixture
def socle(cast: Cast) -> dict[str, Indicator]:
    return make_socle()


@pytest.fixture
def action(cast: Cast, socle: dict[str, Indicator]) -> Action:
    return make_action("MOUS de Lille", operators=[organisation_of(cast.operator_a)])


@pytest.fixture
def told(cast: Cast, action: Action) -> FollowUp:
    return make_follow_up(
        action, JANUARY, by=cast.operator_a, personnes=30, femmes=12, entrees=4, scolarisables=10, college=6
    )


def opened(client: Client, address: str) -> dict[str, Any]:
    """The form as the browser would send it."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return dict(form_to(answer, address.partition("?")[0]).values)


def boxes(socle: dict[str, Indicator], **figures: Any) -> dict[str, str]:
    return {f"v{socle[code.replace('_', '-')].pk}": str(figure) for code, figure in figures.items()}


def figures(action: Action, on: dt.date) -> dict[str, tuple[Any, bool]]:
    found = Measurement.objects.known().filter(series__action=action, valid_on=on)
    return {one.series.indicator.code: (one.number, one.unchanged) for one in found}


def test_it_opens(cast: Cast, action: Action, told: FollowUp, socle: dict[str, Indicator]) -> None:
    form = opened(client_of(cast.operator_a), page(action))
    assert form[f"v{socle['personnes'].pk}"] == ["30"]
    assert form[f"v{socle['entrees'].pk}"] == [""]
