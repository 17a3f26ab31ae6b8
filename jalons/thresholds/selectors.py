"""The thresholds in force: one truth for lists, alerts, sheets, the map, reminders and exports."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from contextvars import ContextVar

from jalons.core.values import format_number, plural
from jalons.thresholds.enums import Limits, limits_with
from jalons.thresholds.models import Threshold

MONTH = 30.4375  # days
ROUNDED = 1.5  # days from a whole number of months, at most, to be said in months

# What was read since the request began; None outside of one, where each call reads.
_read: ContextVar[list[Limits] | None] = ContextVar("thresholds", default=None)


def limits_in_force() -> Limits:
    """One query a request. Those of today, also to look at the past."""
    read = _read.get()
    if read:
        return read[0]
    limits = limits_with(dict(Threshold.objects.order_by("code").values_list("code", "days")))
    if read is not None:
        read.append(limits)
    return limits


@contextlib.contextmanager
def read_once() -> Iterator[None]:
    """Within this block, thresholds are read when they are first asked for, and not again until `forget`."""
    token = _read.set([])
    try:
        yield
    finally:
        _read.reset(token)


def forget() -> None:
    """After one was set."""
    read = _read.get()
    if read is not None:
        read.clear()


def delay_words(delay: dt.timedelta) -> str:
    """« 3 mois » for 91 days, « 15 jours »."""
    months = round(delay.days / MONTH)
    if months and abs(delay.days - months * MONTH) <= ROUNDED:
        return f"{months}\u00a0mois"
    return f"{format_number(delay.days)}\u00a0{plural(delay.days, 'jour', 'jours')}"
