"""What may be said of what a person does not read: who must stand behind it, and of which day."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from jalons.accounts.enums import Right
from jalons.accounts.permissions import EVERYWHERE
from jalons.core import clock
from jalons.history.querysets import AsOf

LEAST_SITES = LEAST_ORGANISATIONS = 3
# What stands for a figure that would say too much of one of those behind it.
CONFIDENTIAL = "c"


def may_be_said(sites: Collection[Any], organisations: Collection[Any]) -> bool:
    """At least three of each: two would let one of them be deduced by the other."""
    return len(set(sites)) >= LEAST_SITES and len(set(organisations)) >= LEAST_ORGANISATIONS


def quarter_before(day: dt.date) -> dt.date:
    """The last day of a quarter, on `day` or before: 31 March for 30 May, 30 June for itself."""
    following = day + dt.timedelta(days=1)
    first = dt.date(following.year, 3 * ((following.month - 1) // 3) + 1, 1)
    return first - dt.timedelta(days=1)


def half_year_before(day: dt.date) -> dt.date:
    """The last 30 June or 31 December, on `day` or before."""
    end = quarter_before(day)
    return end if end.month in (6, 12) else quarter_before(end - dt.timedelta(days=1))


def closed_half_year(at: AsOf) -> tuple[dt.date, AsOf]:
    """The last whole half-year: its first day, and its last one. Half-years never overlap, so that no two periods tell
    by difference what happened between them.
    """
    end = half_year_before(at.day)
    return dt.date(end.year, end.month - 5, 1), AsOf(end, quarter_before(at.known or clock.today()))


def closed_quarter(at: AsOf) -> AsOf:
    """What is said of elsewhere moves once a quarter: day by day, the difference would tell what moved."""
    return AsOf(quarter_before(at.day), quarter_before(at.known or clock.today()))


class WholeCountry:
    """Reads everything, for sums that leave only when `may_be_said` and rounded. No account: no page is made for it."""

    is_authenticated = True

    def __init__(self) -> None:
        self._territories = dict.fromkeys(Right, EVERYWHERE)
