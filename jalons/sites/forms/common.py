"""What the forms about a fact share: groups of fields, the version under the person's eyes, what differs."""

import datetime as dt

from jalons.core import clock


def today_at_most(today: dt.date) -> dt.date:
    return today


def today() -> dt.date:
    return clock.today()
