"""When a household goes. Pure."""

import datetime as dt

ANNOUNCED_DAYS = 60  # before it is erased, at least


def erasure_month(last_contact: dt.date, months: int) -> dt.date:
    """The first day of the month in which `months` have passed: never later than asked.

    A month and not a day: in clear beside what is sealed, a day would say when the family was last seen.
    """
    year, month = divmod(last_contact.year * 12 + last_contact.month - 1 + months, 12)
    return dt.date(year, month + 1, 1)


def may_go(*, erase_on: dt.date, announced_on: dt.date | None, today: dt.date) -> bool:
    """Its day has come, and its members have known for sixty days."""
    if announced_on is None or today < erase_on:
        return False
    return announced_on + dt.timedelta(days=ANNOUNCED_DAYS) <= today


def is_near(erase_on: dt.date, today: dt.date) -> bool:
    """It is time to announce it."""
    return erase_on - dt.timedelta(days=ANNOUNCED_DAYS) <= today
