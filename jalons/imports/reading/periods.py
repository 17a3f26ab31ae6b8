"""Months, quarters and half-years as people write them: « T1 2025 », « 3e trim. », « S2 2025 », « oct-26 »."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from jalons.core.values import ParseError, format_date, french_spaces, parse_date
from jalons.core.values.date_parsing import MONTH_NUMBERS
from jalons.core.values.dates import MONTHS
from jalons.core.values.text import unaccent
from jalons.imports.reading.cells import common
from jalons.imports.reading.context import SheetContext
from jalons.imports.reading.days import month_of
from jalons.imports.reading.grid import RawCell
from jalons.imports.reading.remembered import remembered
from jalons.imports.reading.typed import TypedCell, day_cell, doubtful

MONTH, QUARTER, HALF = 1, 3, 6  # months
NOUNS = {MONTH: "mois", QUARTER: "trimestre", HALF: "semestre"}
ORDINALS = {"premier": 1, "deuxieme": 2, "second": 2, "troisieme": 3, "quatrieme": 4}
_YEAR = r"(?:20\d\d|'?\d\d)"
_BEFORE, _AFTER = rf"(?:(?P<before>{_YEAR})[ \-/._]*)?", rf"(?:[ \-/._]*(?:de )?(?P<after>{_YEAR}))?"
_NUMBERED = rf"(?:(?P<number>[1-4])[ ]?(?:er|eme|ieme|e|nd)?|(?P<word>{'|'.join(ORDINALS)}))[ .]*"
_QUARTER = re.compile(
    rf"{_BEFORE}(?:(?:t|q|trim(?:estre)?)[ .]?(?P<plain>[1-4])|{_NUMBERED}(?:trimestre|trim|t))\.?{_AFTER}",
    re.ASCII,
)
_HALF = re.compile(
    rf"{_BEFORE}(?:(?:s|semestre)[ .]?(?P<plain>[12])|{_NUMBERED}(?:semestre|sem|s))\.?{_AFTER}", re.ASCII
)
# « janv.-mars 2026 », « janvier à mars ».
_MONTHS = re.compile(
    rf"(?P<from>[a-z]{{3,9}})\.? ?(?:-|/|a|au) ?(?P<to>[a-z]{{3,9}})\.?(?: ?(?P<year>{_YEAR}))?", re.ASCII
)
_MONTH_AND_YEAR = re.compile(
    r"(0?[1-9]|1[0-2])[/.-]([2-5]\d|1[3-9])", re.ASCII
)  # « 08/26 »: no day of a month 26
# « S2 », « 2e sem. »: a half-year, unless a higher number on the same table says that they are weeks.
_SHORT_HALF = re.compile(r"\b(?:s|sem)\b|\bs ?\d", re.ASCII)
_WEEK = re.compile(
    r"\b(?:s|sem|semaine)[ .]?(?:n° ?)?(\d{1,2})\b|\b(\d{1,2}) ?(?:e|eme)? ?sem(?:aine)?\b", re.ASCII
)


@dataclass(frozen=True, slots=True)
class NamedPeriod:
    """`start`, `end`: its first and last months. `year`: None when nothing says it."""

    start: int
    end: int
    year: int | None = None

    @property
    def first(self) -> dt.date:
        return dt.date(self.year or dt.MINYEAR, self.start, 1)

    @property
    def last(self) -> dt.date:
        year = self.year or dt.MINYEAR
        return dt.date(year + self.end // 12, self.end % 12 + 1, 1) - dt.timedelta(days=1)

    @property
    def noun(self) -> str:
        return NOUNS.get(self.end - self.start + 1, "période")

    def __str__(self) -> str:
        year = f" {self.year}" if self.year else ""
        if self.start == self.end:
            return f"{MONTHS[self.start - 1]}{year}"
        number, rest = divmod(self.end, self.end - self.start + 1)
        if rest or self.noun == "période":
            return f"{MONTHS[self.start - 1]} à {MONTHS[self.end - 1]}{year}"
        return f"{number}{'er' if number == 1 else 'e'} {self.noun}{year}"


def numbered(months: int, number: int, year: int | None) -> NamedPeriod | None:
    """The first, second… of the periods of a year that last `months`."""
    return (
        NamedPeriod((number - 1) * months + 1, number * months, year) if 0 < number * months <= 12 else None
    )


@remembered
def period_in(text: str, year: int | None = None) -> NamedPeriod | None:
    """What a whole text names; `year`: that of what stands around it, when it does not say its own."""
    plain = " ".join(unaccent(text).replace("’", "'").split()).strip(" .:")
    for months, pattern in ((QUARTER, _QUARTER), (HALF, _HALF)):
        if (match := pattern.fullmatch(plain)) and not (match["before"] and match["after"]):
            number = int(match["plain"] or match["number"] or ORDINALS[match["word"]])
            own = (match["before"] or match["after"] or "").lstrip("'")
            return numbered(months, number, whole_year_of(own) or year)
    if (match := _MONTHS.fullmatch(plain)) and (
        ends := [MONTH_NUMBERS.get(match[at]) for at in ("from", "to")]
    ):
        start, end = ends
        own = (match["year"] or "").lstrip("'")
        return NamedPeriod(start, end, whole_year_of(own) or year) if start and end and start < end else None
    if match := _MONTH_AND_YEAR.fullmatch(plain):
        return NamedPeriod(int(match[1]), int(match[1]), 2000 + int(match[2]))
    month = month_of(text)
    return NamedPeriod(month[0], month[0], month[1] or year) if month else None


def whole_year_of(written: str) -> int | None:
    return int(written) + (2000 if len(written) == 2 else 0) if written else None


def may_be_week(text: str) -> bool:
    """« S2 2025 », « 2e sem. »: a half-year or a week."""
    plain = unaccent(text)
    return (
        "semestre" not in plain
        and _HALF.fullmatch(plain.strip(" .:")) is not None
        and bool(_SHORT_HALF.search(plain))
    )


def are_weeks(texts: Iterable[str]) -> bool:
    """« S40 », « sem. 12 »: a number that no half-year has."""
    numbers = (int(after or before) for text in texts for after, before in _WEEK.findall(unaccent(text)))
    return any(2 < number <= 53 for number in numbers)


def read_period(
    raw: RawCell, months: int, year: int | None, context: SheetContext, *, today: dt.date
) -> TypedCell:
    """A cell of a column « Mois », « Trimestre », « Semestre » (`months`; 0: any of them). `year`: that of the row.

    A period is dated of its last day, and says so; one that is not over, or whose year nobody says, is asked.
    """
    state = common(raw, context)
    if state is not None:
        return state
    value = raw.value
    if isinstance(value, dt.date):
        return read_first_day(value, months, raw, today)
    text = raw.text
    try:
        return day_cell(parse_date(text, today=today))
    except ParseError:
        period = period_in(text, year or context.year)
    if months and re.fullmatch(r"\d{1,2}(?:er|e)?", text, re.ASCII):
        number = int(re.sub(r"\D", "", text))
        period = numbered(months, number, year or context.year)
    if period is None:
        return doubtful(text, f"ni {' ni '.join(NOUNS.values())} : quel jour ?")
    if not months and may_be_week(text):
        return doubtful(
            text, "une semaine, ou un semestre ?", suggest=period.last.isoformat() if period.year else None
        )
    return dated_of(period, text, today)


def read_first_day(value: dt.date, months: int, raw: RawCell, today: dt.date) -> TypedCell:
    """The spreadsheet writes « octobre 2026 » as 1 October: in a column of months it is the month."""
    day = value.date() if isinstance(value, dt.datetime) else value
    if months == MONTH and day.day == 1:
        return dated_of(NamedPeriod(day.month, day.month, day.year), raw.text, today)
    if months in (QUARTER, HALF) and day.day == 1:
        return doubtful(raw.text, f"le {format_date(day)} dans une colonne de {NOUNS[months]}s : quel jour ?")
    return day_cell(day)


def dated_of(period: NamedPeriod, text: str, today: dt.date) -> TypedCell:
    if period.year is None:
        return doubtful(text, f"{period.noun} sans année, et le tableau n’en dit pas")
    if period.last > today:
        return doubtful(text, f"{period.noun} qui n’est pas fini : quel jour ?", suggest=today.isoformat())
    return day_cell(period.last, french_spaces(f"{period} : son dernier jour, le {format_date(period.last)}"))
