"""A new key for a register, after somebody was withdrawn: who knew the old one reads nothing written from then on.

First a new version is given to every member; then each household gets a new key of its own, sealed under the new
version, a few at a time, one transaction each time. Stopped at any point, each household is whole, under the old key
or the new one; it goes on at the next opening.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from jalons.accounts.models import User
from jalons.households.handing.waiting import renewed_box
from jalons.households.keys import wrapped_key
from jalons.households.models import Household, HouseholdKey, Register, RegisterKeyCopy, RegisterMember
from jalons.households.services import (
    RECOVERY,
    check_current,
    check_somebody_stays,
    copy_key,
    holder_of,
    locked_member,
)
from jalons.households.vault import OpenRegister, UnreadableSeal

PARTS = ("content", "summary")
AT_ONCE = 250  # households a transaction: a tenth of a second


def withdraw_member(*, opened: OpenRegister, member: RegisterMember, by: User) -> OpenRegister:
    """They lose the key at once; everybody who stays has a new one. Returns the register with it.

    Raises `RegisterRefusal` for the last responsible person.
    """
    with transaction.atomic():
        locked = locked_member(member.pk)
        check_somebody_stays(locked)
        RegisterKeyCopy.objects.filter(member=locked).delete()
        RegisterMember.objects.filter(pk=locked.pk).update(
            withdrawn_at=timezone.now(),
            withdrawn_by=by,
            public_key=b"",
            private_key=b"",
            proof=b"",
            responsible=False,
        )
        if locked.admitted_at is None:
            return opened
        return start_renewal(opened, locked.register)


def start_renewal(opened: OpenRegister, register: Register) -> OpenRegister:
    """In a transaction that holds the register. A holder that nobody vouched for gets nothing: see `vouched`; nor who
    left the organisation or whose account is closed.
    """
    check_current(opened, register)
    renewed = opened.renewed()
    present = {*RegisterMember.objects.present().filter(register=register).values_list("pk", flat=True)}
    for member in RegisterMember.objects.admitted().filter(register=register).select_related("register"):
        holder = holder_of(member.user_id)
        vouched = opened.vouched(member.public_key, holder, member.proof)
        if member.pk not in present or not vouched:
            RegisterKeyCopy.objects.filter(member=member).delete()
            RegisterMember.objects.filter(pk=member.pk).update(admitted_at=None, proof=b"")
            continue
        copy_key(renewed, register, member, bytes(member.public_key), holder)
        RegisterMember.objects.filter(pk=member.pk).update(proof=renewed.vouch(member.public_key, holder))
    changes: dict[str, Any] = {"key_version": renewed.version, "renewed_at": timezone.now()}
    changes |= renewed_box(opened, renewed, register)
    if opened.vouched(register.recovery_public, RECOVERY, register.recovery_proof):
        copy_key(renewed, register, None, bytes(register.recovery_public), RECOVERY)
        changes["recovery_proof"] = renewed.vouch(register.recovery_public, RECOVERY)
    else:
        RegisterKeyCopy.objects.filter(register=register, member=None).delete()
    Register.objects.filter(pk=register.pk).update(**changes)
    return renewed


def left_to_renew(register: Register) -> int:
    """Households still under an older key."""
    return HouseholdKey.objects.filter(
        organisation=register.organisation_id, version__lt=register.key_version
    ).count()


def renew_some(opened: OpenRegister, register: Register, most: int = AT_ONCE) -> int:
    """Gives new keys to some households; returns how many are left. Without any, old copies of the key go away."""
    with transaction.atomic():
        check_current(opened, Register.objects.select_for_update().get(pk=register.pk))
        waiting = HouseholdKey.objects.filter(organisation=opened.organisation_id, version__lt=opened.version)
        ids = [*waiting.order_by("household_id").values_list("household_id", flat=True)[:most]]
        rows = [
            *Household.objects.select_for_update(of=("self",))
            .filter(pk__in=ids)
            .select_related("key")
            .order_by("pk")
        ]
        keys = [renew_household(opened, row) for row in rows]
        Household.objects.bulk_update(rows, PARTS, batch_size=100)
        HouseholdKey.objects.bulk_update(keys, ["version", "wrapped"], batch_size=100)
        # Keys of no household: erased since, or restored from another day.
        HouseholdKey.objects.filter(pk__in={*ids} - {row.pk for row in rows}).delete()
        left = waiting.count()
        if not left:
            RegisterKeyCopy.objects.filter(register=register, version__lt=opened.version).delete()
    return left


def renew_household(opened: OpenRegister, household: Household) -> HouseholdKey:
    """A new key and its content sealed under it. What could not be read stays as it is: nobody could before either."""
    opened.learn(household.pk, wrapped_key(household))
    payloads: dict[str, bytes] = {}
    for part in PARTS:
        try:
            payloads[part] = opened.open(household.pk, part, getattr(household, part))
        except UnreadableSeal:
            continue
    key: HouseholdKey = household.key
    if not payloads:
        key.version = opened.version  # what it wraps is left: an older copy of the register may still open it
        return key
    wrapped = opened.new_household_key(household.pk)
    for part, payload in payloads.items():
        setattr(household, part, opened.seal(household.pk, part, payload))
    key.version, key.wrapped = wrapped.version, wrapped.wrapped
    return key
