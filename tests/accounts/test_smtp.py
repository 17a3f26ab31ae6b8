"""The link to choose a new password leaves by a real mail server and lets its reader in."""

import re
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from django.core.cache import cache
from django.test import Client

from tests.factories import Cast

pytestmark = pytest.mark.django_db


class Mailbox(Message):
    """Keeps what the server receives."""

    def __init__(self) -> None:
        super().__init__()
        self.received: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.received.append(message_from_bytes(message.as_bytes(), policy=policy.default))


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    cache.clear()  # letters to one person are two minutes apart
    mailbox = Mailbox()
    # Port 0 lets the system choose; the controller's own check needs a fixed one.
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield mailbox
    controller.stop()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


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
