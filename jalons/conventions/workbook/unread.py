"""What a workbook holds beside the figures that come back: it leaves to be read, and what somebody writes there is lost
unless it is said. Each row leaves with a digest; what comes back without one was changed.
"""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from jalons.conventions.workbook import layout
from jalons.core.values import format_number, plural
from jalons.core.values.text import french_spaces
from jalons.exports.contract import About, Table
from jalons.exports.writers.about import SIGNS, TITLE, dated_lines, labelled
from jalons.exports.writers.cells import DATE, EUROS, MOMENT, NUMBER, PERCENT, TEXT, Cell, cell, sheet_names
from jalons.spreadsheets.typed import plain

UNREAD = "(feuille)"  # stands where the rows of « Repères » name a sheet of the convention
COMPARED = 16_000  # characters of one cell: the longest texts are cut by Excel
CELL_SIGNS, ROW_SIGNS = 4, 12
NAMED = 4  # rows named in one sentence
# Lines of « À propos » that are only known once everything is written.
COUNTED = ("Fichier", "Lignes")
FORMULA = "="

Forms = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowMark:
    """A row as it left: its place in the sheet (0: the headers), its digest, a shorter one for each cell."""

    place: int
    digest: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """A row of a file that came back. `number` as a spreadsheet counts; `cells`: header of its column and content."""

    number: int
    cells: Sequence[tuple[str, str]]

    @property
    def forms(self) -> Forms:
        return tuple(form for _, form in self.cells)

    @property
    def marks(self) -> Forms:
        return cell_marks(self.forms)


def remembered(table: Table) -> Table:
    """The same, its rows made once: they are written, then marked."""
    made: list[Any] = []

    def rows() -> Iterator[Any]:
        if not made:
            made.extend(table.rows())
        return iter(made)

    return replace(table, rows=rows)


# What leaves -------------------------------------------------------------------------------------------------


def marks_of(tables: Sequence[Table], about: About) -> Iterator[tuple[str, RowMark]]:
    """Every row that is not read back, with the name of its sheet in the file. `tables`: all but « Repères », which
    stands last before « À propos »."""
    names = sheet_names([*(table.title for table in tables), layout.MARKS, TITLE])
    for name, table in zip(names, tables, strict=False):
        heads = [plain(column.header) for column in table.columns]
        yield name, row_mark(0, left_of(heads, heads))
        for place, row in enumerate(table.rows(), 1):
            forms = [form_of(cell(column.value(row), column.kind)) for column in table.columns]
            yield name, row_mark(place, left_of(forms, heads))
    lines = [*dated_lines(about), *labelled("Chiffre retenu", about.rules), *SIGNS]
    for place, line in enumerate(lines):
        yield names[-1], row_mark(place, left_of([plain(words) for words in line], ()))


def left_of(forms: Sequence[str], heads: Sequence[str]) -> Forms:
    """A row without what is read back of it: the figures of a fiche, the words of « Valeurs »."""
    return tuple(form for _, form in headed(forms, heads))


def headed(forms: Sequence[str], heads: Sequence[str]) -> list[tuple[str, str]]:
    """The same, each with the header of its column. The empty cells at both ends are left out: a column put before or
    after changes nothing.
    """
    pairs = [
        (head, form)
        for head, form in zip_longest(heads, forms, fillvalue="")
        if not is_read(head, heads, forms)
    ]
    filled = [place for place, (_, form) in enumerate(pairs) if form]
    return pairs[filled[0] : filled[-1] + 1] if filled else []


def is_read(head: str, heads: Sequence[str], forms: Sequence[str]) -> bool:
    if {layout.SHEET, layout.ROW, layout.COLUMN, layout.WORDS} <= set(heads):
        return head == layout.WORDS
    if {layout.SHEET, layout.ROW, layout.LABEL} <= set(heads):
        is_section = forms[heads.index(layout.ROW)] == layout.SECTION
        return head not in (layout.SHEET, layout.ROW, layout.LABEL) and not is_section
    return False


