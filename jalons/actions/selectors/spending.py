"""The spending of last year that nobody told yet. No amount is read: only that one is missing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jalons.accounts.enums import Right
from jalons.accounts.permissions import has
from jalons.actions.deadlines import spending_asked
from jalons.actions.models import Action, FundingLine
from jalons.core import clock
from jalons.history.querysets import NOW, AsOf

SHOWN = 8


@dataclass(frozen=True, slots=True)
class SpendingOwed:
    """The dispositifs with a line of funding of `year` of which nothing says what was executed."""

    year: int
    actions: Sequence[Action]

    @property
    def first(self) -> Sequence[Action]:
        return self.actions[:SHOWN]

    @property
    def more(self) -> int:
        return len(self.actions) - len(self.first)


def funding_lines(at: AsOf = NOW) -> Any:
    """The lines told by a date. Those of today include what is dated ahead: the money of a year to come."""
    return FundingLine.objects.known(at) if at.valid is None else FundingLine.objects.as_of(at)


def without_executed(year: int) -> set[int]:
    """Primary keys of the dispositifs with such a line; « sans objet », « ND » are answers. One query."""
    lines = FundingLine.objects.known().filter(year=year, executed__isnull=True)
    rows = lines.values_list("action_id", "blanks")
    return {action for action, blanks in rows if not blanks.get("executed")}


def spending_owed(user: Any, today: dt.date | None = None) -> SpendingOwed | None:
    """What a person who reads and writes the funding has to tell, in January and February; None when nothing.

    Closed dispositifs too: their last year is asked after they end. Two queries.
    """
    year = spending_asked(today or clock.today())
    if year is None or not (has(user, Right.WRITE_FUNDING) and has(user, Right.READ_FUNDING)):
        return None
    lacking = without_executed(year)
    if not lacking:
        return None
    mine = Action.objects.writable_by(user, Right.WRITE_FUNDING).writable_by(user, Right.READ_FUNDING)
    actions = list(mine.declared().filter(pk__in=lacking).order_by("name", "pk"))
    return SpendingOwed(year, actions) if actions else None
