"""The public form: anybody asks, nobody learns who has an account."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jalons.accounts.models import User
from jalons.joining.enums import RequestState
from jalons.joining.models import AccessRequest
from jalons.joining.sources import is_quoted_source
from tests.factories import Cast, make_organisation
from tests.joining.conftest import ASKED, mails_to, path_in, signed_in

pytestmark = pytest.mark.django_db
Asks = Callable[..., Any]


def test_a_request_reaches_the_local_administrator_and_is_acknowledged(cast: Cast, asks: Asks) -> None:
    answer = asks()
    assert (answer.status_code, answer["Location"]) == (302, "/demande-acces/envoyee/")
    asked = AccessRequest.objects.get()
    assert asked.organisation is not None
    assert (asked.organisation.name, asked.territory.code, asked.state) == (
        "Les amis de Lille",
        "59350",
        "pending",
    )
    assert mails_to("lou@exemple.test")[0].subject == "Jalons\u00a0: Votre demande d’accès est reçue"
    told = mails_to(cast.local_admin.email)[0]
    assert path_in(told.body, "/administration/demandes/") == f"/administration/demandes/{asked.public_id}/"
    assert mails_to(cast.admin.email) == []


def test_known_and_unknown_addresses_are_answered_alike(cast: Cast, asks: Asks) -> None:
    """The same page; only the e-mail says that there is an account."""
    unknown, known = asks(), asks(email=cast.mairie.email)
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert "Vous avez déjà un compte" in mails_to(cast.mairie.email)[0].subject
    assert path_in(mails_to(cast.mairie.email)[0].body, "/connexion/")
    asked = AccessRequest.objects.get(email=cast.mairie.email)
    assert (asked.state, User.objects.filter(email=asked.email).count()) == (RequestState.CLOSED, 1)


def test_the_page_does_the_same_work_for_both(cast: Cast, settings: Any) -> None:
    """Whether the address has an account is looked at by the worker alone: here, tasks wait for one."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    counts = []
    for email in (ASKED["email"], cast.mairie.email):
        with CaptureQueriesContext(connection) as queries:
            assert Client().post("/demande-acces/", {**ASKED, "email": email}).status_code == 302
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_somebody_without_any_membership_asks_like_anybody(cast: Cast, asks: Asks) -> None:
    asks(email=cast.nobody.email)
    assert AccessRequest.objects.get().state == RequestState.PENDING


def test_asked_twice_is_one_request(cast: Cast, asks: Asks) -> None:
    asks()
    asks(email=" LOU@Exemple.test\u200b ", purpose="Et aussi Roubaix.")
    first, second = AccessRequest.objects.order_by("pk")
    assert (first.state, second.state) == (RequestState.PENDING, RequestState.CLOSED)
    assert "Et aussi Roubaix." in first.messages.get().text
    assert "déjà reçue" in mails_to("lou@exemple.test")[-1].subject


