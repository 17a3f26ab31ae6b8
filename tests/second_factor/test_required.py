"""Where two proofs are asked: administration, justice data. And where they are not: a demonstration."""

from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jalons.accounts.decorators import OPEN
from jalons.accounts.enums import Right, Role
from jalons.accounts.models import User
from jalons.second_factor.models import CodeApplication, FactorEvent
from jalons.second_factor.permissions import PROVED_ELSEWHERE
from jalons.second_factor.selectors import accounts_in_charge
from jalons.second_factor.services import reset_second_factor
from tests.factories import BACKEND, DUNKERQUE, LILLE, MEL, Cast, make_membership, make_site, make_user
from tests.forms import posts
from tests.house.test_permissions import ADDRESSES
from tests.second_factor.making import OWN, STEP, code, make_application, text, verified_client

pytestmark = pytest.mark.django_db
PEOPLE = "/administration/double-authentification/"
EXPORT = "/sites/export?format=csv"


@pytest.fixture
def required(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), BACKEND)
    return client


ADMINISTRATION = sorted(
    name for name, view in ADDRESSES.items() if getattr(view, "access", OPEN) == Right.MANAGE_ACCOUNTS
)


def test_there_is_administration() -> None:
    assert {"administration:home", "second_factor:people", "exports:everyone"} <= set(ADMINISTRATION)


@pytest.mark.parametrize("name", ["administration:home", "second_factor:people", "exports:everyone"])
def test_an_administrator_without_factor_comes_in_and_sets_one_up_first(
    name: str, required: None, cast: Cast
) -> None:
    client = signed_in(cast.admin)
    assert client.get("/mon-compte/").status_code == 200
    answer = client.get(f"{reverse(name)}?a=1")
    assert answer["Location"].startswith(f"{OWN}?next=")
    page = client.get(answer["Location"])
    assert "Il vous faut d’abord une seconde preuve" in text(page)
    assert "Gérer des comptes donne accès à ceux des autres" in text(page)
    # Once it is there, the page that was asked for is one click away.
    key_page = client.get(f"{OWN}application/?next={reverse(name)}")
    (form,) = [one for one in posts(key_page) if "code" in one.values]
    key = client.session["second_factor_key"]
    done = client.post(f"{OWN}application/", form.filled({"code": code(key=key)}))
    assert client.get(reverse(name)).status_code == 200, done


def test_an_administrator_with_a_factor_proves_it_and_comes_back(required: None, cast: Cast) -> None:
    make_application(cast.admin)
    client = signed_in(cast.admin)
    answer = client.get("/administration/?a=1")
    assert answer["Location"].startswith(f"{STEP}?next=%2Fadministration%2F%3Fa%3D1")
    (form,) = [one for one in posts(client.get(answer["Location"])) if "code" in one.values]
    assert client.post(form.action, form.filled({"code": code()}))["Location"] == "/administration/?a=1"
    assert client.get("/administration/").status_code == 200


def test_what_an_administrator_typed_is_kept_meanwhile(required: None, cast: Cast) -> None:
    make_application(cast.mairie)
    client = signed_in(cast.admin)
    address = f"{PEOPLE}{cast.mairie.pk}/reinitialiser/"
    page = client.post(address, {"reason": "Téléphone perdu, mot à mot"})
    assert page.status_code == 403
    assert 'value="Téléphone perdu, mot à mot"' in text(page)
    assert not FactorEvent.objects.exists()
    assert CodeApplication.objects.filter(user=cast.mairie).exists()


def test_others_are_refused_as_before(required: None, cast: Cast) -> None:
    assert signed_in(cast.mairie).get("/administration/").status_code == 403
    assert Client().get("/administration/")["Location"].startswith("/connexion/?next=")


def test_a_piece_of_page_is_not_filled_with_another(required: None, cast: Cast) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/administration/"}
    answer = signed_in(cast.admin).get(PEOPLE, headers=headers)
    assert answer["HX-Redirect"].startswith(f"{OWN}?next=%2Fadministration%2F")


def test_two_proofs_asked_elsewhere_are_enough(required: None, cast: Cast) -> None:
    client = signed_in(cast.admin)
    session = client.session
    session[PROVED_ELSEWHERE] = True
    session.save()
    assert client.get("/administration/").status_code == 200


def test_a_demonstration_asks_nothing_and_says_so(cast: Cast) -> None:
    client = signed_in(cast.admin)
    assert "Instance d’essai" in text(client.get(PEOPLE))
    assert "Instance d’essai" in text(client.get(OWN))
    assert signed_in(cast.correspondent59).get(EXPORT).status_code == 200


