"""The link to choose a new password leaves by a real mail server and lets its reader in."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tests.factories import Cast
from tests.mailbox import Mailbox, serving

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    with serving(Mailbox(), settings) as mailbox:
        yield mailbox


def test_a_forgotten_password(mailbox: Mailbox, client: Client, cast: Cast) -> None:
    client.post("/mot-de-passe/oublie/", {"email": cast.mairie.email.upper()})
    (letter,) = mailbox.received
    assert letter["To"] == cast.mairie.email
    text = letter.get_body(("plain",)).get_content()
    found = re.search(r"https?://[^/\s]+(/mot-de-passe/nouveau/\S+)", text)
    assert found, text
    page = client.get(found.group(1), follow=True)
    assert "mot de passe" in page.content.decode()
    phrase = "une toute nouvelle phrase"
    client.post(page.request["PATH_INFO"], {"new_password1": phrase, "new_password2": phrase})
    signed_in = Client().post("/connexion/", {"username": cast.mairie.email, "password": phrase})
    assert signed_in.status_code == 302


def test_nobody_is_told_whether_an_account_exists(mailbox: Mailbox, client: Client, cast: Cast) -> None:
    known = client.post("/mot-de-passe/oublie/", {"email": cast.mairie.email})
    unknown = client.post("/mot-de-passe/oublie/", {"email": "personne@exemple.test"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert len(mailbox.received) == 1