def test_a_double_click_asks_once(cast: Cast, asks: Asks) -> None:
    key = "11111111-1111-4111-8111-111111111111"
    answers = [asks(submission_key=key), asks(submission_key=key)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert AccessRequest.objects.count() == 1
    assert len(mails_to("lou@exemple.test")) == 1


def test_too_many_requests_are_said_and_lose_nothing(cast: Cast, asks: Asks) -> None:
    for _ in range(3):
        assert asks().status_code == 302
    page = asks().content.decode()
    assert "recommencez demain" in page
    assert "Suivre les sites où nous intervenons." in page
    assert AccessRequest.objects.count() == 3


@pytest.mark.parametrize(
    ("email", "quoted"),
    [
        ("a@gendarmerie.interieur.gouv.fr", True),
        ("a@interieur.gouv.fr", True),
        ("a@police-nationale.gouv.fr", True),
        ("a@nord.gouv.fr", False),
        ("a@notinterieur.gouv.fr", False),
        ("a@interieur.gouv.fr.exemple.test", False),
    ],
)
def test_quoted_sources_are_known_by_their_domain(email: str, quoted: bool) -> None:
    assert is_quoted_source(email) is quoted


def test_an_organisation_named_so_goes_there_too(cast: Cast, asks: Asks) -> None:
    new = {"not_listed": "on", "organisation_kind": "other"}
    asks(organisation="Brigade de Gendarmerie de Bergues", **new)
    assert AccessRequest.objects.get().national


def test_police_and_gendarmerie_always_go_to_the_national_administration(cast: Cast, asks: Asks) -> None:
    page = Client().get("/demande-acces/").content.decode()
    assert "cités comme sources" in page
    asks(email="a@gendarmerie.interieur.gouv.fr")
    asked = AccessRequest.objects.get()
    assert mails_to(cast.admin.email)
    assert mails_to(cast.local_admin.email) == []
    assert not AccessRequest.objects.visible_to(cast.local_admin).exists()
    assert AccessRequest.objects.visible_to(cast.admin).get() == asked


TEN_WAYS = [
    "Les amis de Lille",
    "les AMIS de lille",
    "  Les  amis\u00a0de Lille ",
    "Les amis de Lille\u200b",
    "LES-AMIS-DE-LILLE",
    "LAL",
    "lal",
    "Les amis de Lille (LAL) – Métropole Européenne de Lille",
    "732 829 320 00074",
    "73282932000074",
]


@pytest.mark.parametrize("typed", TEN_WAYS)
def test_an_organisation_typed_ten_ways(cast: Cast, asks: Asks, typed: str) -> None:
    known = cast.operator_a.memberships.get().organisation
    type(known).objects.filter(pk=known.pk).update(acronym="LAL", siret="73282932000074")
    assert asks(organisation=typed).status_code == 302
    assert AccessRequest.objects.get().organisation == known


def test_nearly_its_name_offers_it(cast: Cast, asks: Asks) -> None:
    page = asks(organisation="Amis de Lile").content.decode()
    known = cast.operator_a.memberships.get().organisation
    assert f'name="meant" value="{known.pk}"' in page
    assert asks(organisation="Amis de Lile", meant=str(known.pk)).status_code == 302
    assert AccessRequest.objects.get().organisation == known


def test_an_unknown_organisation_is_described(cast: Cast, asks: Asks) -> None:
    page = asks(organisation="Zorglub").content.decode()
    assert "Jalons ne connaît pas de structure" in page
    page = asks(organisation="Zorglub", not_listed="on").content.decode()
    assert "Dites ce qu’est cette structure" in page
    page = asks(
        organisation="Zorglub", not_listed="on", organisation_kind="association", siret="73282932000075"
    ).content.decode()
    assert "Ce n’est pas un SIRET" in page
    new = {"not_listed": "on", "organisation_kind": "association", "siret": "732 829 320 00074"}
    assert asks(organisation="Zorglub", **new).status_code == 302
    asked = AccessRequest.objects.get()
    assert (asked.organisation, asked.organisation_name, asked.siret) == (None, "Zorglub", "73282932000074")


def test_a_number_that_is_known_wins_over_another_name(cast: Cast, asks: Asks) -> None:
    known = make_organisation("Secours", "59")
    type(known).objects.filter(pk=known.pk).update(siret="73282932000074")
    new = {"not_listed": "on", "organisation_kind": "association", "siret": "73282932000074"}
    asks(organisation="Le Secours du Nord", **new)
    assert AccessRequest.objects.get().organisation == known


@pytest.mark.parametrize(
    ("typed", "code"),
    [("Lille", "59350"), ("59", "59"), ("nord", "59"), ("Lille (59350)", "59350"), ("Nord (59)", "59")],
)
def test_a_territory_is_read_as_it_is_written(cast: Cast, asks: Asks, typed: str, code: str) -> None:
    asks(territory=typed)
    assert AccessRequest.objects.get().territory.code == code


def test_a_territory_that_is_not_known_keeps_what_was_typed(cast: Cast, asks: Asks) -> None:
    page = asks(territory="Lil").content.decode()
    assert "Vouliez-vous dire" in page
    assert "Médiation en santé." in page
    assert "Écrivez le nom d’un département" in asks(territory="Zorglub").content.decode()
    assert mail.outbox == []


def test_the_doors_lead_to_the_form(cast: Cast) -> None:
    assert 'href="/demande-acces/"' in Client().get("/connexion/").content.decode()
    assert 'href="/demande-acces/"' in signed_in(cast.nobody).get("/mon-compte/").content.decode()
    assert 'href="/demande-acces/"' in signed_in(cast.nobody).get("/").content.decode()


def test_suggestions_are_no_list_of_organisations(cast: Cast) -> None:
    assert Client().get("/demande-acces/structures.json?q=le").json() == {"results": []}
    found = Client().get("/demande-acces/structures.json?q=amis").json()["results"]
    assert [one["label"].split(" – ")[0] for one in found] == ["Les amis de Lille"]
    places = Client().get("/demande-acces/territoires.json?q=nord").json()["results"]
    assert "Nord (59)" in [one["label"] for one in places]
