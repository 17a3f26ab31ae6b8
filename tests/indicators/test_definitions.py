"""Indicators of one's own: made for a dispositif, proposed to the others, locked once used; objectives."""

import datetime as dt

import pytest
from django.test import Client

from jalons.indicators.models import Indicator, Measurement, Series
from jalons.indicators.selectors.asked import asked_indicators
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
TYPED = {
    "label": "Ateliers cuisine",
    "value_type": "number",
    "nature": "flow",
    "unit": "ateliers",
    "direction": "up",
}


def client_of(user) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


@pytest.fixture
def action(cast: Cast):
    make_socle()
    return make_action(operators=[organisation_of(cast.operator_a)])


def asked(action) -> set[str]:
    return {one.label for block in asked_indicators(action) for one in block.indicators}


def test_an_operator_makes_an_indicator_of_its_own(cast: Cast, action) -> None:
    answer = client_of(cast.operator_a).post(
        f"/dispositifs/{action.public_id}/indicateurs/nouveau/", TYPED, follow=True
    )
    assert "« Ateliers cuisine » sera demandé" in answer.content.decode().replace("\u00a0", " ")
    assert "Ateliers cuisine" in asked(action)
    one = Indicator.objects.get(label="Ateliers cuisine")
    assert (one.block, one.across_time, one.departement_id) == ("local", "sum", "59")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"label": ""}, "obligatoire"),
        ({"value_type": "rate"}, "Choisissez parmi les réponses proposées"),
        ({"value_type": "choice", "choices": "Oui"}, "Écrivez de 2 à 12 réponses"),
        ({"value_type": "duration", "unit": "lustres"}, "écrivez une de ces unités"),
    ],
)
def test_what_makes_no_sense_is_told(cast: Cast, action, typed, words) -> None:
    url = f"/dispositifs/{action.public_id}/indicateurs/nouveau/"
    answer = client_of(cast.operator_a).post(url, {**TYPED, **typed})
    assert words in answer.content.decode()
    assert not Indicator.objects.filter(action=action).exists()


def test_it_is_proposed_to_the_others_of_the_departement(cast: Cast, action) -> None:
    one = make_indicator(action, "Ateliers cuisine")
    other = make_action("Autre dispositif", operators=[organisation_of(cast.operator_a)])
    far = make_action("Loin", departement="13")
    client = client_of(cast.correspondent59)
    url = f"/dispositifs/{other.public_id}/indicateurs/"
    assert "Déjà utilisés ailleurs dans le département" in client.get(url).content.decode()
    client.post(f"{url}{one.public_id}/suivre/", {"asked": "1"})
    assert "Ateliers cuisine" in asked(other)
    stranger = client_of(cast.correspondent13)
    assert (
        "Ateliers cuisine" not in stranger.get(f"/dispositifs/{far.public_id}/indicateurs/").content.decode()
    )
    refused = stranger.post(
        f"/dispositifs/{far.public_id}/indicateurs/{one.public_id}/suivre/", {"asked": "1"}
    )
    assert refused.status_code == 404


def test_label_and_unit_are_locked_once_a_value_was_told(cast: Cast, action) -> None:
    one = make_indicator(action, "Ateliers cuisine", unit="ateliers")
    client = client_of(cast.operator_a)
    url = f"/dispositifs/{action.public_id}/indicateurs/{one.public_id}/"
    assert 'name="label"' in client.get(url).content.decode()
    make_follow_up(action, dt.date(2020, 1, 31), by=cast.operator_a, **{one.public_id: 3})
    assert 'name="label"' not in client.get(url).content.decode()
    version = one.version
    client.post(
        url,
        {
            **TYPED,
            "label": "Autre chose",
            "help_text": "Une séance, un atelier.",
            "expected_version": version,
        },
    )
    one.refresh_from_db()
    assert (one.label, one.help_text) == ("Ateliers cuisine", "Une séance, un atelier.")
    stale = client.post(url, {**TYPED, "help_text": "Trop tard.", "expected_version": version})
    assert stale.status_code == 409


def test_the_socle_cannot_be_touched(cast: Cast, action) -> None:
    people = Indicator.objects.get(code="personnes")
    url = f"/dispositifs/{action.public_id}/indicateurs/{people.public_id}/"
    assert client_of(cast.correspondent59).post(url, TYPED).status_code == 404


def test_what_is_not_asked_any_more_keeps_its_values(cast: Cast, action) -> None:
    one = make_indicator(action, "Ateliers cuisine")
    make_follow_up(action, dt.date(2020, 1, 31), by=cast.operator_a, **{one.public_id: 3})
    client = client_of(cast.operator_a)
    client.post(f"/dispositifs/{action.public_id}/indicateurs/{one.public_id}/suivre/", {"asked": "0"})
    assert "Ateliers cuisine" not in asked(action)
    assert "Ateliers cuisine" in client.get(f"/dispositifs/{action.public_id}/suivi/").content.decode()
    assert (
        "Demander à nouveau" in client.get(f"/dispositifs/{action.public_id}/indicateurs/").content.decode()
    )


def test_an_objective_is_said_and_said_again(cast: Cast, action) -> None:
    client = client_of(cast.correspondent59)
    url = f"/dispositifs/{action.public_id}/objectifs/"
    rate = Indicator.objects.get(code="taux-scolarisation")
    assert "au moins un objectif" in client.post(url, {"on": "31/12/2026"}).content.decode()
    for aim in ("80", "85"):
        form = form_to(client.get(url), url)
        client.post(url, form.filled({"on": "31/12/2026", f"objectif-{rate.public_id}": aim}))
    assert [one.number for one in Measurement.objects.known().filter(measure=0)] == [85]
    assert Series.objects.filter(indicator=rate, reporter=None).count() == 1
    shown = client.get(f"/dispositifs/{action.public_id}/indicateurs/").content.decode()
    assert "85\u00a0%" in shown
