"""Hands a family to another organisation; the other accepts or declines. Nothing but the sealed copy crosses."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from jalons.accounts.models import User
from jalons.core import clock
from jalons.households.enums import HandingRefusal, HandingState
from jalons.households.families import edits
from jalons.households.families.content import FollowedFamily
from jalons.households.families.enums import ExitReason, FactKind
from jalons.households.families.handed import (
    HandingAgreement,
    accepted_copy,
    from_handed,
    handed_copy,
    to_handed,
)
from jalons.households.families.stored import UnreadableFamily
from jalons.households.handing.waiting import WAITS_DAYS, box_mark, close, copy_context
from jalons.households.keys import lock_register
from jalons.households.models import HandedCopy, Household, HouseholdHanding, Register
from jalons.households.sheets.services import (
    FamilySave,
    change_family,
    create_family,
    locked_family,
    sealed_into,
)
from jalons.households.vault import OpenRegister, UnreadableSeal, holders


class HandingRefused(Exception):
    """Why it cannot be done, in French, for the person who asked."""


NO_BOX = "Cette structure ne peut plus recevoir de famille\u00a0: choisissez-en une autre."
TWICE = "Ce ménage attend déjà une réponse\u00a0: reprenez-le d’abord."
CLOSED = "Ce ménage n’attend plus de réponse."


@dataclass(frozen=True, slots=True)
class HandingAsked:
    """To whom, with which agreement of the family, with or without visits and notes."""

    household: UUID
    receiver: str  # see `box_mark`
    agreement: HandingAgreement
    notes: bool = False


@transaction.atomic
def hand(save: FamilySave, asked: HandingAsked, *, by: User) -> bool:
    """False when it was already sent: nothing is done twice.

    The receiving register first, so that its pair does not change meanwhile; then the household.

    Raises `HandingRefused`, `LostKey`.
    """
    receiver = int(asked.receiver.partition("-")[0])
    box = (
        Register.objects.select_for_update()
        .filter(organisation=receiver, box_made_at__isnull=False)
        .exclude(organisation=save.register.organisation_id)
        .first()
    )
    if box is None or box_mark(receiver, box.box_public) != asked.receiver:
        raise HandingRefused(NO_BOX)
    household, family = locked_family(save.register, asked.household)
    if save.token in family.saves:
        return False
    if HouseholdHanding.objects.waiting().filter(household=household.pk).exists():
        raise HandingRefused(TWICE)
    agreed = asked.agreement.fact(f"À {box.organisation}", save.author)
    sealed_into(household, save, edits.with_fact(family, agreed, save.at))
    household.version += 1
    household.save(update_fields=["content", "summary", "version", "erase_on"])
    handing = HouseholdHanding.objects.create(
        sender_id=save.register.organisation_id,
        receiver_id=receiver,
        household=household.pk,
        number=household.number,
        sent_by=by,
        expires_on=save.today + dt.timedelta(days=WAITS_DAYS),
    )
    payload = to_handed(handed_copy(family.as_known(), notes=asked.notes), asked.agreement)
    HandedCopy.objects.create(
        handing=handing, sealed=holders.wrap_for(box.box_public, payload, copy_context(handing))
    )
    return True


def opened_copy(
    register: OpenRegister, handing: HouseholdHanding, box: Register
) -> tuple[FollowedFamily, HandingAgreement]:
    """Raises `UnreadableFamily` when it does not open: destroyed, or not sealed for this register."""
    copy = HandedCopy.objects.filter(pk=handing.pk).first()
    try:
        payload = register.open_box(box.box_private, copy.sealed if copy else b"", copy_context(handing))
    except UnreadableSeal:
        raise UnreadableFamily from None
    return from_handed(payload)


def locked_handing(pk: UUID, **of: int) -> HouseholdHanding:
    """`of`: the sender or the receiver. `HandingRefused` when it does not wait any more."""
    handing = HouseholdHanding.objects.select_for_update(of=("self",)).filter(pk=pk, **of).first()
    if handing is None or handing.state != HandingState.WAITING:
        raise HandingRefused(CLOSED)
    return handing


@transaction.atomic
def accept(save: FamilySave, pk: UUID) -> tuple[Household, HouseholdHanding]:
    """A new household, of its own number and key; the copy is destroyed. `HandingRefused`, `UnreadableFamily`."""
    box = lock_register(save.register)
    handing = locked_handing(pk, receiver=save.register.organisation_id)
    if handing.expires_on <= save.today:
        raise HandingRefused(CLOSED)
    family, agreement = opened_copy(save.register, handing, box)
    content = accepted_copy(family, agreement, at=save.at, author=save.author, sender=str(handing.sender))
    household = create_family(save, uuid4(), content)
    close(handing, HandingState.ACCEPTED)
    return household, handing


@transaction.atomic
def decline(organisation_id: int, pk: UUID, why: HandingRefusal) -> HouseholdHanding:
    handing = locked_handing(pk, receiver=organisation_id)
    close(handing, HandingState.DECLINED, why)
    return handing


@transaction.atomic
def take_back(organisation_id: int, pk: UUID) -> HouseholdHanding:
    handing = locked_handing(pk, sender=organisation_id)
    close(handing, HandingState.TAKEN_BACK)
    return handing


def end_accompaniment(save: FamilySave, handing: HouseholdHanding) -> Household:
    """Once accepted, the sender may end what goes on, on the day of the answer; its sheet stays."""
    day = clock.day_in(timezone.get_current_timezone(), handing.answered_at)

    def ended(family: FollowedFamily) -> FollowedFamily:
        for fact in family.as_known().facts:
            goes_on = fact.until is None or fact.until > day
            if fact.kind == FactKind.DISPOSITIF and goes_on and (fact.since is None or fact.since <= day):
                changes: dict[str, Any] = {"until": day, "detail": ExitReason.OTHER, "author": save.author}
                family = edits.correct_fact(family, fact.id, save.at, **changes)
        return family

    return change_family(save, handing.household, ended)
