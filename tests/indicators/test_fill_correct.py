"""A past report said better, or taken back: by whom, with what trace, against whom."""

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
    make_indicator,
    make_socle,
    organisation_of,
)
from tests.forms import form_to

pytestmark = pytest.mark.django_db
SOCLE = True
JANUARY = dt.date(2020, 1, 31)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


@pytest.fixture
def socle(cast: Cast) -> dict[str, Indicator]:
    return make_socle()


@pytest.fixture
def action(cast: Cast, socle: dict[str, Indicator]) -> Action:
    both = [organisation_of(cast.operator_a), organisation_of(cast.operator_b)]
    return make_action("MOUS de Lille", operators=both)


@pytest.fixture
def report(cast: Cast, action: Action) -> FollowUp:
    return make_follow_up(action, JANUARY, by=cast.operator_a, personnes=30, femmes=12, entrees=4)


def page(report: FollowUp, name: str = "correct") -> str:
    return reverse(f"indicators:{name}", args=[report.action.public_id, report.lineage])


def opened(client: Client, address: str) -> dict[str, Any]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return dict(form_to(answer, address).values)


def numbers(action: Action) -> dict[str, Any]:
    found = Measurement.objects.known().filter(series__action=action)
    return {one.series.indicator.code: one.number for one in found}


def test_the_old_figure_stays_readable(cast: Cast, report: FollowUp, socle: dict[str, Indicator]) -> None:
    client = client_of(cast.operator_a)
    form = opened(client, page(report))
    assert form["on"] == ["31/01/2020"]
    assert form[f"v{socle['entrees'].pk}"] == ["4"]
    change = {f"v{socle['personnes'].pk}": "32", f"v{socle['femmes'].pk}": ""}
    assert "obligatoire" in client.post(page(report), form | change).content.decode()
    assert client.post(page(report), form | change | {"reason": "une famille oubliée"}).status_code == 302
    assert numbers(report.action) == {"personnes": 32, "entrees": 4}
    text = client.get(page(report)).content.decode()
    assert "une famille oubliée" in text
    assert "avant : </span>30</del>" in text.replace("\u00a0", " ")
    assert "avant : </span>12</del>" in text.replace("\u00a0", " ")


def test_the_date_may_be_wrong_too(cast: Cast, report: FollowUp) -> None:
    client = client_of(cast.operator_a)
    form = opened(client, page(report)) | {"on": "30/1/2020", "reason": "date de la visite"}
    assert client.post(page(report), form).status_code == 302
    days = Measurement.objects.known().values_list("valid_on", flat=True).distinct()
    assert list(days) == [dt.date(2020, 1, 30)]


def test_of_two_corrections_the_second_sees_the_first(
    cast: Cast, report: FollowUp, socle: dict[str, Indicator]
) -> None:
    first, second = client_of(cast.operator_a), client_of(cast.correspondent59)
    people, women = f"v{socle['personnes'].pk}", f"v{socle['femmes'].pk}"
    late = opened(second, page(report)) | {people: "40", "reason": "vu sur place"}
    first.post(page(report), opened(first, page(report)) | {people: "32", women: "13", "reason": "compté"})
    answer = second.post(page(report), late)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Quelqu’un d’autre a enregistré" in text
    form = dict(form_to(answer, page(report)).values)
    # Both changed the people: the second keeps theirs. Only the first changed the women: that is proposed.
    assert (form[f"conflit-{people}"], form[f"conflit-{women}"]) == (["mine"], ["theirs"])
    assert second.post(page(report), form).status_code == 302
    found = numbers(report.action)
    assert (found["personnes"], found["femmes"]) == (40, 13)


def test_what_is_not_asked_any_more_is_still_corrected(
    cast: Cast, action: Action, socle: dict[str, Indicator]
) -> None:
    own = make_indicator(action, "Jardins", "number", "stock")
    report = make_follow_up(action, JANUARY, by=cast.operator_a, **{own.public_id: 3})
    action.series.filter(indicator=own, reporter=None).update(asked=False)
    client = client_of(cast.operator_a)
    assert opened(client, page(report))[f"v{own.pk}"] == ["3"]


def test_each_operator_corrects_its_own(cast: Cast, report: FollowUp) -> None:
    other = client_of(cast.operator_b)
    assert other.get(page(report)).status_code == 403
    assert other.get(page(report, "withdraw")).status_code == 403
    assert client_of(cast.colleague_a).get(page(report)).status_code == 200
    assert client_of(cast.correspondent59).get(page(report)).status_code == 200
    assert client_of(cast.operator13).get(page(report)).status_code == 404
    stranger = page(report).replace(str(report.lineage), "00000000-0000-4000-8000-000000000000")
    assert client_of(cast.operator_a).get(stranger).status_code == 404


def test_a_report_of_another_dispositif_is_not_found(cast: Cast, report: FollowUp) -> None:
    other = make_action("Autre", operators=[organisation_of(cast.operator_a)])
    address = reverse("indicators:correct", args=[other.public_id, report.lineage])
    assert client_of(cast.operator_a).get(address).status_code == 404


def test_taking_a_report_back(cast: Cast, report: FollowUp) -> None:
    client = client_of(cast.operator_a)
    form = opened(client, page(report, "withdraw"))
    assert client.post(page(report, "withdraw"), form).status_code == 200
    assert numbers(report.action)
    done = client.post(page(report, "withdraw"), form | {"reason": "mauvais dispositif"})
    assert done.status_code == 302
    assert numbers(report.action) == {}
    assert client.get(page(report)).status_code == 410


def test_taking_back_what_was_corrected_meanwhile(
    cast: Cast, report: FollowUp, socle: dict[str, Indicator]
) -> None:
    client = client_of(cast.operator_a)
    form = opened(client, page(report, "withdraw"))
    changed = opened(client, page(report)) | {f"v{socle['personnes'].pk}": "32", "reason": "compté"}
    client.post(page(report), changed)
    answer = client.post(page(report, "withdraw"), form | {"reason": "erreur"})
    assert answer.status_code == 409
    assert numbers(report.action)["personnes"] == 32
