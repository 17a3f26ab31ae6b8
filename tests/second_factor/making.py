"""Second factors for the tests, without waiting for a clock: codes are computed for any step from now."""

import time
from typing import Any

from django.test import Client
from django_otp.oath import totp

from jalons.accounts.models import User
from jalons.second_factor.models import CodeApplication
from tests.factories import BACKEND, PASSWORD

KEY = "3132333435363738393031323334353637383930"
STEP = "/connexion/seconde-preuve/"
OWN = "/mon-compte/double-authentification/"


def make_application(user: User, key: str = KEY) -> CodeApplication:
    return CodeApplication.objects.create(user=user, name="Téléphone", key=key)


def code(offset: int = 0, key: str = KEY) -> str:
    """What the application shows `offset` steps of thirty seconds from now."""
    return f"{totp(bytes.fromhex(key), t0=-30 * offset):06d}"


def forgive(*devices: Any) -> None:
    """As if the pause after a refused try was over."""
    for device in devices:
        type(device).objects.filter(pk=device.pk).update(throttling_failure_count=0)


def password_given(client: Client, user: User, **more: str) -> Any:
    return client.post("/connexion/", {"username": user.email, "password": PASSWORD, **more})


def verified_client(user: User) -> Client:
    """A session proved twice, by an application."""
    device = CodeApplication.objects.filter(user=user).first() or make_application(user)
    client = Client()
    client.force_login(user, BACKEND)
    session = client.session
    session["otp_device_id"] = device.persistent_id
    session.save()
    return client


def now_is(monkeypatch: Any, moment: float) -> None:
    monkeypatch.setattr(time, "time", lambda: moment)


def is_in(client: Client) -> bool:
    return client.get("/mon-compte/").status_code == 200


def text(answer: Any) -> str:
    return answer.content.decode()
