"""Writing second factors. Each act leaves a line of history and is told to the person by e-mail."""

import secrets
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django_otp import verify_token
from django_otp.plugins.otp_static.models import StaticToken
from django_otp_webauthn.models import WebAuthnCredential

from jalons.accounts.models import User
from jalons.core.fields import ALPHABET
from jalons.second_factor import codes
from jalons.second_factor.enums import FactorEventKind, FactorKind
from jalons.second_factor.models import CodeApplication, FactorEvent, RecoverySheet, digest_of
from jalons.second_factor.notifications import tell_factor_event
from jalons.second_factor.selectors import Factor, accounts_in_charge, factors_of

CODES, HALF = 10, 5
MOST = 5  # of one kind
TOO_MANY = f"Vous en avez déjà {MOST}\u00a0: retirez-en un d’abord."
NO_CODE = "Ce code de secours n’est pas le bon, ou il a déjà servi. Chacun ne sert qu’une fois."


def record(*, user: User, kind: FactorEventKind, label: str = "", by: User, reason: str = "") -> FactorEvent:
    event = FactorEvent.objects.create(user=user, kind=kind, label=label, by=by, reason=reason)
    transaction.on_commit(lambda: tell_factor_event.enqueue(event.pk))
    return event


@transaction.atomic
def add_application(*, user: User, name: str, key: str, code: str) -> CodeApplication:
    """`key`: its secret, in hexadecimal. Raises `ValidationError` in French when the code is not one of its own."""
    if CodeApplication.objects.filter(user=user).count() >= MOST:
        raise ValidationError(TOO_MANY)
    device = CodeApplication.objects.create(user=user, name=name, key=key)
    figures = codes.figures_of(code)
    if not figures or not device.verify_token(figures):
        words = codes.first_refusal_in_words(device, figures) if figures else codes.WRONG
        raise ValidationError(words)
    record(user=user, kind=FactorEventKind.ADDED, label=Factor(FactorKind.APPLICATION, device).label, by=user)
    return device


def read_code(*, user: User, typed: str) -> CodeApplication:
    """The application whose code it is. Raises `ValidationError` that says why none is. A code serves once."""
    figures = codes.figures_of(typed)
    applications = [factor.device for factor in factors_of(user) if factor.kind == FactorKind.APPLICATION]
    if not figures or not applications:
        raise ValidationError(codes.WRONG)
    words = codes.WRONG
    for application in applications:
        if pause := codes.pause_in_words(application):
            words = pause
        elif verify_token(user, application.persistent_id, figures):
            return application
        else:
            words = codes.refusal_in_words(application, figures)
    raise ValidationError(words)


def read_recovery_code(*, user: User, typed: str) -> RecoverySheet:
    """Uses up the code. Raises `ValidationError` when it is not one of theirs."""
    sheet = RecoverySheet.objects.filter(user=user).first()
    if sheet is None:
        raise ValidationError(NO_CODE)
    if pause := codes.pause_in_words(sheet):
        raise ValidationError(pause)
    if not verify_token(user, sheet.persistent_id, typed):
        raise ValidationError(NO_CODE)
    return sheet


@transaction.atomic
def new_recovery_codes(*, user: User) -> list[str]:
    """Ten new codes, in clear for the last time; the former ones do not work any more."""
    RecoverySheet.objects.filter(user=user).delete()
    sheet = RecoverySheet.objects.create(user=user, name="codes de secours")
    written = [new_code() for _ in range(CODES)]
    StaticToken.objects.bulk_create([StaticToken(device=sheet, token=digest_of(code)) for code in written])
    record(user=user, kind=FactorEventKind.CODES, by=user)
    return written


def new_code() -> str:
    """« 7kq2m-x9wtd »: 49 bits, without letters that look alike."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(2 * HALF))
    return f"{letters[:HALF]}-{letters[HALF:]}"


@transaction.atomic
def remove_factor(*, user: User, factor: Factor) -> None:
    """Without any factor left, the recovery codes go too."""
    factor.device.delete()
    record(user=user, kind=FactorEventKind.REMOVED, label=factor.label, by=user)
    if not factors_of(user):
        RecoverySheet.objects.filter(user=user).delete()


@transaction.atomic
def reset_second_factor(*, user: User, by: User, reason: str) -> bool:
    """For a lost phone: all the factors and codes of `user` go. False when there was none any more.

    Raises `PermissionDenied` unless `by` is in charge of that account.
    """
    if not accounts_in_charge(by).filter(pk=user.pk).exists():
        raise PermissionDenied("Droit nécessaire\u00a0: gérer ce compte.")
    models: tuple[Any, ...] = (CodeApplication, WebAuthnCredential, RecoverySheet)
    # Of the parents first: of two administrators, the second finds nothing left.
    gone = [model.objects.filter(user=user).delete()[0] for model in models]
    if not any(gone):
        return False
    record(user=user, kind=FactorEventKind.RESET, by=by, reason=reason)
    return True
