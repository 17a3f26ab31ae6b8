"""The list of conventions, and opening one that has no file."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jalons.accounts.permissions import Territory
from jalons.conventions.enums import ConventionRole
from jalons.conventions.models import Alert, Convention, Seat
from jalons.conventions.overview.listing import is_one_in
from jalons.history.services import save_record
from tests import factories
from tests.conventions.samples import make_convention, sample
from tests.front import home_page

pytestmark = pytest.mark.django_db
LIST = "/conventions/"


@pytest.fixture
def convention(cast: Any) -> Convention:
    """Made for the test that asks for it: the others begin without any."""
    return make_convention()


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person, "jalons.accounts.backends.SessionBackend")
    return client


def opening(client: Client, **told: str) -> Any:
    data = {"short_title": "CALPAE 2027", "year": "2027", "departement": "59", **told}
    return client.post("/conventions/nouvelle/", data)


def test_the_menu_knows_whether_there_is_one_to_read(cast: Any) -> None:
    """As a plain query says it, wherever the right holds, before and after there is one. Twice: the SQL is kept."""
    one, other = (factories.make_organisation(name, "13") for name in ("Une", "Autre"))
    parts = frozenset([ConventionRole.READER.value, ConventionRole.STATE_PARTNER.value])
    places = [
        Territory(departements=frozenset(codes), organisations=frozenset(held), parts=parts)
        for codes in ([], ["59"], ["13"], ["13", "62"])
        for held in ([], [one.pk], [other.pk], [one.pk, other.pk])
    ]

    def seen() -> list[bool]:
        return [is_one_in(place) for place in places]

    assert seen() == seen() == [False] * 16
    convention = make_convention()
    assert seen() == seen() == [False] * 4 + [True] * 4 + [False] * 8
    save_record(record=Seat(convention=convention, organisation=one, role=ConventionRole.READER), by=None)
    assert seen() == [False, True, False, True, *[True] * 4, *[False, True, False, True] * 2]
    assert seen() == [Convention.objects.in_territory(place).exists() for place in places]


def test_a_line_says_what_matters(pilot: Any, convention: Convention) -> None:
    Alert.objects.create(
        convention=convention,
        rule="x",
        scope="money",
        level="error",
        where="ici",
        message="non",
        fingerprint="a",
    )
    page = re.sub(r"\s*\n\s*", " ", signed_in(pilot).get(LIST).content.decode())
    for words in (
        "Exemple 2022",
        "Nord",
        "150\u202f000\u00a0€",
        "300\u202f000\u00a0€",
        "1 erreur",
        "En préparation",
    ):
        assert words in page
    assert "12 sur 15" in page
    assert "None" not in page


def test_an_unknown_amount_is_said_and_is_not_zero(pilot: Any, territories: Any) -> None:
    told = sample()
    told["conventions"][0]["amounts"] = {"global": {"rule": "au moins le double"}}
    make_convention(told)
    page = signed_in(pilot).get(LIST).content.decode()
    assert "inconnue" in page
    assert "inconnu" in page


def test_another_departement_sees_nothing(cast: Any, convention: Convention) -> None:
    page = signed_in(cast.correspondent13).get(LIST).content.decode()
    assert "Exemple 2022" not in page


def test_more_conventions_cost_no_more_queries(cast: Any) -> None:
    client, counts = signed_in(cast.national), []
    for year in (2021, 2022, 2023):
        make_convention(sample(f"exemple-{year}", year))
        client.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        counts.append(len(captured))
    assert counts[2] <= counts[1] <= counts[0]


# --- a new one ----------------------------------------------------------------------------------------------------


def test_a_departement_without_file_can_start(pilot: Any) -> None:
    client = signed_in(pilot)
    answer = opening(client, state_signatory="Préfet du Nord")
    convention = Convention.objects.get()
    assert answer["Location"] == f"/conventions/{convention.slug}/"
    assert [party.side for party in convention.parties.all()] == ["state", "departement"]
    assert {clause.name for clause in convention.clauses.all()} >= {"reporting", "termination"}
    assert convention.seats.get().organisation == factories.organisation_of(pilot)
    page = client.get(answer["Location"]).content.decode()
    assert "Ajouter la première fiche-action" in page
    assert "31 décembre 2027" in page


def test_two_conventions_of_one_name_have_two_addresses(pilot: Any) -> None:
    client = signed_in(pilot)
    for _ in range(3):
        opening(client)
    assert len(set(Convention.objects.values_list("slug", flat=True))) == 3


def test_sent_twice_it_is_opened_once(pilot: Any) -> None:
    client, key = signed_in(pilot), "6f1f0f7e-0f5c-4d9c-9a53-8f5b1f3a2a11"
    first, second = (opening(client, submission_key=key) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Convention.objects.count() == 1


def test_only_a_departement_opens_its_own(cast: Any, pilot: Any) -> None:
    assert "departement" in opening(signed_in(pilot), departement="13").context["form"].errors
    town = signed_in(cast.mairie)
    assert "C’est le Département qui signe" in opening(town).content.decode()
    assert not Convention.objects.exists()


def test_the_front_page_tells_the_conventions_of_the_year(pilot: Any) -> None:
    client = signed_in(pilot)
    assert "Toutes les conventions" not in home_page(client)
    opening(client, year="2090")
    assert "CALPAE 2027" in home_page(client)


def test_the_list_is_put_in_the_order_of_a_head(pilot: Any, territories: Any) -> None:
    """Unknown amounts last either way; without an order, the newest year first."""
    for slug, title, state, whole in (
        ("a-2021", "Écluse", 300, 400),
        ("b-2022", "Zinc", None, 900),
        ("c-2023", "Arche", 200, 500),
    ):
        told = sample(slug, int(slug[-4:]))
        amounts = {"global": {"amount": whole}, **({"part_etat": {"amount": state}} if state else {})}
        told["conventions"][0] |= {"short_title": title, "amounts": amounts}
        make_convention(told)
    client = signed_in(pilot)

    def listed(order: str) -> list[str]:
        rows = client.get(LIST, {"tri": order} if order else {}).context["rows"]
        return [row.convention.short_title for row, _ in rows]

    assert listed("") == ["Arche", "Zinc", "Écluse"]
    assert listed("nom") == ["Arche", "Écluse", "Zinc"]
    assert listed("part-etat") == ["Arche", "Écluse", "Zinc"]
    assert listed("-part-etat") == ["Écluse", "Arche", "Zinc"]
    assert listed("-montant") == ["Zinc", "Arche", "Écluse"]
    assert listed("versement") == listed("")
    page = client.get(LIST, {"tri": "-montant"}).content.decode()
    assert "3 conventions, par montant global" in page
    assert 'aria-sort="descending"' in page
