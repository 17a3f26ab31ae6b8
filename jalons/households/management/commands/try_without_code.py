"""Essaie d’ouvrir un registre avec tout ce que le serveur garde, et sans aucun code."""

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand, CommandError

from jalons.core.values import format_number
from jalons.households import session
from jalons.households.models import Household, HouseholdKey, Register, RegisterKeyCopy, RegisterMember
from jalons.households.vault import OpenRegister, UnreadableSeal, WrappedKey
from jalons.households.vault.sealing import KEY_BYTES, unseal


class Command(BaseCommand):
    help = "Montre que la base, les réglages et la clé secrète, sans aucun code, n’ouvrent aucun ménage."

    def handle(self, *args: Any, **options: Any) -> None:
        keys = {*candidate_keys()}
        households = [*Household.objects.select_related("key").order_by("pk")[:20]]
        opened = sum(opens(household, key) for household in households for key in keys)
        self.stdout.write(
            f"{format_number(len(households))} ménages, {format_number(len(keys))} clés essayées\u00a0: "
            f"{format_number(opened)} contenu ouvert."
        )
        if opened:
            raise CommandError("Un contenu s’est ouvert sans code.")


def candidate_keys() -> Iterator[bytes]:
    """Every 32 bytes that the base holds, and what the secret key may give."""
    secret = settings.SECRET_KEY.encode()
    yield hashlib.sha256(secret).digest()
    yield secret.ljust(KEY_BYTES, b"\0")[:KEY_BYTES]
    for salt in (b"", b"register", b"registre", b"django.core.signing", b"jalons.households"):
        yield hmac.digest(secret, salt, "sha256")
    for blob in stored_blobs():
        for start in range(0, len(blob) - KEY_BYTES + 1):
            yield blob[start : start + KEY_BYTES]
        yield hashlib.sha256(blob).digest()


def stored_blobs() -> Iterator[bytes]:
    for register in Register.objects.order_by("pk"):
        yield bytes(register.recovery_public)
        yield bytes(register.recovery_private)
        yield bytes(register.recovery_proof)
    for member in RegisterMember.objects.order_by("pk"):
        yield bytes(member.public_key)
        yield bytes(member.private_key)
        yield bytes(member.proof)
    for wrapped in RegisterKeyCopy.objects.order_by("pk").values_list("wrapped", flat=True):
        yield bytes(wrapped)
    for wrapped in HouseholdKey.objects.order_by("pk").values_list("wrapped", flat=True)[:50]:
        yield bytes(wrapped)
    for stored in Session.objects.order_by("pk"):
        held = stored.get_decoded().get(session.IN_SESSION)
        for one in held.values() if isinstance(held, dict) else ():
            yield session.bytes_of(one.get("sealed"))


def opens(household: Household, key: bytes) -> bool:
    """As the key of the register, then as the key of the household itself."""
    stored = getattr(household, "key", None)
    if stored is None:
        return False
    register = OpenRegister(household.organisation_id, {stored.version: key})
    register.learn(household.pk, WrappedKey(stored.version, bytes(stored.wrapped)))
    context = f"{household.organisation_id}|summary|{household.pk}|{stored.version}"
    for attempt in (
        lambda: register.open(household.pk, "summary", household.summary),
        lambda: unseal(key, household.summary, context),
    ):
        try:
            attempt()
        except UnreadableSeal:
            continue
        return True
    return False
