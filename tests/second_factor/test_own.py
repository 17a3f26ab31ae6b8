"""One's own factors: adding, codes shown once, removing; and the e-mails that say so."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken

from jalons.accounts.models import User
from jalons.second_factor import codes, services
from jalons.second_factor.models import CodeApplication, FactorEvent
from jalons.second_factor.views.own import KEY as IN_SESSION
from tests.factories import BACKEND, PASSWORD, make_user
from tests.forms import form_to
from tests.second_factor.making import OWN, STEP, code, forgive, make_application, text, verified_client

pytestmark = pytest.mark.django_db
ADD, CODES = f"{OWN}application/", f"{OWN}codes/"
SHOWN = re.compile(r"<code>([0-9a-z]{5}-[0-9a-z]{5})</code>")


@pytest.fixture
def user() -> User:
    return make_user(name="Camille Essai", email="camille@exemple.test")


@pytest.fixture
def signed(user: User) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def test_adding_an_application(signed: Client, user: User, django_capture_on_commit_callbacks: Any) -> None:
    page = signed.get(f"{ADD}?next=/administration/")
    key = signed.session[IN_SESSION]
    assert "data:image/svg+xml" in text(page)
    assert signed.get(ADD).status_code == 200
    assert signed.session[IN_SESSION] == key, "reloading the page keeps the drawing that was photographed"
    form = form_to(page, ADD)
    wrong = signed.post(ADD, form.filled({"name": "Mon téléphone", "code": code(codes.HOUR, key)}))
    assert "a une heure d’écart" in text(wrong)
    assert "Mon téléphone" in text(wrong)
    assert not CodeApplication.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        done = signed.post(ADD, form.filled({"name": "Mon téléphone", "code": code(key=key)}))
    assert done["Location"] == f"{CODES}?next=%2Fadministration%2F"
    assert IN_SESSION not in signed.session
    (letter,) = mail.outbox
    assert letter.to == [user.email]
    assert "Mon téléphone (application sur téléphone)" in letter.body
    assert "https://jalons.exemple.test/mon-compte/double-authentification/" in letter.body


def test_recovery_codes_are_shown_once(user: User) -> None:
    client = verified_client(user)
    assert SHOWN.findall(text(client.get(CODES))) == []
    shown = SHOWN.findall(text(client.post(CODES)))
    assert len(set(shown)) == 10
    assert SHOWN.findall(text(client.get(CODES)) + text(client.get(OWN))) == []
    assert "10 encore valables" in text(client.get(OWN))
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert len(kept) == 10
    assert not kept & {letters for one in shown for letters in (one, one.replace("-", ""))}
    again = SHOWN.findall(text(client.post(CODES)))
    assert not set(again) & set(shown)
    other = Client()
    other.post("/connexion/", {"username": user.email, "password": PASSWORD})
    assert other.post(STEP, {"code": "", "recovery": shown[0]}).status_code == 200, "the former ones are dead"


@pytest.mark.parametrize("address", [ADD, f"{OWN}cle/", CODES, f"{OWN}retirer/application/PK/"])
def test_a_session_proved_once_changes_nothing(signed: Client, user: User, address: str) -> None:
    device = make_application(user)
    address = address.replace("PK", str(device.pk))
    for answer in (signed.get(address), signed.post(address, {"password": PASSWORD})):
        assert answer["Location"].startswith(STEP)
    assert [*CodeApplication.objects.all()] == [device]
    assert signed.post(STEP, {"code": code(), "next": address})["Location"] == address
    assert signed.get(address).status_code == 200


def test_removing_asks_for_the_password(user: User, django_capture_on_commit_callbacks: Any) -> None:
    client, device = verified_client(user), CodeApplication.objects.get()
    services.new_recovery_codes(user=user)
    address = f"{OWN}retirer/application/{device.pk}/"
    assert "dernière preuve" in text(client.get(address))
    assert "Ce n’est pas votre mot de passe" in text(client.post(address, {"password": "pas le bon"}))
    assert CodeApplication.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address, {"password": PASSWORD})["Location"] == OWN
    assert not CodeApplication.objects.exists()
    assert not StaticToken.objects.exists()
    assert "retirée" in mail.outbox[-1].subject
    assert [*FactorEvent.objects.order_by("pk").values_list("kind", flat=True)] == ["codes", "removed"]


def test_without_a_password_a_code_says_who_is_there(user: User) -> None:
    user.set_unusable_password()
    user.save()
    client, device = verified_client(user), CodeApplication.objects.get()
    address = f"{OWN}retirer/application/{device.pk}/"
    assert "n’est pas le bon" in text(client.post(address, {"password": "123456"}))
    forgive(device)
    assert client.post(address, {"password": code()})["Location"] == OWN


def test_wrong_passwords_are_counted_there_too(user: User, settings: Any) -> None:
    client, device = verified_client(user), CodeApplication.objects.get()
    address = f"{OWN}retirer/application/{device.pk}/"
    for number in range(settings.AXES_FAILURE_LIMIT):
        answer = client.post(address, {"password": f"essai {number}"})
    assert answer.status_code == 429
    assert client.post(address, {"password": PASSWORD}).status_code == 429
    assert CodeApplication.objects.exists()


def test_the_factor_of_somebody_else_is_not_there(user: User) -> None:
    theirs = make_application(make_user(email="autre@exemple.test"))
    client = verified_client(user)
    assert client.get(f"{OWN}retirer/application/{theirs.pk}/").status_code == 404
    assert client.post(f"{OWN}retirer/application/{theirs.pk}/", {"password": PASSWORD}).status_code == 404
    assert client.get(f"{OWN}retirer/inconnu/{theirs.pk}/").status_code == 404


def test_a_passkey_is_not_made_at_another_address(signed: Client) -> None:
    """They are served at « testserver », which is not where passkeys belong."""
    page = text(signed.get(f"{OWN}cle/"))
    assert "Une clé ne se crée pas à cette adresse" in page
    assert 'href="http://localhost:8000"' in page


@pytest.mark.parametrize(
    "answer", ["{}", "[]", "é", '{"id": "x", "rawId": "x", "type": "public-key", "response": {}}']
)
def test_what_no_browser_would_answer_is_refused(signed: Client, settings: Any, answer: str) -> None:
    settings.OTP_WEBAUTHN_ALLOWED_ORIGINS = ["http://testserver"]
    assert "data-options" in text(signed.get(f"{OWN}cle/"))
    page = signed.post(f"{OWN}cle/", {"name": "Clé", "answer": answer})
    assert "La clé n’a pas été reconnue" in text(page)
