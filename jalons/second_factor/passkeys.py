"""Passkeys (WebAuthn): what the page asks the browser, and reading what the browser answers.

The options travel in the page and the answer in a hidden field of its form, so that a passkey is sent, refused and
followed by what was typed like any other form. Only the challenge waits in the session, and serves once.
"""

import json
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django_otp_webauthn.exceptions import OTPWebAuthnApiError
from django_otp_webauthn.helpers import WebAuthnHelper
from django_otp_webauthn.models import WebAuthnCredential
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import PublicKeyCredentialUserEntity

from jalons.accounts.models import User
from jalons.core import headers
from jalons.second_factor.enums import FactorEventKind, FactorKind
from jalons.second_factor.selectors import Factor
from jalons.second_factor.services import MOST, TOO_MANY, record

ADDING, PROVING = "passkey_adding", "passkey_proving"
TRY_AGAIN = "Recommencez depuis cette page, sans la quitter."
NOT_READ = f"La clé n’a pas été reconnue. {TRY_AGAIN}"
NOT_YOURS = "Cette clé n’est pas l’une des vôtres, ou elle a été retirée. Prenez-en une autre, ou un code."
ALREADY = "Cette clé est déjà enregistrée dans Jalons."
# What a malformed or refused answer of a browser makes the libraries raise.
REFUSALS = (
    WebAuthnException,
    OTPWebAuthnApiError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    RecursionError,  # lists inside lists, thousands of times
)


class PasskeyHelper(WebAuthnHelper):
    """Named by `OTP_WEBAUTHN_HELPER_CLASS`. The handle of a person is derived: showing the page writes nothing."""

    def get_user_entity(self, user: Any) -> PublicKeyCredentialUserEntity:
        return PublicKeyCredentialUserEntity(
            id=salted_hmac("jalons.second_factor.passkey", str(user.pk), algorithm="sha256").digest(),
            name=self.get_credential_name(user),
            display_name=user.name,
        )


def home() -> str:
    """Where passkeys are made and serve: a browser gives them to no other address."""
    return str(settings.OTP_WEBAUTHN_ALLOWED_ORIGINS[0])


def elsewhere(request: HttpRequest) -> str:
    """The host that passkeys belong to, when this page is seen at another address; nothing at the right one."""
    return "" if headers.own_origin(request) == home() else str(urlsplit(home()).netloc)


def options_to_add(request: HttpRequest, user: User) -> str:
    """JSON for the browser; the former challenge does not serve any more."""
    options, request.session[ADDING] = PasskeyHelper(request).register_begin(user)
    return json.dumps(options)


def options_to_prove(request: HttpRequest, user: User) -> str:
    options, request.session[PROVING] = PasskeyHelper(request).authenticate_begin(
        user, require_user_verification=False
    )
    return json.dumps(options)


def add_passkey(request: HttpRequest, user: User, *, name: str, answer: str) -> WebAuthnCredential:
    """Raises `ValidationError` in French."""
    state = request.session.pop(ADDING, None)
    if state is None:
        raise ValidationError(NOT_READ)
    if WebAuthnCredential.objects.filter(user=user).count() >= MOST:
        raise ValidationError(TOO_MANY)
    try:
        with transaction.atomic():
            device = PasskeyHelper(request).register_complete(user, state, json.loads(answer))
            device.name = name
            device.save(update_fields=["name"])
            label = Factor(FactorKind.PASSKEY, device).label
            record(user=user, kind=FactorEventKind.ADDED, label=label, by=user)
    except IntegrityError as error:
        raise ValidationError(ALREADY) from error
    except REFUSALS as error:
        raise ValidationError(NOT_READ) from error
    return device


def read_passkey(request: HttpRequest, user: User, *, answer: str) -> WebAuthnCredential:
    """The passkey of `user` that answered this page. Raises `ValidationError` in French."""
    state = request.session.pop(PROVING, None)
    if state is None:
        raise ValidationError(NOT_READ)
    try:
        device = PasskeyHelper(request).authenticate_complete(user, state, json.loads(answer))
    except OTPWebAuthnApiError as error:
        raise ValidationError(NOT_YOURS) from error
    except REFUSALS as error:
        raise ValidationError(NOT_READ) from error
    if not device.confirmed:
        raise ValidationError(NOT_YOURS)
    return device
