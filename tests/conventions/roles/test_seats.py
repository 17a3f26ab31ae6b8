"""Who works on a convention, and what a seat opens."""

from typing import Any

import pytest
from django.test import Client

from jalons.conventions.models import Commitment, Convention, Seat
from tests import factories

pytestmark = pytest.mark.django_db


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person, "jalons.accounts.backends.SessionBackend")
    return client


def given(client: Client, convention: Convention, **told: str) -> Any:
    return client.post(f"/conventions/{convention.slug}/qui-travaille/ajouter/", told)


def test_a_seat_opens_the_convention_and_its_loss_closes_it(
    cast: Any, pilot: Any, convention: Convention
) -> None:
    client, other = signed_in(pilot), signed_in(cast.observer)
    url = f"/conventions/{convention.slug}/"
    organisation = factories.organisation_of(cast.observer)
    assert other.get(url).status_code == 404
    assert given(client, convention, organisation=organisation.name, role="reader").status_code == 302
    assert other.get(url).status_code == 200
    seat = Seat.objects.get(organisation=organisation)
    remove = f"{url}qui-travaille/{seat.public_id}/retirer/"
    assert client.post(remove, {"reason": "fini"}).status_code == 302
    assert other.get(url).status_code == 404
    assert client.post(remove, {"reason": "fini"}).status_code == 410  # sent twice


def test_a_contributor_is_limited_to_its_rows(cast: Any, pilot: Any, convention: Convention) -> None:
    sheet = Commitment.objects.filter(convention=convention)[0]
    client = signed_in(pilot)
    page = client.get(f"/conventions/{convention.slug}/qui-travaille/ajouter/").content.decode()
    assert '<option value="DTML">' in page
    answer = given(
        client,
        convention,
        organisation="Solidarité Nord",
        role="territory_contributor",
        commitment=sheet.public_id,
        breakdown="DTML",
    )
    assert answer.status_code == 302
    shown = client.get(f"/conventions/{convention.slug}/qui-travaille/").content.decode()
    assert "DTML" in shown
    assert "remplir ses propres lignes" in shown


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"organisation": "Inconnue au bataillon", "role": "reader"}, "organisation"),
        ({"organisation": "Solidarité Nord", "role": "reader", "breakdown": "DTML"}, "breakdown"),
        ({"organisation": "Solidarité Nord", "role": "rien"}, "role"),
    ],
)
def test_what_cannot_be_is_said(pilot: Any, convention: Convention, told: Any, field: str) -> None:
    answer = given(signed_in(pilot), convention, **told)
    assert field in answer.context["form"].errors


def test_the_same_seat_is_given_once(pilot: Any, convention: Convention) -> None:
    client = signed_in(pilot)
    given(client, convention, organisation="Solidarité Nord", role="reader")
    answer = given(client, convention, organisation="Solidarité Nord", role="reader")
    assert "déjà ce rôle" in answer.content.decode()


def test_the_last_pilot_stays(pilot: Any, convention: Convention) -> None:
    seat = convention.seats.get()
    answer = signed_in(pilot).post(
        f"/conventions/{convention.slug}/qui-travaille/{seat.public_id}/retirer/", {"reason": "fini"}
    )
    assert "seule structure qui pilote" in answer.content.decode()
    assert convention.seats.exists()
