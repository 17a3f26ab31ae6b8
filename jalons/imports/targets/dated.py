"""Headings that say a date: alone, « 30/09/2026 », or with what is counted, « Effectif au 30/09 »."""

import datetime as dt
import re

from jalons.imports.reading.cells import ColumnNature
from jalons.imports.reading.layout import TableHeading
from jalons.imports.reading.table import SheetTable
from jalons.imports.targets.fields import ImportTarget, header_key
from jalons.imports.targets.mapping import day_of, named, whole_year

_WEEK = re.compile(r"(?:s|sem|semaine) ?\d{1,2}", re.ASCII)
_LINKS = re.compile(
    r"^(?:[\s:–—(),-]|\b(?:au|du|le|fin|en|de)\b)+|(?:[\s:–—(),-]|\b(?:au|du|le|fin|en|de)\b)+$",
    re.IGNORECASE,
)


def dated_heading(
    heading: TableHeading, table: SheetTable, target: ImportTarget
) -> tuple[dt.date | None, list[str]]:
    """The date of a column, and the words that say what it holds."""
    day, rest = None, []
    year = [words for words in heading.path if whole_year(TableHeading(0, (words,)))]  # « 2025 › T3 › Pers. »
    for words in heading.path:
        if words in year:
            continue
        within, others = day_within(words, table, target)
        alone = None if within else day_of(TableHeading(heading.column, (*year, words)), table)
        day = within or alone or day
        if alone is None and _WEEK.fullmatch(header_key(words)) is None:
            rest.append(others)
    return day, rest


def day_within(words: str, table: SheetTable, target: ImportTarget) -> tuple[dt.date | None, str]:
    """« Effectif au 30/09 », « Sept. : pers. »: a date at one end of what is counted."""
    parts = words.split()
    for cut in range(1, len(parts)):
        for ends, counted in ((parts[cut:], parts[:cut]), (parts[:cut], parts[cut:])):
            date = day_of(TableHeading(0, (_LINKS.sub("", " ".join(ends)),)), table)
            what = _LINKS.sub("", " ".join(counted))
            if date is not None and is_count(what, target):
                return date, what
    return None, words


def is_count(words: str, target: ImportTarget) -> bool:
    key, _, _ = named([header_key(words)], target)
    return bool(key) and target.fields[key].kind.nature is ColumnNature.COUNT
