"""What the page of the rows says of a table that left from here."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from jalons.imports.choices import HOME, Choices
from jalons.imports.enums import TargetKind
from jalons.imports.models import ImportBatch


@dataclass(frozen=True, slots=True)
class ShownTrip:
    """When it left, the day of the rows that say none, what is not read of it."""

    left_on: dt.date
    on: dt.date | None
    notes: Sequence[str]


def shown_trip(batch: ImportBatch) -> ShownTrip | None:
    """None for any other table."""
    choices = Choices.from_json(batch.choices)
    if choices.trip != HOME:
        return None
    on = choices.day if batch.target == TargetKind.SITES else None
    return ShownTrip(dt.date.fromisoformat(choices.left_on), on, choices.notes)
