"""Requests for access and invitations, and the e-mails that they send."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from jalons.accounts.models import User
from tests.factories import BACKEND, Cast

ASKED = {
    "name": "Lou Nouvelle",
    "email": "lou@exemple.test",
    "organisation": "Les amis de Lille",
    "territory": "Lille",
    "duties": "Médiation en santé.",
    "purpose": "Suivre les sites où nous intervenons.",
}
Asks = Callable[..., Any]


@pytest.fixture
def asks(client: Client, cast: Cast, django_capture_on_commit_callbacks: Any) -> Asks:
    """Sends the public form, as a person does; the tasks have run when it answers."""

    def send(**changed: str) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return Client().post("/demande-acces/", {**ASKED, **changed})

    return send


@pytest.fixture
def posts(django_capture_on_commit_callbacks: Any) -> Callable[..., Any]:
    """What a signed-in person sends; the tasks have run when it answers."""

    def send(user: User | None, address: str, data: Any = None) -> Any:
        client = signed_in(user) if user else Client()
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(address, data or {})

    return send


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), BACKEND)
    return client


def path_in(text: Any, start: str) -> str:
    """The address of a page of ours in an e-mail."""
    found = re.search(rf"https://jalons\.exemple\.test({start}\S*)", str(text))
    assert found, text
    return found[1]


def mails_to(address: str) -> list[Any]:
    return [letter for letter in mail.outbox if letter.to == [address]]
