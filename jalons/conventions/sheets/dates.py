"""Partial dates and durations: as printed, and what was understood."""

import calendar
import datetime as dt

from jalons.core.values import (
    DurationUnit,
    ParseError,
    format_long_date,
    format_number,
    parse_duration,
    parse_partial_date,
    plural,
)
from jalons.core.values.partial_dates import Precision

MONTHS = {DurationUnit.MONTHS.value: 1, DurationUnit.YEARS.value: 12}
CERTAIN = (Precision.DAY, Precision.MONTH)


def start_of(words: str) -> dt.date | None:
    """The first day, when the words say at least the month."""
    read = parse_partial_date(words) if words.strip() else None
    return read.start if read and read.precision in CERTAIN else None


def months_of(words: str) -> int | None:
    """Whole months of a duration in words; None when it says none."""
    try:
        read = parse_duration(words)
    except ParseError:
        return None
    times = MONTHS.get(read.unit)
    if times is None or read.number is None:
        return None
    months = read.number * times
    return int(months) if months == int(months) and 0 <= months <= 1200 else None


def end_of(start: dt.date | None, months: int | None) -> dt.date | None:
    """The last day of `months` months that begin on `start`."""
    if start is None or not months:
        return None
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not 1 <= year <= dt.MAXYEAR - 1:
        return None
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return dt.date(year, month + 1, day) - dt.timedelta(days=1)


def understood_start(words: str) -> str:
    """« le 1er janvier 2019 », « du 1er janvier au 31 décembre 2020 », or why no day was understood."""
    if not words.strip():
        return ""
    read = parse_partial_date(words)
    if read.start and read.end and read.start == read.end:
        return f"compris\u00a0: le {format_long_date(read.start)}"
    if read.start and read.end:
        return f"compris\u00a0: du {format_long_date(read.start)} au {format_long_date(read.end)}"
    if read.start:
        return f"compris\u00a0: à partir du {format_long_date(read.start)}"
    if read.end:
        return f"compris\u00a0: jusqu’au {format_long_date(read.end)}"
    return "aucun jour n’en est déduit"


def understood_duration(words: str) -> str:
    if not words.strip():
        return ""
    months = months_of(words)
    if months is None:
        return "durée non comprise"
    return f"compris\u00a0: {format_number(months)} {plural(months, 'mois', 'mois')}"


def understood_end(start: dt.date | None, months: int | None, end: dt.date | None) -> str:
    last = end or end_of(start, months)
    return f"jusqu’au {format_long_date(last)}" if last else ""
