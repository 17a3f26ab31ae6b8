"""Dates and times in French words. Moments are shown at the hour of the person who reads (`core.clock`)."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone

from jalons.core.values.text import NBSP, plural

PARIS = ZoneInfo("Europe/Paris")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def local_moment(moment: dt.datetime) -> dt.datetime:
    """An instant in the time zone in force; a moment without time zone is taken as it is."""
    return timezone.localtime(moment) if moment.tzinfo else moment


def local_day(day: dt.date | dt.datetime) -> dt.date:
    """The day of an instant for the person who reads; a date is taken as it is."""
    return local_moment(day).date() if isinstance(day, dt.datetime) else day


def format_date(day: dt.date | dt.datetime) -> str:
    """« 12/12/2019 »."""
    day = local_day(day)
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def format_long_date(day: dt.date | dt.datetime) -> str:
    """« 1er janvier 2020 », « 12 décembre 2019 »."""
    day = local_day(day)
    return f"{'1er' if day.day == 1 else day.day} {format_month(day)}"


SHORT_MONTHS = (
    "janv.",
    "févr.",
    "mars",
    "avr.",
    "mai",
    "juin",
    "juil.",
    "août",
    "sept.",
    "oct.",
    "nov.",
    "déc.",
)


def format_short_date(day: dt.date | dt.datetime) -> str:
    """« 1er janv. », « 28 févr. »: a head of column, where the year is said once."""
    day = local_day(day)
    return f"{'1er' if day.day == 1 else day.day}\u00a0{SHORT_MONTHS[day.month - 1]}"


def format_month(day: dt.date | dt.datetime) -> str:
    """« mars 2017 »."""
    day = local_day(day)
    return f"{MONTHS[day.month - 1]} {day.year}"


def format_moment(moment: dt.datetime) -> str:
    """« 1er août 2019 à 16:00 »."""
    local = local_moment(moment)
    return f"{format_long_date(local)} à {local:%H:%M}"


def format_since(day: dt.date | dt.datetime, *, today: dt.date) -> str:
    """« aujourd’hui », « hier », « il y a 12 jours », « il y a 3 mois », « dans 2 ans ».

    Months are whole ones, up to two years; then years.
    """
    day = local_day(day)
    near = {0: "aujourd’hui", 1: "hier", -1: "demain"}.get((today - day).days)
    if near:
        return near
    length = _length(min(day, today), max(day, today))
    return f"il y a {length}" if day < today else f"dans {length}"


def months_between(start: dt.date, end: dt.date) -> int:
    """Whole months from `start` to `end`, which is not earlier."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - (end.day < start.day)


def _length(start: dt.date, end: dt.date) -> str:
    months = months_between(start, end)
    if not months:
        days = (end - start).days
        return f"{days}{NBSP}{plural(days, 'jour', 'jours')}"
    if months < 24:
        return f"{months}{NBSP}mois"
    return f"{months // 12}{NBSP}ans"
