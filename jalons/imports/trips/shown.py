"""What the page of the rows says of a table that left from here."""

import datetime as dt
from dataclasses import dataclass

from jalons.imports.choices import ChosenTable
from jalons.imports.enums import TargetKind


@dataclass(frozen=True, slots=True)
class ShownTrip:
    """When it left, the day of the rows that say none, the rows that are gone."""

    made_on: dt.date
    on: dt.date | None
    removed: str


def shown_trip(chosen: ChosenTable) -> ShownTrip | None:
    """None for any other table."""
    if chosen.returned is None:
        return None
    on = chosen.choices.day if chosen.target.kind is TargetKind.SITES else None
    made_on = dt.date.fromisoformat(chosen.returned.left.made_on)
    return ShownTrip(made_on, on, chosen.returned.removed_words)
