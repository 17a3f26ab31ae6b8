"""The day it is. « Today » is the day of the person who asks, wherever they are; see the decision 0021.

The time zone in force is Django's current one: `accounts.middleware` sets it for each request, a periodic job for
each e-mail. Outside of both it is that of Paris. `tests/house/test_clock.py` forbids any other way of asking.
"""

import datetime as dt
import re

from django.utils import timezone

from jalons.core.values.dates import PARIS

# A date that a person types may be tomorrow's: where they stand, or where the thing stands, it may be that day already.
TOLERANCE = dt.timedelta(days=1)


def today() -> dt.date:
    """The day of the person: in the time zone in force."""
    return timezone.localdate()


def day_in(zone: dt.tzinfo, moment: dt.datetime | None = None) -> dt.date:
    """The day of a place, now or at a moment."""
    return timezone.localdate(moment, timezone=zone)


def paris_day() -> dt.date:
    """The administrative day, one for the whole country: rights that begin and end, what was known on a day."""
    return day_in(PARIS)


def paris_now() -> dt.datetime:
    """For what is done by the clock of the server: the hour in Paris."""
    return timezone.localtime(timezone=PARIS)


def latest_day(typed: str = "1") -> dt.date:
    """The last day that is not « in the future » when a person types it; « demain » is, from their own day."""
    return today() + TOLERANCE if re.search(r"\d", typed) else today()