# Justice data -----------------------------------------------------------------------------------------------


def test_justice_data_leaves_with_two_proofs(required: None, cast: Cast) -> None:
    client = signed_in(cast.correspondent59)
    answer = client.get(EXPORT)
    assert answer["Location"].startswith(f"{OWN}?next=")
    assert "pour=justice" in answer["Location"]
    assert "données de justice" in text(client.get(answer["Location"]))
    assert verified_client(cast.correspondent59).get(EXPORT).status_code == 200


def test_the_same_file_without_justice_leaves_with_one(required: None, cast: Cast) -> None:
    assert signed_in(cast.observer).get(EXPORT).status_code == 403, "an observer takes nothing away"
    assert signed_in(cast.operator_a).get(EXPORT).status_code == 200
    assert signed_in(cast.correspondent59).get(f"{EXPORT}&colonnes=Identification").status_code == 200


def test_the_sheet_of_a_site_too(required: None, cast: Cast) -> None:
    site = make_site()
    address = reverse("sites:sheet_document", args=[site.public_id, "docx"])
    assert "pour=justice" in signed_in(cast.correspondent59).get(address)["Location"]
    assert signed_in(cast.operator_a).get(address).status_code == 200


# A lost phone ----------------------------------------------------------------------------------------------


def test_a_lost_phone(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    make_application(cast.mairie)
    client = signed_in(cast.local_admin)
    assert cast.mairie.email in text(client.get(PEOPLE))
    address = f"{PEOPLE}{cast.mairie.pk}/reinitialiser/"
    assert "obligatoire" in text(client.post(address, {"reason": ""}))
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address, {"reason": "Téléphone perdu"})["Location"] == PEOPLE
    assert not CodeApplication.objects.exists()
    event = FactorEvent.objects.get()
    assert (event.user, event.by, event.reason) == (cast.mairie, cast.local_admin, "Téléphone perdu")
    (letter,) = mail.outbox
    assert letter.to == [cast.mairie.email]
    assert f"{cast.local_admin.name} a réinitialisé" in letter.body
    assert "Motif\u00a0: Téléphone perdu. Vous" in letter.body
    assert not reset_second_factor(user=cast.mairie, by=cast.local_admin, reason="encore"), "nothing is left"


def test_whom_a_local_administrator_may_help(cast: Cast) -> None:
    """Nobody whose work goes beyond, and no administrator of the nation: their account would be taken that way."""
    wider = make_user(Role.INSTITUTION, LILLE)
    make_membership(wider, Role.OPERATOR, "13")
    inside = make_user(Role.CONTRIBUTOR, MEL)
    mixed = make_user(Role.CORRESPONDENT, "59")
    make_membership(mixed, Role.NATIONAL_ADMIN, DUNKERQUE)
    helped = set(accounts_in_charge(cast.local_admin))
    assert {cast.mairie, cast.correspondent59, inside} <= helped
    assert helped.isdisjoint(
        {wider, mixed, cast.admin, cast.national, cast.correspondent13, cast.nobody, cast.local_admin}
    )
    everybody = set(accounts_in_charge(cast.admin))
    assert {wider, mixed, cast.nobody} <= everybody
    assert cast.admin not in everybody
    assert not accounts_in_charge(cast.correspondent59)
    for account in (wider, mixed, cast.admin):
        make_application(account)
        assert (
            signed_in(cast.local_admin)
            .post(f"{PEOPLE}{account.pk}/reinitialiser/", {"reason": "x"})
            .status_code
            == 404
        )
        with pytest.raises(PermissionDenied):
            reset_second_factor(user=account, by=cast.local_admin, reason="x")
    assert CodeApplication.objects.count() == 3


def test_the_list(cast: Cast) -> None:
    client = signed_in(cast.admin)
    make_application(cast.mairie)
    assert "application" in text(client.get(f"{PEOPLE}?q={cast.mairie.email}"))
    assert cast.mairie.email not in text(client.get(f"{PEOPLE}?sans=on"))
    with CaptureQueriesContext(connection) as few:
        client.get(PEOPLE)
    for number in range(20):
        make_application(make_user(Role.OBSERVER, LILLE), key=f"{number:040x}")
    with CaptureQueriesContext(connection) as many:
        client.get(PEOPLE)
    assert len(many) == len(few)
