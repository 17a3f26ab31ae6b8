"""The directory: people of one’s territory, as each chose to be shown."""

from typing import Any

import pytest
from django.test import Client

from jalons.accounts.models import User
from jalons.directory.models import DirectoryCard, Expertise
from jalons.directory.permissions import visible_people
from jalons.directory.selectors import DirectoryFilter, filtered_people, people_lines
from jalons.directory.services import Choice, save_card
from jalons.exports.models import Download
from tests import factories
from tests.factories import BACKEND, Cast

pytestmark = pytest.mark.django_db

NOTHING = Choice(
    show_email=False, phone="", show_phone=False, show_role=False, expertises=(), show_expertises=False
)


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), BACKEND)
    return client


def page(user: User, address: str) -> str:
    return as_user(user).get(address).content.decode()


def show(user: User, **changes: Any) -> DirectoryCard:
    values = {name: getattr(NOTHING, name) for name in Choice.__dataclass_fields__}
    return save_card(user=user, choice=Choice(**{**values, **changes}), organisations={})


def names(user: User) -> set[str]:
    return {one.name for one in visible_people(User.objects.get(pk=user.pk))}


def test_people_of_the_same_departement_and_the_nation(cast: Cast) -> None:
    assert {"Camille Nord", "Sacha Amis", "Claude Mairie", "Alix National"} <= names(cast.operator_b)
    assert "Maxime Solidarite" not in names(cast.operator_b)
    assert "Maxime Solidarite" in names(cast.national)
    assert names(cast.nobody) == set()


def test_an_epci_of_two_departements_is_found_from_both(cast: Cast) -> None:
    """The métropole of Aix-Marseille has a commune in the Var."""
    factories.make_user("operator", factories.AMP, name="Jo Metropole")
    var = factories.make_user("institution", "83", name="Pat Var")
    assert "Jo Metropole" in names(var)
    assert "Jo Metropole" in names(cast.operator13)


def test_who_left_is_not_there(cast: Cast) -> None:
    cast.mairie.memberships.update(ends_on=factories.OPENED)
    User.objects.filter(pk=cast.colleague_a.pk).update(is_active=False)
    assert not {"Claude Mairie", "Charlie Amis"} & names(cast.correspondent59)


def test_by_default_name_organisation_and_email(cast: Cast) -> None:
    text = page(cast.operator_b, "/annuaire/?q=claude")
    assert "Claude Mairie" in text
    assert "Ville de Lille" in text
    assert cast.mairie.email in text
    assert "Collectivité ou autre service" not in text.split("<tbody>")[1]


def test_each_shows_what_they_choose(cast: Cast) -> None:
    client = as_user(cast.mairie)
    sent = {
        "phone": "06 00 00 00 00",
        "show_role": "on",
        "expertises": "Droit au séjour, droit au sejour; Romani",
    }
    town = factories.organisation_of(cast.mairie).pk
    assert client.post("/mon-compte/annuaire/", {**sent, f"structure-{town}": "Eau"}).status_code == 302
    text = page(cast.operator_b, "/annuaire/?q=claude")
    assert cast.mairie.email not in text
    assert "06 00 00 00 00" not in text  # typed, and not shown
    assert "Romani" not in text.split("<tbody>")[1]
    assert Expertise.objects.count() == 3  # one spelling of two
    client.post("/mon-compte/annuaire/", {**sent, "show_phone": "on", "show_expertises": "on"})
    text = page(cast.operator_b, "/annuaire/?q=claude").split("<tbody>")[1]
    assert "06 00 00 00 00" in text
    assert "Romani" in text
    assert "Droit au séjour" in client.get("/mon-compte/annuaire/").content.decode()


def test_nobody_is_found_by_what_they_hide(cast: Cast) -> None:
    show(cast.mairie, expertises=("Romani",))
    romani = Expertise.objects.get()
    for asked in (DirectoryFilter(expertise=romani.pk), DirectoryFilter(role="institution")):
        assert cast.mairie not in filtered_people(cast.operator_b, asked)
    assert "Romani" not in page(cast.operator_b, "/annuaire/")
    show(cast.mairie, expertises=("Romani",), show_expertises=True, show_role=True)
    for asked in (DirectoryFilter(expertise=romani.pk), DirectoryFilter(role="institution")):
        assert cast.mairie in filtered_people(cast.operator_b, asked)


def test_the_email_is_not_searched(cast: Cast) -> None:
    assert not filtered_people(cast.operator_b, DirectoryFilter(q=cast.mairie.email)).exists()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=amis lille", True),
        ("departement=59", True),
        ("departement=13", False),
        ("theme=school", True),
        ("theme=work", False),
    ],
)
def test_filters(cast: Cast, query: str, found: bool) -> None:
    factories.make_action("MOUS", operators=[factories.organisation_of(cast.operator_a)], themes=["school"])
    assert ("Sacha Amis" in page(cast.correspondent59, f"/annuaire/?{query}")) is found
    organisations = page(cast.correspondent59, f"/annuaire/structures/?{query}").partition("<tbody>")[2]
    assert ("Les amis de Lille" in organisations) is found


def test_who_works_on_a_site_and_a_dispositif(cast: Cast) -> None:
    site = factories.make_site("Rue du Moulin")
    action = factories.make_action(
        "MOUS", operators=[factories.organisation_of(cast.operator_a)], sites=[site]
    )
    for address in (f"/annuaire/site/{site.public_id}/", f"/annuaire/dispositif/{action.public_id}/"):
        text = page(cast.correspondent59, address)
        assert "Sacha Amis" in text
        assert "Claude Mairie" not in text
        assert as_user(cast.operator13).get(address).status_code == 404
    assert "Qui y travaille" in page(cast.correspondent59, f"/sites/{site.public_id}/")
    assert as_user(cast.correspondent59).get("/annuaire/convention/x/").status_code == 404


def test_the_file_holds_what_is_shown_and_leaves_a_trace(cast: Cast) -> None:
    show(cast.mairie)
    answer = as_user(cast.operator_b).get("/annuaire/export?format=csv")
    text = b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()
    assert "Claude Mairie" in text
    assert cast.mairie.email not in text
    assert cast.correspondent59.email in text
    assert "Maxime" not in text
    assert Download.objects.get().export == "annuaire"
    assert as_user(cast.observer).get("/annuaire/export?format=csv").status_code == 403


def test_as_many_queries_for_many_people(cast: Cast, django_assert_max_num_queries: Any) -> None:
    viewer = User.objects.get(pk=cast.operator_b.pk)
    viewer.active_memberships  # noqa: B018  # read once a request
    with django_assert_max_num_queries(5):
        people_lines(viewer, filtered_people(viewer, DirectoryFilter())[:2])
    for _ in range(5):
        show(factories.make_user("operator", "59"), expertises=("Romani",), show_expertises=True)
    with django_assert_max_num_queries(5):
        assert len(people_lines(viewer, filtered_people(viewer, DirectoryFilter())[:25])) > 10


@pytest.mark.parametrize("typed", ["x" * 61, ", ".join(f"domaine {n}" for n in range(13))])
def test_too_long_or_too_many_comes_back_as_typed(cast: Cast, typed: str) -> None:
    answer = as_user(cast.mairie).post("/mon-compte/annuaire/", {"expertises": typed})
    assert answer.status_code == 200
    assert typed in answer.content.decode()
    assert not Expertise.objects.exists()
