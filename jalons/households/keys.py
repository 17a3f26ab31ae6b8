"""The keys of households, between the base and an opened register. The only writer of `HouseholdKey`."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist

from jalons.households.models import Household, HouseholdKey, Register
from jalons.households.vault import OpenRegister, UnreadableSeal, WrappedKey


def new_household_key(register: OpenRegister, household: Household) -> HouseholdKey:
    """Gives a new household its key, in the transaction that saves it; `register` may then seal its content.

    `UnreadableSeal` when the key of the register changed since it was opened: sealed under the old one, the household
    would be lost.
    """
    if lock_register(register).key_version != register.version:
        raise UnreadableSeal
    wrapped = register.new_household_key(household.pk)
    return HouseholdKey.objects.create(
        household_id=household.pk,
        organisation_id=register.organisation_id,
        version=wrapped.version,
        wrapped=wrapped.wrapped,
    )


def lock_register(register: OpenRegister) -> Register:
    """In a transaction: numbers are given, and keys changed, one person at a time."""
    return Register.objects.select_for_update().get(organisation=register.organisation_id)


def learn_keys(register: OpenRegister, households: Iterable[Household]) -> None:
    """So that `register` may open households read with `Household.objects.of(register)`; no query."""
    for household in households:
        register.learn(household.pk, wrapped_key(household))


def wrapped_key(household: Household) -> WrappedKey | None:
    """None when the key is destroyed, or was not in the table that was restored."""
    try:
        key: Any = household.key
    except ObjectDoesNotExist:
        return None
    return WrappedKey(key.version, bytes(key.wrapped))


def opened(register: OpenRegister, household: Household, part: str) -> bytes | None:
    """The content of a household, or its summary; None when it cannot be read: « clé détruite ou absente »."""
    try:
        return register.open(household.pk, part, getattr(household, part))
    except UnreadableSeal:
        return None


def destroy_every_key(organisation_id: int) -> int:
    """Of every household of a register; how many there were. In the caller's transaction."""
    return HouseholdKey.objects.filter(organisation=organisation_id).delete()[0]


def destroy_key(register: OpenRegister | None, household_id: UUID) -> bool:
    """What was sealed is lost for everybody, old copies of the households included. Needs no open register."""
    if register is not None:
        register.forget(household_id)
    return HouseholdKey.objects.filter(household_id=household_id).delete()[0] > 0
