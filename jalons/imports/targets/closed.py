"""What says that a site is closed, beside its figures: a column « Statut », a heading above its rows, its sheet."""

import re
from collections.abc import Iterable, Sequence

from jalons.core.values import fold
from jalons.core.values.text import unaccent
from jalons.imports.reading.layout import RowKind
from jalons.imports.reading.table import SheetTable
from jalons.imports.targets.fields import header_key
from jalons.imports.targets.guesses import ColumnGuess

_STATUS = re.compile(r"(?:statut|etat|situation|actif|ouvert|occupe|occupation)s?\b")
_CLOSED = re.compile(
    r"\W*(?:(?:site|terrain|lieu|squat|campement) )?(?:a ete )?(?:evacue|ferme|expulse|resorbe|demantele|libere|"
    r"abandonne|detruit|clos|clot|vide|inoccupe|parti)(?:e?s?|ure)\b"
)
_OF_CLOSED = re.compile(r"\b(?:evacue|ferme|expulse|resorbe|demantele|clos|clotur\w+)e?s?\b")
_OPEN = re.compile(r"\bouverts?\b|\bhors\b|\bsauf\b|\bdepuis la derniere\b")


def status_columns(table: SheetTable, mapped: Iterable[ColumnGuess]) -> list[int]:
    """Of columns that are no field of ours."""
    taken = {guess.column for guess in mapped}
    return [
        heading.column
        for heading in table.headings
        if heading.column not in taken and heading.path and _STATUS.match(header_key(heading.path[-1]))
    ]


def closed_by(table: SheetTable, row: int, section: str, statuses: Sequence[int]) -> str:
    """The words that say so; nothing for a site that nothing says is closed."""
    for column in statuses:
        text = table.cell(row, column).text
        if text and _CLOSED.match(unaccent(text)):
            return text
    return section if says_closed(section) else ""


def closed_sheet(table: SheetTable) -> str:
    """« Sites fermés » as the name of a sheet, or its title."""
    return next((text for text in (table.title, *table.texts(RowKind.TITLE)) if says_closed(text)), "")


def says_closed(text: str) -> bool:
    folded = fold(text)
    return bool(folded) and _OF_CLOSED.search(folded) is not None and _OPEN.search(folded) is None
