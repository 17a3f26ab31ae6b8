"""Writes households made one, or parted: each is whole before and after, or nothing is written."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from jalons.households.enums import ErasureReason
from jalons.households.families.content import FollowedFamily
from jalons.households.families.partings import HouseholdParting, parted
from jalons.households.families.stored import from_json
from jalons.households.families.unions import HouseholdUnion, united
from jalons.households.keys import learn_keys, lock_register, opened
from jalons.households.models import Household, reference_of
from jalons.households.retention.services import erase_household
from jalons.households.sheets.services import (
    FamilySave,
    LostKey,
    create_family,
    next_number,
    sealed_into,
)


class HouseholdsChanged(Exception):
    """Somebody wrote in one of them since it was looked at: it is to be looked at again."""


@dataclass(frozen=True, slots=True)
class UnionAsked:
    """`versions`: of the household that stays, then of the other, as they were looked at."""

    staying: UUID
    leaving: UUID
    versions: tuple[int, int]
    on: dt.date
    same: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class PartingAsked:
    """`new`: the identifier of the household to come, from the form: sent twice, it is there already."""

    household: UUID
    new: UUID
    version: int
    on: dt.date
    people: Collection[str] = field(default=(), repr=False)
    facts: Collection[str] = field(default=(), repr=False)


@transaction.atomic
def unite(save: FamilySave, asked: UnionAsked) -> Household:
    """The household that stays. The other has no key any more, and its number is given to nobody else.

    The register first, then both rows by number, as all that holds many: nobody waits for each other in a circle.
    """
    lock_register(save.register)
    rows = {
        row.pk: row
        for row in Household.objects.of(save.register)
        .select_for_update(of=("self",))
        .filter(pk__in=[asked.staying, asked.leaving])
        .order_by("number")
    }
    if asked.staying not in rows:
        raise HouseholdsChanged
    staying = rows[asked.staying]
    family = content_of(save, staying)
    if save.token in family.saves:
        return staying
    leaving = rows.get(asked.leaving)
    if leaving is None or leaving == staying or (staying.version, leaving.version) != asked.versions:
        raise HouseholdsChanged
    union = HouseholdUnion(leaving.reference, asked.on, save.at, save.author, asked.same)
    sealed_into(staying, save, united(family, content_of(save, leaving), union))
    staying.version += 1
    staying.save(update_fields=["content", "summary", "version", "erase_on"])
    erase_household(leaving, ErasureReason.MERGED, on=save.today, register=save.register)
    return staying


@transaction.atomic
def part(save: FamilySave, asked: PartingAsked) -> tuple[Household, bool]:
    """The new household, and whether it was made now or by the same form, sent before.

    Raises `NotThere`, `HouseholdsChanged`.
    """
    lock_register(save.register)
    made = Household.objects.of(save.register).filter(pk=asked.new).first()
    if made is not None:
        return made, False
    row = (
        Household.objects.of(save.register).select_for_update(of=("self",)).filter(pk=asked.household).first()
    )
    if row is None or row.version != asked.version:
        raise HouseholdsChanged
    number = reference_of(next_number(save.register.organisation_id))
    parting = HouseholdParting(
        asked.people, asked.facts, asked.on, save.at, save.author, left=row.reference, new=number
    )
    left, new = parted(content_of(save, row), parting)
    sealed_into(row, save, left)
    row.version += 1
    row.save(update_fields=["content", "summary", "version", "erase_on"])
    return create_family(save, asked.new, new), True


def content_of(save: FamilySave, household: Household) -> FollowedFamily:
    """Under the lock of its row: the key in force is learnt. `LostKey` when nobody can read it."""
    learn_keys(save.register, [household])
    payload = opened(save.register, household, "content")
    if payload is None:
        raise LostKey
    return from_json(payload, str(household.pk))
