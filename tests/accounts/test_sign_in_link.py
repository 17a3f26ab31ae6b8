"""Coming in by a link received by e-mail: once, for a short time, and only by a button."""

import datetime as dt
import re
import threading
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from jalons.accounts import letters
from jalons.accounts.enums import LetterKind
from jalons.accounts.models import AccountLetter, User
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
EMAIL = "camille@exemple.test"


@pytest.fixture
def user() -> User:
    return make_user(name="Camille Essai", email=EMAIL)


def received(client: Client, email: str = EMAIL) -> str:
    """The path of the link, asked for and read in the mailbox."""
    client.post("/connexion/lien/", {"email": email})
    found = re.search(r"https://jalons\.exemple\.test(/connexion/lien/\S+)", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found[1]


def is_in(client: Client) -> bool:
    return client.get("/mon-compte/").status_code == 200


def shift(**moved: Any) -> None:
    """As if the clock had moved the other way."""
    for letter in AccountLetter.objects.exclude(sent_at=None):
        AccountLetter.objects.filter(pk=letter.pk).update(sent_at=letter.sent_at + dt.timedelta(**moved))


def test_the_button_opens_and_the_link_does_not(client: Client, user: User) -> None:
    link = received(client)
    reader = Client()
    for _ in range(3):
        page = reader.get(link)
        assert "Camille Essai" in page.content.decode()
        assert "Me connecter" in page.content.decode()
        assert reader.head(link).status_code == 200
        assert not is_in(reader)
    answer = reader.post(link)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_in(reader)


def test_it_serves_once(client: Client, user: User) -> None:
    link = received(client)
    assert Client().post(link).status_code == 302
    other = Client()
    assert "n’est plus valable" in other.post(link).content.decode()
    assert "n’est plus valable" in other.get(link).content.decode()
    assert not is_in(other)


def test_it_is_short_lived(client: Client, user: User) -> None:
    link = received(client)
    shift(minutes=-14)
    assert "Me connecter" in client.get(link).content.decode()
    shift(minutes=-2)
    other = Client()
    assert "n’est plus valable" in other.post(link).content.decode()
    assert not is_in(other)


def test_the_next_one_replaces_it(client: Client, user: User) -> None:
    first = received(client)
    shift(minutes=-3)
    second = received(client)
    assert first != second
    assert "n’est plus valable" in Client().post(first).content.decode()
    assert Client().post(second).status_code == 302


def test_a_closed_account_stays_closed(client: Client, user: User) -> None:
    link = received(client)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert "n’est plus valable" in Client().post(link).content.decode()


def test_the_form_is_protected(user: User) -> None:
    link = received(Client())
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link).status_code == 403
    assert AccountLetter.objects.exclude(digest="").exists(), "un envoi forgé n’use pas le lien"


@pytest.mark.parametrize("secret", ["x", "%00", "é", "a" * 3_000, " "])
def test_a_made_up_link_opens_nothing(secret: str, client: Client, user: User) -> None:
    received(client)
    for answer in (client.get(f"/connexion/lien/{secret}/"), client.post(f"/connexion/lien/{secret}/")):
        assert answer.status_code == 200
        assert "n’est plus valable" in answer.content.decode()
    assert not is_in(client)


def test_the_database_does_not_hold_the_link(client: Client, user: User) -> None:
    secret = received(client).rstrip("/").rpartition("/")[2]
    (letter,) = AccountLetter.objects.filter(kind=LetterKind.SIGN_IN)
    assert len(secret) >= 40
    assert secret not in repr(vars(letter))


@pytest.mark.parametrize("email", ["personne.ici@exemple.test", "ferme@exemple.test"])
def test_nobody_learns_whether_the_address_is_known(client: Client, email: str) -> None:
    User.objects.filter(pk=make_user(email="ferme@exemple.test").pk).update(is_active=False)
    answer = client.post("/connexion/lien/", {"email": email})
    assert (answer.status_code, answer["Location"]) == (302, "/connexion/lien/envoye/")
    assert mail.outbox == []


