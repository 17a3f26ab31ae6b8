"""The keys of households, between the base and an opened register. The only writer of `HouseholdKey`."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist

from jalons.households.models import Household, HouseholdKey, Register
from jalons.households.vault import OpenRegister, UnreadableSeal, WrappedKey

AT_ONCE = 250  # rows of a query


def new_household_key(register: OpenRegister, household: Household) -> HouseholdKey:
    """Gives a new household its key, in the transaction that saves it; `register` may then seal its content.

    `UnreadableSeal` when the key of the register changed since it was opened: sealed under the old one, the household
    would be lost.
    """
    [key] = new_content_keys(register, [household.pk])
    return key


def new_content_keys(register: OpenRegister, ids: Iterable[UUID]) -> list[HouseholdKey]:
    """The same for many at once: households, or tables of families (`RegisterImport`)."""
    if lock_register(register).key_version != register.version:
        raise UnreadableSeal
    keys = []
    for content_id in ids:
        wrapped = register.new_household_key(content_id)
        keys.append(
            HouseholdKey(
                household_id=content_id,
                organisation_id=register.organisation_id,
                version=wrapped.version,
                wrapped=wrapped.wrapped,
            )
        )
    return HouseholdKey.objects.bulk_create(keys, batch_size=AT_ONCE)


def learn_content_key(register: OpenRegister, content_id: UUID) -> None:
    """Of what is no household."""
    key = HouseholdKey.objects.filter(household_id=content_id).first()
    register.learn(content_id, None if key is None else WrappedKey(key.version, bytes(key.wrapped)))


def destroy_keys(ids: Iterable[UUID]) -> None:
    """Of many at once."""
    every = [*ids]
    for start in range(0, len(every), AT_ONCE):
        HouseholdKey.objects.filter(household_id__in=every[start : start + AT_ONCE]).delete()


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


class OpenedSummary(NamedTuple):
    """`payload` is None when it cannot be read: « clé détruite ou absente »."""

    household_id: UUID
    number: int
    payload: bytes | None


def opened_summaries(register: OpenRegister) -> Iterator[OpenedSummary]:
    """The summary of every household of the register, by number. One query, and no model made for its rows."""
    rows = Household.objects.of(register).order_by("number")
    for pk, number, sealed, version, wrapped in rows.values_list(
        "pk", "number", "summary", "key__version", "key__wrapped"
    ):
        register.learn(pk, None if version is None else WrappedKey(version, wrapped))
        try:
            payload = register.open(pk, "summary", sealed)
        except UnreadableSeal:
            payload = None
        yield OpenedSummary(pk, number, payload)


def destroy_every_key(organisation_id: int) -> int:
    """Of every household of a register; how many there were. In the caller's transaction."""
    return HouseholdKey.objects.filter(organisation=organisation_id).delete()[0]


def destroy_key(register: OpenRegister | None, household_id: UUID) -> bool:
    """What was sealed is lost for everybody, old copies of the households included. Needs no open register."""
    if register is not None:
        register.forget(household_id)
    return HouseholdKey.objects.filter(household_id=household_id).delete()[0] > 0
