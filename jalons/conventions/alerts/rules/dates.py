"""When the actions run."""

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Iterator

from jalons.conventions.alerts.engine import Finding, sheet_rule
from jalons.conventions.dossier.content import Dossier, Sheet
from jalons.conventions.dossier.copies import is_to_review
from jalons.conventions.dossier.places import cut, listed, place, sheet_words
from jalons.conventions.enums import AlertLevel, AlertScope
from jalons.conventions.models import SubAction
from jalons.conventions.models.printed import as_text
from jalons.core.values import fold, format_date, parse_partial_date, plural

YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# « avril 22 » ; not « 21 au 25 nov. ».
SHORT_YEAR = re.compile(
    r"\b(?:janv|fevr|mars|avr|mai|juin|juil|aout|sept|oct|nov|dec)\w*\.? (\d\d)\b(?! ?(?:au|et|,))"
)
STILL_ON = re.compile(
    r"\bdepuis\b|\ba partir\b|\ben cours\b|\bpoursui|\bchaque annee\b|\btoute l|\bannuel|\bpermanen|\bdes\s+\w+ 20"
)


def end_of(sheet: Sheet) -> dt.date | None:
    """The last day of the action: start and duration, else what was computed from them. None when it is not certain."""
    commitment = sheet.commitment
    if commitment.start_on is not None and commitment.months:
        return after(commitment.start_on, commitment.months)
    return commitment.end_on


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
    commitment = sheet.commitment
    days = [commitment.start_on] if commitment.start_on is not None else []
    for words in filter(None, (commitment.start_words, *(row.start_words for row in sheet.resume))):
        day = parse_partial_date(words).start or first_of(words)
        if day is not None:
            days.append(day)
    return min(days, default=None)


def first_of(words: str) -> dt.date | None:
    years = [int(year) for year in YEAR.findall(words)]
    return dt.date(min(years), 1, 1) if years else None


@sheet_rule(
    "dates_cover_year", AlertLevel.WARNING, AlertScope.DATES, "Les dates de la fiche couvrent l’année."
)
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
            level=AlertLevel.WARNING if over else AlertLevel.INFO,
        )
    elif start is not None and start > last:
        yield Finding(
            where,
            f"La fiche commence le {format_date(start)}, après l’année {first.year}.",
            f"avant le {format_date(last)}",
            format_date(start),
        )


@sheet_rule(
    "calendar_past",
    AlertLevel.WARNING,
    AlertScope.DATES,
    "Le calendrier des actions va jusqu’à l’année de l’objectif.",
)
def calendar_past(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    """Once for a sheet. An action copied from the year before is already told to be read again."""
    year = dossier.year
    dated = [
        (sub_action, years_of(sub_action)) for sub_action in sheet.sub_actions if not is_to_review(sub_action)
    ]
    past = [sub_action for sub_action, years in dated if year is not None and years and max(years) < year]
    if not past or year is None:
        return
    whole = len(past) == sum(1 for _, years in dated if years)
    names = listed(
        (
            f"« {cut(sub_action.action, 60)} » ({cut(as_text(sub_action.calendar), 40)})"
            for sub_action in past
        ),
        4,
    )
    count = f"{len(past)} {plural(len(past), 'action', 'actions')}"
    yield Finding(
        place(sheet_words(sheet), "calendrier"),
        f"{'Tout le calendrier est passé' if whole else 'Une partie du calendrier est passée'} : {count} sans date "
        f"en {year} sous l’objectif {year}. {names}.",
        str(year),
        str(max(max(years_of(sub_action)) for sub_action in past)),
        level=AlertLevel.WARNING if whole else AlertLevel.INFO,
    )


def years_of(sub_action: SubAction) -> list[int]:
    """The years of a calendar; none when it says that the action goes on."""
    words = as_text(sub_action.calendar)
    folded = fold(words)
    if STILL_ON.search(folded):
        return []
    return [int(year) for year in YEAR.findall(words)] + [
        2000 + int(year) for year in SHORT_YEAR.findall(folded)
    ]
