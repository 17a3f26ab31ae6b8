"""From what date a figure is true."""

import datetime as dt
from typing import Any

from jalons.core import clock
from jalons.core.values import parse_partial_date


def cell_day(value: Any, *, otherwise: int | None = None, start: bool = False) -> dt.date:
    """The last day that a column covers (its `as_of`, its period, its year), or the first day of the year of a line.

    Without any date, the last day of `otherwise`, or today.
    """
    for name in ("as_of", "period_end"):
        words = getattr(value, name, "")
        read = parse_partial_date(words) if words else None
        if read and read.end:
            return read.end
    year = getattr(value, "year", None) or otherwise
    if year is None:
        return clock.today()
    return dt.date(year, 1, 1) if start else dt.date(year, 12, 31)
