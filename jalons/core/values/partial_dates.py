"""Dates as documents print them: « Juin 2022 », « 2ème semestre 2021 », « A partir de fin 2020 »."""

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass
from enum import StrEnum

from jalons.core.values.date_parsing import (
    FIRST_YEAR,
    LAST_YEAR,
    MONTH_PATTERN,
    month_number,
    parse_date,
    plain_date,
)
from jalons.core.values.parsing import MAX_LENGTH, ParseError, has_odd_digits


class Precision(StrEnum):
    """How finely the bounds were written, or why there are none."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    SEMESTER = "semester"
    YEAR = "year"
    VAGUE = "vague"  # « fin 2020 », « mi-juin 2022 »: no bound is invented
    NO_YEAR = "no_year"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """`start` and `end` are the first and last days; one of the two is None when that side is open."""

    raw: str
    start: dt.date | None = None
    end: dt.date | None = None
    precision: Precision = Precision.UNKNOWN

    def __str__(self) -> str:
        return self.raw

    @property
    def is_dated(self) -> bool:
        return self.start is not None or self.end is not None


Span = tuple[dt.date | None, dt.date | None, Precision]

_COARSENESS = list(Precision)
_YEAR = r"(?P<y>\d{4}|\d{2})"
# « première » and « seconde » are these with an « e », that the pattern lets through.
_RANK = {"premier": 1, "second": 2, "deuxieme": 2, "troisieme": 3, "quatrieme": 4}
_PART_OF_YEAR = re.compile(
    rf"(?:(?P<rank>[1-4]|{'|'.join(_RANK)})(?: ?(?:er|ere|e|eme|nd|nde))? (?P<long>semestre|trimestre)|"
    rf"(?P<short>[st]) ?(?P<number>[1-4]))(?: de)? {_YEAR}",
    re.ASCII,
)
_MONTH = re.compile(
    rf"(?P<m>{MONTH_PATTERN}) ?{_YEAR}|(?P<m2>\d\d)/(?P<y2>\d{{4}})|(?P<y3>\d{{4}})-(?P<m3>\d\d)", re.ASCII
)
_WHOLE_YEAR = re.compile(r"(?:annee )?(\d{4})", re.ASCII)
_IN = re.compile(r"(?:en|le|au|courant|au cours de|dans) (?=\S)")
_FROM = re.compile(r"(?:a partir|a compter) (?:de |du |d')|depuis (?:le |la )?|des (?:le )?")
_UNTIL = re.compile(r"jusqu(?:'(?:en |au |a )|e )(?:le |fin )?|d'ici (?:le |a )?")
_RANGE = re.compile(r"(?:du |de |d'|entre )?(?P<a>.+?) ?(?P<by>-| au | a | et )(?P<b>.+)")
_VAGUE = re.compile(r"\b(?:fin|debut|mi|milieu|vers|environ|printemps|ete|automne|hiver|rentree)\b")
_LEAP_YEAR = "2000"


def parse_partial_date(text: str, *, year: int | None = None) -> PartialDate:
    """Whatever can be read with certainty; the text is kept in any case, and nothing fails.

    `year` completes a date printed without one, when the document says for which year it speaks.
    """
    plain = plain_date(text).rstrip(".")
    if not plain or len(plain) > MAX_LENGTH or has_odd_digits(text):
        return PartialDate(text)
    span = _span(plain)
    if span is None and (completed := _span(f"{plain} {year or _LEAP_YEAR}")) is not None:
        span = completed if year or completed[2] is Precision.VAGUE else (None, None, Precision.NO_YEAR)
    return PartialDate(text, *(span or (None, None, Precision.UNKNOWN)))


def _span(plain: str) -> Span | None:
    """The interval that is written, open or closed, or None when it is not a date."""
    if opening := _FROM.match(plain):
        inner = _span(plain[opening.end() :])
        return inner and (inner[0], None, inner[2])
    if closing := _UNTIL.match(plain):
        inner = _span(plain[closing.end() :])
        return inner and (None, inner[1], inner[2])
    return _closed(_IN.sub("", plain, count=1)) or _range(plain) or _vague(plain)


def _closed(plain: str) -> Span | None:
    return _day(plain) or _month(plain) or _part_of_year(plain) or _whole_year(plain)


def _range(plain: str) -> Span | None:
    """« 21 au 25 nov. 2022 », « mars à déc. 22 », « 2021 – 2022 »: the first bound borrows what it lacks."""
    match = _RANGE.fullmatch(plain)
    if not match or (match["by"] == " et ") != plain.startswith("entre "):
        return None
    last = _closed(match["b"].strip())
    if last is None:
        return None
    words = match["b"].split()
    borrowed = (" ".join([match["a"], *words[size:]]).strip() for size in range(len(words), 0, -1))
    first = next((span for span in map(_closed, borrowed) if span), None)
    if first is None or first[0] is None or last[1] is None or first[0] > last[1]:
        return None
    return first[0], last[1], max(first[2], last[2], key=_COARSENESS.index)


def _vague(plain: str) -> Span | None:
    around = _VAGUE.search(plain)
    if not around:
        return None
    rest = (plain[: around.start()] + plain[around.end() :]).strip(" -")
    rest = re.sub(r"^(?:de l'|de |d'|l')", "", rest)
    return (None, None, Precision.VAGUE) if _closed(_IN.sub("", rest, count=1)) else None


def _day(plain: str) -> Span | None:
    try:
        # Two-digit years of documents are of this century: `today` is far enough for all of them.
        day = parse_date(plain, today=dt.date(LAST_YEAR, 1, 1)) if plain[-1:].isdigit() else None
    except ParseError:
        return None
    return None if day is None else (day, day, Precision.DAY)


def _month(plain: str) -> Span | None:
    match = _MONTH.fullmatch(plain)
    if not match:
        return None
    month = month_number(match["m"] or match["m2"] or match["m3"])
    return _months(match["y"] or match["y2"] or match["y3"], month, 1, Precision.MONTH)


def _part_of_year(plain: str) -> Span | None:
    match = _PART_OF_YEAR.fullmatch(plain)
    if not match:
        return None
    is_semester = (match["long"] or match["short"])[0] == "s"
    written = match["rank"] or match["number"]
    rank, length = _RANK.get(written) or int(written), 6 if is_semester else 3
    precision = Precision.SEMESTER if is_semester else Precision.QUARTER
    return _months(match["y"], (rank - 1) * length + 1, length, precision)


def _whole_year(plain: str) -> Span | None:
    match = _WHOLE_YEAR.fullmatch(plain)
    return _months(match[1], 1, 12, Precision.YEAR) if match else None


def _months(written_year: str, first: int, length: int, precision: Precision) -> Span | None:
    year, last = int(written_year) + (2000 if len(written_year) == 2 else 0), first + length - 1
    if not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= first <= last <= 12:
        return None
    return dt.date(year, first, 1), dt.date(year, last, monthrange(year, last)[1]), precision
