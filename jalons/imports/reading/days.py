"""Dates as people write them in a table, with the year that the sheet gives when they leave it out."""

import datetime as dt
import re
from dataclasses import dataclass

from jalons.core.values import ParseError, Precision, format_date, parse_date, parse_partial_date
from jalons.core.values.date_parsing import MONTH_NUMBERS
from jalons.core.values.text import unaccent
from jalons.imports.reading.typed import TypedCell, day_cell, doubtful

# Days that a spreadsheet counts from 1 January 1900 (with its 29 February 1900), or 1904: 2000 to 2050.
EPOCHS = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2050, 12, 31)
_NO_YEAR = re.compile(
    r"(?P<d>\d{1,2})(?: ?er)? ?(?:[/.\-] ?(?P<m>\d{1,2})|[\-/.]?(?P<word>[a-z]{3,9})\.?)", re.ASCII
)
_MONTH_ALONE = re.compile(
    r"(?:(?:debut|mi|fin|courant)[ -])?(?P<word>[a-z]{3,9})\.?(?:[ -]?'?(?P<y>\d{4}|\d{2}))?", re.ASCII
)
_TIME = re.compile(r"(?<=\d)[T ]+(?:à )?\d{1,2}(?::|h)\d{0,2}(?::\d{2})?(?:\.\d+)?Z?\s*$", re.ASCII)
_WEEKDAY = re.compile(r"^(?:le )?(?:(?:lun|mar|mer|jeu|ven|sam|dim)[a-z]*\.? )?(?=\d)", re.IGNORECASE)
_MOMENT = re.compile(r",? (?:au |le )?(?:matin|midi|après-midi|soir|soirée)$", re.IGNORECASE)
_HYPHENS = re.compile(r"^(\d{1,2})[-/.]([^\W\d_]{3,9})\.?[-/.](\d{2,4})$")
AHEAD = dt.timedelta(days=31)
SEPARATED = re.compile(r"[\s\-/.]+")


@dataclass(frozen=True, slots=True)
class SheetPeriod:
    """What the sheet says of its time: the day of the situation, or only its month."""

    year: int
    month: int
    day: dt.date | None = None

    @property
    def last(self) -> dt.date:
        """The last day that a date of this sheet may reasonably be."""
        if self.day:
            return self.day
        first = dt.date(self.year + self.month // 12, self.month % 12 + 1, 1)
        return first - dt.timedelta(days=1)


def read_day(text: str, *, today: dt.date, period: SheetPeriod | None = None) -> TypedCell:
    """Never fails: what is not a whole date is doubtful, with the month when it says one."""
    text = spelt_out(text)
    try:
        return day_cell(parse_date(text, today=today))
    except ParseError as error:
        return read_short(text, period) or read_month(text, period) or doubtful(text, str(error))


def spelt_out(text: str) -> str:
    """« mardi 12-oct-26 14:30 » as « 12 oct 26 »: without what a date does not need."""
    bare = _WEEKDAY.sub("", _TIME.sub("", _MOMENT.sub("", text.strip())))
    return _HYPHENS.sub(r"\1 \2 \3", bare)


def read_short(text: str, period: SheetPeriod | None) -> TypedCell | None:
    """« 15/09 »: the year is that of the sheet; a day after its situation would be of the year before, and is asked."""
    match = _NO_YEAR.fullmatch(unaccent(text).strip())
    if match is None:
        return None
    month = int(match["m"]) if match["m"] else MONTH_NUMBERS.get(match["word"])
    if not month:
        return None
    if period is None:
        return doubtful(text, "une date sans année, et la feuille n’en dit pas")
    try:
        day = dt.date(period.year, month, int(match["d"]))
    except ValueError:
        return doubtful(text, "une date qui n’existe pas")
    if day > period.last + AHEAD:
        before = day.replace(year=day.year - 1, day=min(day.day, 28))
        return doubtful(text, "une date sans année, plus tard que la feuille", suggest=before.isoformat())
    return day_cell(day, "date sans année : celle de la feuille")


def read_month(text: str, period: SheetPeriod | None) -> TypedCell | None:
    """« début oct. », « septembre 2026 »: a month is not a day."""
    match = _MONTH_ALONE.fullmatch(unaccent(text).strip())
    month = MONTH_NUMBERS.get(match["word"]) if match else None
    if match is None or not month:
        return None
    year = int(match["y"] or 0) or (period.year if period else 0)
    year += 2000 if 0 < year < 100 else 0
    return doubtful(text, "un mois sans jour", suggest=f"{year}-{month:02}" if year else None)


def read_serial(number: float, *, from_1904: bool, known_system: bool, text: str) -> TypedCell:
    """A plain number in a column of dates: the days that the spreadsheet counts."""
    try:
        day = EPOCHS[from_1904] + dt.timedelta(days=int(number))
    except (OverflowError, ValueError):  # no number, or one that is endless
        return doubtful(text, "un nombre à la place d’une date")
    if not FIRST_DAY <= day <= LAST_DAY:
        return doubtful(text, "un nombre à la place d’une date")
    if not known_system:
        return doubtful(
            text, f"un nombre : peut-être le {format_date(day)} d’Excel ?", suggest=day.isoformat()
        )
    return day_cell(day, "date comptée en jours par le tableur")


def read_calendar(day: dt.date, text: str) -> TypedCell:
    """A date of the spreadsheet. Excel knows none before 1900 and people none after 2100."""
    whole = day.date() if isinstance(day, dt.datetime) else day
    if not dt.date(1900, 1, 1) <= whole <= dt.date(2100, 12, 31):
        return doubtful(text, "une date qui n’est pas plausible")
    return day_cell(whole)


def month_of(text: str) -> tuple[int, int | None] | None:
    """(month, year) of a heading or of the name of a sheet: « Sept 2026 », « NOV », « juil. 26 », « 09/2026 »."""
    plain = unaccent(text).replace("_", " ").strip()
    partial = parse_partial_date(plain)
    if partial.precision is Precision.MONTH and partial.start:
        return partial.start.month, partial.start.year
    words = [word for word in SEPARATED.split(plain) if word]
    months = [MONTH_NUMBERS[word] for word in words if word in MONTH_NUMBERS]
    if len(months) != 1:
        return None
    years = [int(word) for word in words if re.fullmatch(r"20\d\d|\d\d", word)]
    year = years[-1] if years else None
    return months[0], year + 2000 if year is not None and year < 100 else year
