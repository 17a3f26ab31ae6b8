"""What would become of every cell of a workbook that comes back. Pure: nothing is written."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from jalons.conventions.dossier.content import Dossier, Sheet
from jalons.conventions.figures.services import CellFigure, columns_of, differs, expected_of
from jalons.conventions.figures.typed_cells import read_typed
from jalons.conventions.models import Cell, MatrixColumn, MatrixRow
from jalons.conventions.workbook.cells import mark, words_of
from jalons.conventions.workbook.layout import CellAddress, address
from jalons.core.values import Number, format_number
from jalons.core.values.formats import plain_number
from jalons.core.values.text import french_spaces
from jalons.spreadsheets.comparing import EMPTY_WORDS, FileChange, Movement, movement
from jalons.spreadsheets.typed import plain

Told = Number | str
UNREAD = "pas lu"


class Verdict(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    ERASED = "erased"
    CONFLICT = "conflict"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Verdict.NEW: "nouveau",
    Verdict.CHANGED: "modifié",
    Verdict.ERASED: "effacé",
    Verdict.CONFLICT: "à choisir",
    Verdict.REFUSED: "refusé",
}


CellChange = FileChange[CellAddress]


@dataclass(frozen=True, slots=True)
class Judged:
    """`before`, `after`: in words, as they stand now and as they would. `fields`: what to write."""

    change: CellChange
    verdict: Verdict
    where: str
    label: str
    column: str
    before: str
    after: str
    reason: str = ""
    sheet: Sheet | None = None
    row: MatrixRow | None = None
    of: MatrixColumn | None = None
    cell: Cell | None = None
    figure: CellFigure | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def choice(self) -> str:
        """Its name in a form: of this place and of what stands there, so that an older choice is asked again."""
        where = self.change.address
        identity = "\x1f".join((where.sheet, where.row, where.column, mark(self.cell)))
        return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:12]


@dataclass
class Judgement:
    cells: list[Judged] = field(default_factory=list)
    unchanged: int = 0
    notes: Sequence[str] = ()

    def of(self, verdict: Verdict) -> list[Judged]:
        return [cell for cell in self.cells if cell.verdict is verdict]

    def to_json(self) -> dict[str, Any]:
        """`{unchanged, new, changed, erased, conflict, refused, cells: [{verdict, sheet, row, column, …}], notes}`."""
        cells = [
            {
                "verdict": cell.verdict.value,
                "sheet": cell.change.address.sheet,
                "row": cell.change.address.row,
                "column": cell.change.address.column,
                "before": cell.before,
                "after": cell.after,
                "reason": cell.reason or None,
            }
            for cell in self.cells
        ]
        counts = {verdict.value: len(self.of(verdict)) for verdict in Verdict}
        return {"unchanged": self.unchanged, **counts, "cells": cells, "notes": list(self.notes)}

    @property
    def writable(self) -> list[Judged]:
        """What is written unless somebody says no: a figure that would be erased asks for a yes."""
        return [cell for cell in self.cells if cell.verdict in (Verdict.NEW, Verdict.CHANGED)]


MayFill = Callable[[MatrixRow], bool]


def judge(
    dossier: Dossier,
    changes: Sequence[CellChange],
    may_fill: MayFill,
    *,
    cells: int = 0,
    notes: Sequence[str] = (),
) -> Judgement:
    """A verdict for each change. `cells`: how many the workbook holds."""
    known = Known(dossier)
    judgement = Judgement(unchanged=max(cells - len(changes), 0), notes=notes)
    for change in changes:
        judged = judged_change(known, change, may_fill)
        if judged is None:
            judgement.unchanged += 1
        else:
            judgement.cells.append(judged)
    return judgement


class Known:
    """The places of a dossier, by address."""

    def __init__(self, dossier: Dossier) -> None:
        self.sheets = {plain(sheet.key): sheet for sheet in dossier.sheets}
        self.places = {
            address(sheet, row, column): (sheet, row, column)
            for sheet in dossier.sheets
            for row in sheet.rows
            for column in sheet.columns
        }


def judged_change(known: Known, change: CellChange, may_fill: MayFill) -> Judged | None:
    """None when the base already says it."""
    where = change.address
    known_place = known.places.get(where)
    after = words_told(change.told) if change.told != "" or not change.refused else UNREAD
    if known_place is None:
        sheet = known.sheets.get(where.sheet)
        reason = (
            "cette ligne ou cette colonne n’est plus dans la fiche"
            if sheet
            else "cette fiche n’est pas, ou n’est plus, parmi celles que vous pouvez lire"
        )
        heading = sheet.commitment.number_words if sheet else "une fiche du classeur"
        return refusal(change, reason, heading, "une ligne du classeur", "", "", after)
    sheet, row, column = known_place
    cell = sheet.cell(row, column)
    place = (sheet.commitment.number_words, row.label or row.breakdown or row.key, column.words)
    before = words_of(cell) or EMPTY_WORDS
    if change.refused:
        return refusal(change, change.refused, *place, before, after)
    if not may_fill(row):
        return refusal(change, "vous n’avez pas cette ligne à remplir", *place, before, after)
    others = [other for of, other in sheet.cells_of(row) if other is not None and of is not column]
    figure, reason = figure_of(change.told, row, column, others)
    if figure.reading is None or figure.reading.refused:
        return refusal(change, reason, *place, before, after)
    fields = columns_of(replace(figure, reading=None), figure.reading, cell)
    moved = movement(in_file=True, here=mark(cell) != change.mark, agree=not differs(fields, cell))
    if moved is Movement.ALREADY:
        return None
    written = cell is not None and cell.kind not in ("", "empty")
    verdict = Verdict.CHANGED if written else Verdict.NEW
    if written and words_told(change.told) == EMPTY_WORDS:
        verdict, reason = (
            Verdict.ERASED,
            "la cellule est vide dans le classeur : une cellule fusionnée l’est aussi",
        )
    if moved is Movement.BOTH:
        verdict = Verdict.CONFLICT
        reason = "quelqu’un d’autre l’a changé depuis l’export"
    return Judged(
        change, verdict, *place, before, after, french_spaces(reason), *known_place, cell, figure, fields
    )


def figure_of(
    value: Told, row: MatrixRow, column: MatrixColumn, others: Sequence[Cell]
) -> tuple[CellFigure, str]:
    """What is understood, as in the grid, and the sentence that goes with it: a doubt, or why it is refused.

    A number of a spreadsheet is one number; in a row of rates it may be a percentage of which the sign was lost.
    """
    expected = expected_of(row, others)
    words = value if isinstance(value, str) else plain_number(value)
    reading = read_typed(words, expected)
    if not isinstance(value, str):
        reading = replace(reading, raw=format_number(value))
        if expected.kind == "percent" and 0 < value < 1:
            rate = format_number(value * 100)
            why = f"Dans une ligne de pourcentages, écrivez « {rate} % » en texte, ou {rate} sans le signe."
            reading = replace(reading, refused=french_spaces(why))
    return CellFigure(row, column, words, reading=reading), reading.refused or reading.doubt


def refusal(
    change: CellChange, reason: str, where: str, label: str, column: str, before: str, after: str
) -> Judged:
    return Judged(change, Verdict.REFUSED, where, label, column, before, after, french_spaces(reason))


def words_told(value: Told) -> str:
    return (value.strip() if isinstance(value, str) else format_number(value)) or EMPTY_WORDS
