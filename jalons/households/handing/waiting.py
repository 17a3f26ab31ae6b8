"""Copies that wait for an answer: sealed again under a new key, destroyed. Needs no open register but to be renewed."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from jalons.households.enums import HandingRefusal, HandingState
from jalons.households.models import HandedCopy, HouseholdHanding, Register
from jalons.households.vault import OpenRegister, UnreadableSeal, holders

WAITS_DAYS = 30


def copy_context(handing: HouseholdHanding) -> str:
    """Moved to another line, or to another receiver, a copy does not open."""
    return f"{handing.sender_id}|{handing.receiver_id}|handed|{handing.pk}"


def box_mark(organisation_id: int, public: bytes | memoryview) -> str:
    """A structure and its key, as a form names them: another key put there meanwhile is another choice."""
    return f"{organisation_id}-{holders.fingerprint(public).replace(' ', '')}"


def box_fields(register: OpenRegister) -> dict[str, Any]:
    box = register.new_box()
    return {"box_public": box.public, "box_private": box.private, "box_made_at": timezone.now()}


def give_box(register: OpenRegister, stored: Register) -> None:
    """A register made before it could be handed families has its pair at its next opening; made once."""
    if stored.box_made_at is None and stored.key_version == register.version:
        Register.objects.filter(pk=stored.pk, box_made_at__isnull=True, key_version=register.version).update(
            **box_fields(register)
        )


def renewed_box(opened: OpenRegister, renewed: OpenRegister, stored: Register) -> dict[str, Any]:
    """In the transaction that renews the key, which holds the register: what waits is sealed for the new pair.

    What cannot be opened could not be before either: it is destroyed, and its sender sees it.
    """
    fields = box_fields(renewed)
    waiting = HouseholdHanding.objects.waiting().filter(receiver=stored.organisation_id)
    for handing in waiting.select_for_update(of=("self",)).order_by("pk"):
        copy = HandedCopy.objects.filter(pk=handing.pk).first()
        try:
            payload = opened.open_box(stored.box_private, copy.sealed if copy else b"", copy_context(handing))
        except UnreadableSeal:
            close(handing, HandingState.EXPIRED)
            continue
        sealed = holders.wrap_for(fields["box_public"], payload, copy_context(handing))
        HandedCopy.objects.filter(pk=handing.pk).update(sealed=sealed)
    return fields


def close(handing: HouseholdHanding, state: HandingState, refusal: str = "") -> None:
    """Under the lock of its row: the copy is destroyed, and what came of it stays."""
    HandedCopy.objects.filter(pk=handing.pk).delete()
    handing.state, handing.refusal, handing.answered_at = state, refusal, timezone.now()
    handing.save(update_fields=["state", "refusal", "answered_at"])


def take_back_household(organisation_id: int, household_id: UUID) -> None:
    """In a transaction: of a household that is erased, nothing waits elsewhere."""
    rows = HouseholdHanding.objects.waiting().filter(sender=organisation_id, household=household_id)
    for handing in rows.select_for_update(of=("self",)):
        close(handing, HandingState.TAKEN_BACK)


def close_every_handing(organisation_id: int) -> None:
    """In a transaction: of a register that goes, nothing waits elsewhere, and nothing waits for it."""
    waiting = HouseholdHanding.objects.waiting().select_for_update(of=("self",)).order_by("pk")
    for handing in waiting.filter(sender=organisation_id):
        close(handing, HandingState.TAKEN_BACK)
    for handing in waiting.filter(receiver=organisation_id):
        close(handing, HandingState.DECLINED, HandingRefusal.CLOSED)


def expire(today: dt.date) -> int:
    """Nobody answered for thirty days: the copy is destroyed. How many were."""
    count = 0
    for pk in [
        *HouseholdHanding.objects.waiting().filter(expires_on__lte=today).values_list("pk", flat=True)
    ]:
        with transaction.atomic():
            handing = HouseholdHanding.objects.waiting().select_for_update(of=("self",)).filter(pk=pk).first()
            if handing is not None:
                close(handing, HandingState.EXPIRED)
                count += 1
    return count