def test_it_comes_in_while_the_account_is_paused(client: Client, user: User) -> None:
    for number in range(settings.AXES_FAILURE_LIMIT):
        paused = client.post("/connexion/", {"username": EMAIL, "password": f"essai {number}"})
    assert paused.status_code == 429
    assert "/connexion/lien/" in paused.content.decode()
    assert client.post("/connexion/", {"username": EMAIL, "password": PASSWORD}).status_code == 429
    assert client.post(received(client)).status_code == 302
    assert is_in(client)


def test_what_was_typed_before_the_pause_is_sent_after_the_link(user: User) -> None:
    """The page « trop d’essais » holds it; its form is out of date once the link was used in another tab."""
    client = Client(enforce_csrf_checks=True)
    client.get("/connexion/")
    stale = client.cookies["csrftoken"].value
    link = received(Client())
    client.get(link)
    client.post(link, {"csrfmiddlewaretoken": client.cookies["csrftoken"].value})
    assert is_in(client)
    kept = '{"path": "/mon-compte/mot-de-passe/", "fields": [["note", "mot à mot"]], "files": []}'
    answer = client.post(
        "/connexion/",
        {"kept": kept, "csrfmiddlewaretoken": stale[::-1]},
        headers={"Origin": "http://testserver"},
    )
    assert 'name="note" value="mot à mot"' in answer.content.decode()


# The pause between two letters -----------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/connexion/lien/", "/mot-de-passe/oublie/"])
def test_the_pause_is_in_the_database(address: str, client: Client, user: User) -> None:
    for _ in range(3):
        client.post(address, {"email": EMAIL})
    assert len(mail.outbox) == 1
    shift(minutes=-1)
    client.post(address, {"email": EMAIL})
    assert len(mail.outbox) == 1
    shift(minutes=-1)
    client.post(address, {"email": EMAIL})
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("address", ["/connexion/lien/", "/mot-de-passe/oublie/"])
def test_a_clock_set_back_holds_nobody(address: str, client: Client, user: User) -> None:
    client.post(address, {"email": EMAIL})
    shift(hours=1)  # the clock went back one hour
    client.post(address, {"email": EMAIL})
    assert len(mail.outbox) == 2


def test_a_clock_set_back_does_not_lengthen_a_link(client: Client, user: User) -> None:
    link = received(client)
    shift(hours=1)
    assert "n’est plus valable" in client.post(link).content.decode()


def test_links_go_to_the_declared_origin(client: Client, user: User, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    for address in ("/connexion/lien/", "/mot-de-passe/oublie/"):
        client.post(address, {"email": EMAIL}, headers={"Host": "piege.example"})
    client.force_login(user, "jalons.accounts.backends.SessionBackend")
    phrase = "encore une longue phrase"
    data = {"old_password": PASSWORD, "new_password1": phrase, "new_password2": phrase}
    client.post("/mon-compte/mot-de-passe/", data, headers={"Host": "piege.example"})
    assert len(mail.outbox) == 3
    for message in mail.outbox:
        assert "https://jalons.exemple.test/" in message.body
        assert "piege" not in message.body


@pytest.mark.django_db(transaction=True)
class TestTogether:
    def race(self, work: Any, count: int = 8) -> list[Any]:
        """What eight threads, each with its own connection, get at once."""
        ready, results = threading.Barrier(count), []

        def run() -> None:
            ready.wait()
            try:
                results.append(work())
            finally:
                connection.close()

        threads = [threading.Thread(target=run) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    def test_one_letter_leaves(self) -> None:
        user = make_user(email=EMAIL)
        results = self.race(lambda: letters.claim_letter(user=user, kind=LetterKind.PASSWORD))
        assert sorted(results) == [False] * 7 + [True]

    def test_one_session_opens(self) -> None:
        user = make_user(email=EMAIL)
        letters.claim_letter(user=user, kind=LetterKind.SIGN_IN, secret="un secret")
        results = self.race(lambda: letters.use_link(secret="un secret"))
        assert [result for result in results if result] == [user]
        assert len(results) == 8


def test_a_letter_says_what_it_is(user: User) -> None:
    letter = AccountLetter(user=user, kind=LetterKind.SIGN_IN, sent_at=timezone.now())
    assert str(letter) == "lien pour se connecter · Camille Essai"
