"""Signing in and out, passwords: what people see, and what strangers cannot learn."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from jalons.accounts.models import User
from tests.factories import BACKEND, PASSWORD, Cast, make_user

pytestmark = pytest.mark.django_db
NEW = "encore une longue phrase"


@pytest.fixture
def user() -> User:
    return make_user(name="Camille Essai", email="camille@exemple.test")


def sign_in(client: Client, email: str = "camille@exemple.test", password: str = PASSWORD, **more: str):
    return client.post("/connexion/", {"username": email, "password": password, **more})


@pytest.mark.parametrize("email", ["camille@exemple.test", "  Camille@EXEMPLE.test "])
def test_signing_in(client: Client, user: User, email: str) -> None:
    answer = sign_in(client, email)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert "Camille Essai" in client.get("/mon-compte/").content.decode()


def test_strangers_cannot_tell_which_accounts_exist(client: Client, user: User) -> None:
    closed = make_user(email="ferme@exemple.test")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    tries = [
        sign_in(client, password="pas le bon"),
        sign_in(client, closed.email),
        sign_in(client, "personne.ici@exemple.test"),
    ]
    pages = {re.sub(r'value="[^"]*"|nonce="[^"]*"', "", answer.content.decode()) for answer in tries}
    assert len(pages) == 1
    assert "n’est pas le bon" in pages.pop()


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/mon-compte/?a=b", "/mon-compte/?a=b"),
        ("https://ailleurs.example/", "/"),
        ("//ailleurs.example/", "/"),
        ("/\\ailleurs.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_leads_only_to_our_pages(client: Client, user: User, asked: str, led: str) -> None:
    assert sign_in(client, next=asked)["Location"] == led
    assert client.get("/connexion/", {"next": asked})["Location"] == led


def test_the_page_asked_for_is_carried(client: Client, user: User) -> None:
    answer = client.get(client.get("/mon-compte/?a=b")["Location"])
    assert 'name="next" value="/mon-compte/?a=b"' in answer.content.decode()


def test_the_page_carries_nothing_that_is_not_ours(client: Client) -> None:
    assert "ailleurs" not in client.get("/connexion/?next=//ailleurs.example/").content.decode()


def test_too_many_tries_say_when_to_come_back(client: Client, user: User) -> None:
    answers = [
        sign_in(client, "CAMILLE@exemple.test", f"essai {n}") for n in range(settings.AXES_FAILURE_LIMIT)
    ]
    last = timezone.localtime(
        AccessAttempt.objects.latest("attempt_time").attempt_time, ZoneInfo("Europe/Paris")
    )
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    again = f"{last + dt.timedelta(minutes=15):%H:%M}"
    assert f"attendez jusqu’à {again}" in answers[-1].content.decode()
    # The right password does not pass either, and does not put the time off.
    refused = sign_in(client)
    assert refused.status_code == 429
    assert f"attendez jusqu’à {again}" in refused.content.decode()
    AccessAttempt.objects.update(attempt_time=timezone.now() - dt.timedelta(minutes=16))
    assert sign_in(client).status_code == 302


def test_an_unknown_address_is_paused_alike(client: Client) -> None:
    answers = [sign_in(client, "personne@exemple.test") for _ in range(settings.AXES_FAILURE_LIMIT)]
    assert answers[-1].status_code == 429


def test_the_pause_keeps_what_was_typed(client: Client, user: User) -> None:
    kept = '{"path": "/mon-compte/", "fields": [["a", "mot à mot"]], "files": []}'
    answers = [sign_in(client, password="non", kept=kept) for _ in range(settings.AXES_FAILURE_LIMIT)]
    page = answers[-1].content.decode()
    assert "mot à mot" in page
    # « Revenir à la connexion » shows an empty form, not one full of errors.
    back = client.post("/connexion/", {"kept": kept}).content.decode()
    assert "mot à mot" in back
    assert "erreur" not in back


def test_signing_out(client: Client, user: User) -> None:
    client.force_login(user, BACKEND)
    assert client.get("/deconnexion/").status_code == 405
    answer = client.post("/deconnexion/", follow=True)
    assert "Vous êtes déconnecté." in answer.content.decode()
    assert client.get("/mon-compte/").status_code == 302


def link_in(message: mail.EmailMessage) -> str:
    return re.search(r"https://jalons\.exemple\.test(/mot-de-passe/nouveau/\S+)", str(message.body))[1]  # type: ignore[index]


def test_forgotten_password(client: Client, user: User) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(client, password="oublié")
    answer = client.post("/mot-de-passe/oublie/", {"email": "Camille@exemple.test"}, follow=True)
    assert "Regardez vos messages" in answer.content.decode()
    (message,) = mail.outbox
    assert message.to == ["camille@exemple.test"]
    assert "Bonjour Camille Essai," in message.body
    link = link_in(message)
    page = client.get(link, follow=True)
    assert "Choisir un nouveau mot de passe" in page.content.decode()
    form = page.redirect_chain[-1][0]
    weak = client.post(form, {"new_password1": "court", "new_password2": "court"}).content.decode()
    assert "12" in weak
    done = client.post(form, {"new_password1": NEW, "new_password2": NEW}, follow=True)
    assert "Votre nouveau mot de passe est enregistré" in done.content.decode()
    assert sign_in(client, password=NEW).status_code == 302, "la pause ne compte plus"
    assert mail.outbox[-1].subject == "Jalons\u00a0: Votre mot de passe a été changé"
    again = Client().get(link, follow=True).content.decode()
    assert "Ce lien n’est plus valable" in again


@pytest.mark.parametrize("email", ["personne.ici@exemple.test", "ferme@exemple.test"])
def test_nobody_learns_whether_the_address_is_known(client: Client, email: str) -> None:
    User.objects.filter(pk=make_user(email="ferme@exemple.test").pk).update(is_active=False)
    answer = client.post("/mot-de-passe/oublie/", {"email": email})
    assert (answer.status_code, answer["Location"]) == (302, "/mot-de-passe/oublie/envoye/")
    assert mail.outbox == []


def test_a_mailbox_is_not_flooded(client: Client, user: User) -> None:
    for _ in range(3):
        client.post("/mot-de-passe/oublie/", {"email": user.email})
    assert len(mail.outbox) == 1


def test_changing_the_password_ends_the_other_sessions(client: Client, user: User) -> None:
    other = Client()
    for each in (client, other):
        each.force_login(user, BACKEND)
    data = {"old_password": "faux", "new_password1": NEW, "new_password2": NEW}
    assert "pas votre mot de passe actuel" in client.post("/mon-compte/mot-de-passe/", data).content.decode()
    answer = client.post("/mon-compte/mot-de-passe/", data | {"old_password": PASSWORD}, follow=True)
    assert "Votre mot de passe est changé" in answer.content.decode()
    assert other.get("/mon-compte/").status_code == 302
    assert [message.subject for message in mail.outbox] == ["Jalons\u00a0: Votre mot de passe a été changé"]


def test_passwords_are_kept_with_argon2() -> None:
    base = (settings.BASE_DIR / "jalons/config/settings/base.py").read_text()
    assert 'PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]' in base


def test_the_header_says_who_is_there(client: Client, cast: Cast) -> None:
    client.force_login(cast.operator_a, BACKEND)
    page = client.get("/").content.decode()
    assert "Sacha Amis" in page
    assert "Les amis de Lille · Opérateur" in page
    assert "Qui peut voir quoi ?" in page.replace("\u00a0", " ")