def form_of(written: Cell) -> str:
    """What a cell holds, the same whatever the format and the program that saved it."""
    shape, value = written
    if shape == TEXT:
        return plain(str(value)[:COMPARED])
    if shape in (NUMBER, EUROS):
        return number_form(value)
    if shape == PERCENT:
        return f"{number_form(value)} %"
    if shape in (DATE, MOMENT):
        return date_form(value)
    return ""


def number_form(value: Any) -> str:
    """Twelve digits: the fifteenth is not the same in every program."""
    return f"{float(value):.12g}"


def date_form(day: dt.date) -> str:
    whole = day.isoformat()[:16] if isinstance(day, dt.datetime) else day.isoformat()
    return whole.removesuffix("T00:00")


def digest(text: str, signs: int) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:signs]


def cell_marks(forms: Forms) -> tuple[str, ...]:
    return tuple(digest(form, CELL_SIGNS) for form in forms)


def row_mark(place: int, forms: Forms) -> RowMark:
    return RowMark(place, row_digest(forms), cell_marks(forms))


def row_digest(forms: Forms) -> str:
    return digest("\x1f".join(forms), ROW_SIGNS)


# What comes back ---------------------------------------------------------------------------------------------


def read_form(value: Any, *, is_formula: bool, is_percent: bool) -> str:
    """The same of a cell that a library read."""
    if is_formula:
        return FORMULA
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        return f"{number_form(value * 100)} %" if is_percent else number_form(value)
    if isinstance(value, dt.date | dt.datetime):
        return date_form(value)
    return plain(str(value)[:COMPARED])


def differences(rows: Sequence[UnreadRow], marks: Sequence[RowMark]) -> tuple[list[str], int]:
    """Where the rows that no digest knows were changed (« ligne 4, colonne « Montant » »), and how many rows of those
    that left are gone. The order of the rows says nothing: somebody may have sorted them.
    """
    left = Counter(mark.digest for mark in marks)
    unknown = []
    for row in rows:
        known = row_digest(row.forms)
        if left[known]:
            left[known] -= 1
        elif row.forms:
            unknown.append(row)
    gone = [mark for mark in marks if left[mark.digest] > 0 and mark.cells]
    places = []
    for row in unknown:
        was = nearest(row, gone)
        if was is not None:
            gone.remove(was)
        places.append(place_words(row, was))
    return places, len(gone)


def nearest(row: UnreadRow, gone: Sequence[RowMark]) -> RowMark | None:
    """The row that it was: of those gone, the one of which most cells are still there."""
    alike = [(sum((Counter(row.marks) & Counter(mark.cells)).values()), -mark.place) for mark in gone]
    best = max(range(len(gone)), key=lambda at: alike[at], default=None)
    return gone[best] if best is not None and alike[best][0] else None


def place_words(row: UnreadRow, was: RowMark | None) -> str:
    words = f"ligne {row.number}"
    if was is None or len(was.cells) != len(row.cells):
        return words
    changed = [
        head
        for (head, _), now, before in zip(row.cells, row.marks, was.cells, strict=True)
        if now != before and head
    ]
    if not changed:
        return words
    named = ", ".join(f"« {head} »" for head in changed[:3])
    return f"{words}, {plural(len(changed[:3]), 'colonne', 'colonnes')} {named}"


def sentence(title: str, places: Sequence[str], gone: int, *, partly: bool) -> str:
    """« La feuille « Budgets » a été modifiée (ligne 4, colonne « Montant ») : Jalons ne la relit pas… ».
    `partly`: the figures of the sheet are read back, the rest is not.
    """
    parts = list(places[:NAMED])
    if more := len(places) - len(parts):
        parts.append(f"et {format_number(more)} {plural(more, 'autre ligne', 'autres lignes')}")
    if gone:
        parts.append(f"{format_number(gone)} {plural(gone, 'ligne ôtée', 'lignes ôtées')}")
    why = (
        "hors des chiffres, Jalons n’en relit rien"
        if partly
        else "Jalons ne la relit pas, rien n’en sera repris"
    )
    return french_spaces(
        f"La feuille « {title} » a été modifiée ({' ; '.join(parts)}) : {why}. Faites le changement dans Jalons."
    )


def stranger(title: str) -> str:
    return french_spaces(f"La feuille « {title} » ne vient pas de Jalons : rien n’y est lu.")
