"""When the actions run."""

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Iterator

from jalons.conventions.checks.engine import Finding, sheet_rule
from jalons.conventions.checks.words import place, sheet_words
from jalons.conventions.dossier import Dossier, Sheet
from jalons.conventions.enums import AlertScope, Level
from jalons.core.values import format_date, parse_partial_date

YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def end_of(sheet: Sheet) -> dt.date | None:
    """The last day of the action: start and duration, else what was computed from them. None when it is not certain."""
    told = sheet.commitment
    if told.start_on is not None and told.months:
        return after(told.start_on, told.months)
    return told.end_on


def after(start: dt.date, months: int) -> dt.date | None:
    """The day before the same day `months` later."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    if year > dt.MAXYEAR:
        return None
    return dt.date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])) - dt.timedelta(days=1)


def start_of(sheet: Sheet) -> dt.date | None:
    """The first day on which anything of the sheet may have run: the earliest of its rows. « Fin 2020 » may be the
    first of January. None when a row says nothing that can be read.
    """
    told = sheet.commitment
    found = [told.start_on] if told.start_on is not None else []
    for words in filter(None, (told.start_words, *(row.start_words for row in sheet.resume))):
        day = parse_partial_date(words).start or first_of(words)
        if day is not None:
            found.append(day)
    return min(found, default=None)


def first_of(words: str) -> dt.date | None:
    years = [int(year) for year in YEAR.findall(words)]
    return dt.date(min(years), 1, 1) if years else None


@sheet_rule("dates_cover_year", Level.WARNING, AlertScope.DATES, "Les dates de la fiche couvrent l’année.")
def dates_cover_year(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    first, last = dossier.convention.start, dossier.convention.end
    if first is None or last is None:
        return
    start, end = sheet.commitment.start_on, end_of(sheet)
    where = place(sheet_words(sheet), "dates")
    if end is not None and end < last:
        over = end < first
        yield Finding(
            where,
            f"Début et durée mènent au {format_date(end)}"
            + (
                f" : la fiche s’arrête avant l’année {first.year}."
                if over
                else f", avant la fin de {first.year}."
            ),
            f"jusqu’au {format_date(last)}",
            format_date(end),
            level=Level.WARNING if over else Level.INFO,
        )
    elif start is not None and start > last:
        yield Finding(
            where,
            f"La fiche commence le {format_date(start)}, après l’année {first.year}.",
            f"avant le {format_date(last)}",
            format_date(start),
        )
