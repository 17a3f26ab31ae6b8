"""Follow-up tables of a sheet, their columns as their owner defined them, with totals."""

import datetime as dt
from typing import Any

from jalons.conventions.documents.words import prose, typeset
from jalons.conventions.dossier.content import Sheet, Tracking
from jalons.conventions.models.printed import as_number, as_text, objects_in
from jalons.conventions.sheets.tracking.tables import FIGURES, SUMMED, value_of
from jalons.core.values import (
    Emptiness,
    MixedUnitsError,
    Value,
    format_date,
    format_euros,
    format_number,
    format_percent,
    total,
)
from jalons.exports.acts import BLANK, ActRow, Ruled, Slot, Text, head, line, ruled, slot
from jalons.exports.document import Heading, in_french


def tracking_blocks(sheet: Sheet) -> list[object]:
    blocks: list[object] = []
    for tracking in sheet.tracking:
        blocks.append(Heading(tracking.table.title or "Tableau de suivi", 3))
        if tracking.table.columns:
            blocks.append(tracking_table(tracking))
        notes = [note for note in map(as_text, tracking.table.notes) if note.strip()]
        if notes:
            blocks.append(Text(tuple(prose(note) for note in notes)))
    return blocks


def tracking_table(tracking: Tracking) -> Ruled:
    columns = objects_in(tracking.table.columns)
    figures = [at for at, column in enumerate(columns) if column.get("kind") in FIGURES]
    rows = [
        ActRow(
            tuple(
                slot(
                    printed_cell(row.cells.get(str(column.get("key"))), str(column.get("kind") or "")),
                    right=at in figures,
                )
                for at, column in enumerate(columns)
            )
        )
        for row in tracking.rows
    ]
    widths = [2.2 if not at else 1.0 for at in range(len(columns))]
    heads = head(
        *[str(column.get("header") or column.get("key") or "–") for column in columns], right=figures
    )
    return ruled(widths, [heads], [*rows, *total_rows(tracking, columns)])


def total_rows(tracking: Tracking, columns: list[dict[str, Any]]) -> list[ActRow]:
    """The sum of each column of numbers or amounts; nothing when there is none, or one row only."""
    if len(tracking.rows) < 2 or not any(column.get("kind") in SUMMED for column in columns):
        return []
    cells = []
    for at, column in enumerate(columns):
        kind = column.get("kind")
        if kind in SUMMED:
            values = [value_of(row.cells.get(str(column.get("key"))), str(kind)) for row in tracking.rows]
            cells.append(slot(summed(values), right=True, tone="sum"))
        else:
            cells.append(Slot((line("Total") if not at else BLANK,), tone="sum"))
    return [ActRow(tuple(cells))]


def summed(values: list[Value]) -> object:
    """« ≥ 110,5 » when a row does not say it: an act never prints « non renseigné »."""
    try:
        whole = total(values)
        return whole if whole.is_complete or not whole.is_known else whole.short()
    except MixedUnitsError:
        return "unités différentes"


def printed_cell(cell: Any, kind: str) -> object:
    if isinstance(cell, dict):
        value = value_of(cell, kind)
        return typeset(str(cell.get("raw") or "")) or value
    if cell is None or cell == "":
        return Emptiness.EMPTY
    if as_number(cell) is not None:
        written = {"amount": format_euros, "percent": format_percent}.get(kind, format_number)
        return written(cell)
    words = in_french(cell)
    if kind == "date":
        try:
            return format_date(dt.date.fromisoformat(words))
        except ValueError:
            return words
    return typeset(words)
