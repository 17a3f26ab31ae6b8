"""Writing the traces of reading."""

import datetime as dt
import logging
from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from jalons.accounts.enums import Right
from jalons.core.clock import paris_day
from jalons.core.values import format_number
from jalons.readership.models import SensitiveReading

logger = logging.getLogger(__name__)
KEPT_DAYS = 365


def note_reading(*, user: Any, thing: Any, rights: list[Right]) -> None:
    """One trace for each sensitive block shown of a thing: see `note_readings`."""
    note_readings(user=user, things=[thing], rights=rights)


def note_readings(*, user: Any, things: Sequence[Any], rights: list[Right]) -> None:
    """One trace for each sensitive block shown of some things, of the day: the second time moves `last_at`. One query.

    Nothing is written without a block. A base that takes no write (a full disk) does not stop the reading: the missing
    trace is told in the journal of the server.
    """
    if not (rights and things):
        return
    now = timezone.now()
    membership = next(iter(user.active_memberships), None)
    readings = [
        SensitiveReading(
            user=user,
            organisation=membership.organisation if membership else None,
            right=right,
            content_type=ContentType.objects.get_for_model(thing),
            object_id=thing.pk,
            day=paris_day(),
            first_at=now,
            last_at=now,
        )
        for thing in things
        for right in rights
    ]
    try:
        with transaction.atomic(savepoint=connection.in_atomic_block):
            SensitiveReading.objects.bulk_create(
                readings,
                update_conflicts=True,
                unique_fields=["content_type", "object_id", "right", "day", "user"],
                update_fields=["last_at"],
            )
    except DatabaseError:
        logger.exception("La lecture d’un bloc sensible n’a pas laissé de trace")


def forget_old_readings() -> str:
    """The job: a trace is a personal datum, kept one year."""
    limit = paris_day() - dt.timedelta(days=KEPT_DAYS)
    count, _ = SensitiveReading.objects.filter(day__lt=limit).delete()
    return f"Lectures de plus d’un an effacées\u00a0: {format_number(count)}."
