"""Reads a whole register, and destroys one. What is destroyed is destroyed for everybody, old copies included."""

import datetime as dt
from typing import Any

from django.db import transaction

from jalons.households.enums import ErasureReason
from jalons.households.families.stored import UnreadableFamily, from_json
from jalons.households.handing.waiting import close_every_handing
from jalons.households.keys import destroy_every_key, learn_keys, lock_register, opened
from jalons.households.leaving.whole import WholeRegister
from jalons.households.models import (
    Household,
    MappedIndicator,
    RegisterErasure,
    RegisterImport,
    RegisterKeyCopy,
    RegisterMember,
    RegisterRetention,
    RetentionNotice,
)
from jalons.households.sheets.display import linked_codes
from jalons.households.sheets.selectors import known_sites, own_actions
from jalons.households.vault import OpenRegister, UnreadableSeal


class RegisterGrew(Exception):
    """There are other households than those the person was told of: they must be told again."""


def whole_register(register: OpenRegister, user: Any, *, organisation: str, today: dt.date) -> WholeRegister:
    """Three queries, whatever the number of households. Unreadable ones are named, never left out in silence."""
    rows = [*Household.objects.of(register).defer("summary").order_by("number")]
    learn_keys(register, rows)
    families, lost, sites = [], [], set()
    for row in rows:
        payload = opened(register, row, "content")
        try:
            if payload is None:
                raise UnreadableFamily
            family = from_json(payload, str(row.pk))
        except UnreadableFamily:
            lost.append(row.reference)
            continue
        families.append((row.reference, family))
        sites |= linked_codes(family)[0]
    names = known_sites(user, sites) | dict(own_actions(register, user))
    return WholeRegister(organisation, today, families, lost, names)


@transaction.atomic
def destroy_register(register: OpenRegister, *, households: int, on: dt.date) -> None:
    """The keys of households first, then all the rest. The reading log and figures that were sent are not touched.

    `RegisterGrew` when it does not hold as many households as were announced.
    """
    current = lock_register(register)
    if current.key_version != register.version:
        raise UnreadableSeal
    rows = Household.objects.filter(organisation=current.organisation_id)
    held = rows.select_for_update().order_by("number")  # before the copies that wait: see `handing`
    numbers = [*held.values_list("number", flat=True)]
    if len(numbers) != households:
        raise RegisterGrew
    destroy_every_key(current.organisation_id)
    close_every_handing(current.organisation_id)
    RegisterErasure.objects.bulk_create(
        RegisterErasure(
            organisation_id=current.organisation_id, number=number, why=ErasureReason.LEAVING, erased_on=on
        )
        for number in numbers
    )
    rows.delete()
    RegisterKeyCopy.objects.filter(register=current).delete()
    RegisterMember.objects.filter(register=current).delete()
    for model in (RegisterImport, RegisterRetention, RetentionNotice, MappedIndicator):
        model.objects.filter(organisation=current.organisation_id).delete()
    current.delete()
