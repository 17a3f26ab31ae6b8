"""Erasing households, and the choice of how long they are kept."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from jalons.editing.refusals import Refused
from jalons.households.enums import ErasureReason
from jalons.households.handing.waiting import take_back_household
from jalons.households.keys import destroy_key
from jalons.households.models import (
    ADVISED_MONTHS,
    Household,
    Register,
    RegisterErasure,
    RegisterRetention,
    RetentionNotice,
)
from jalons.households.retention.dates import erasure_month

LONGEST_MONTHS = 120


def months_kept(organisation_id: int) -> int:
    """After the last contact with a household of this organisation."""
    chosen = RegisterRetention.objects.filter(organisation=organisation_id).values_list("months", flat=True)
    return chosen.first() or ADVISED_MONTHS


@transaction.atomic
def choose_months(*, organisation: Any, months: int, reason: str, by: Any) -> RegisterRetention:
    """`Refused` for more than the CNIL advises without a written reason.

    The month of each household moves by as much: nothing has to be opened. The register is held first, as by all that
    holds many households.
    """
    if not 1 <= months <= LONGEST_MONTHS:
        raise Refused(f"Écrivez un nombre de mois entre 1 et {LONGEST_MONTHS}.")
    if months > ADVISED_MONTHS and not reason.strip():
        raise Refused(
            f"Au-delà de {ADVISED_MONTHS} mois, écrivez la raison : elle sera demandée par la CNIL."
        )
    Register.objects.select_for_update().filter(organisation=organisation).first()
    move_months(organisation.pk, months - months_kept(organisation.pk))
    chosen, _ = RegisterRetention.objects.update_or_create(
        organisation=organisation,
        defaults={
            "months": months,
            "reason": reason.strip() if months > ADVISED_MONTHS else "",
            "decided_by": by,
            "decided_at": timezone.now(),
        },
    )
    return chosen


def move_months(organisation_id: int, by: int) -> None:
    """Farthest first when they go later, nearest first when they come sooner: no month is moved twice."""
    households = Household.objects.filter(organisation=organisation_id, erase_on__isnull=False)
    days = households.order_by().values_list("erase_on", flat=True).distinct()
    for day in sorted(days, reverse=by > 0) if by else ():
        moved = erasure_month(day, by)
        households.filter(erase_on=day).update(erase_on=moved)
        announce_again(organisation_id, moved)


def announce_again(organisation_id: int, erase_on: dt.date) -> None:
    """For a day that gains a household: its members were told of the others, not of this one."""
    RetentionNotice.objects.filter(organisation=organisation_id, erase_on=erase_on).delete()


@transaction.atomic
def erase_household(
    household: Household, why: ErasureReason, *, on: dt.date, register: Any = None
) -> RegisterErasure:
    """Its key first, so that no copy of it reads any more, then its row. Figures that were sent are not touched.

    `register`: the opened one, which then forgets the key; a job has none.
    """
    destroy_key(register, household.pk)
    take_back_household(household.organisation_id, household.pk)
    erasure = RegisterErasure.objects.create(
        organisation_id=household.organisation_id, number=household.number, why=why, erased_on=on
    )
    household.delete()
    return erasure


def last_erasure(organisation_id: int) -> dt.date | None:
    """What was counted up to that day may not be countable any more; a household made one with another still is."""
    rows = RegisterErasure.objects.filter(organisation=organisation_id).order_by("-erased_on")
    rows = rows.exclude(why=ErasureReason.MERGED)
    return rows.values_list("erased_on", flat=True).first()
