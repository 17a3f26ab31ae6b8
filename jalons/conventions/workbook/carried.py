"""What a workbook changed, carried by the page that shows it: nothing is lost, nothing is stored meanwhile."""

from collections.abc import Sequence
from typing import Any

from jalons.conventions.workbook.layout import CellAddress
from jalons.conventions.workbook.verdicts import CellChange
from jalons.core.values import Number, exact
from jalons.spreadsheets.comparing import FileChange
from jalons.spreadsheets.signed import Lost, opened, sealed

SALT = "conventions.workbook"


def carry(slug: str, user: Any, changes: Sequence[CellChange], cells: int, notes: Sequence[str]) -> str:
    """Signed and compressed. Raises `TooMany`."""
    rows = [
        [
            change.address.sheet,
            change.address.row,
            change.address.column,
            change.told if isinstance(change.told, int | str) else {"number": f"{change.told:f}"},
            change.mark,
            change.place,
            change.refused,
        ]
        for change in changes
    ]
    return sealed([slug, user.pk, cells, list(notes), rows], salt=SALT)


def brought(carried: str, slug: str, user: Any) -> tuple[list[CellChange], int, list[str]]:
    """The same: changes, how many cells the workbook holds, notes. Raises `Lost`."""
    of, who, cells, notes, rows = opened(carried, salt=SALT)
    if of != slug or who != user.pk:
        raise Lost
    changes = [
        FileChange(CellAddress(sheet, row, column), number_of(value), mark, place, refused)
        for sheet, row, column, value, mark, place, refused in rows
    ]
    return changes, cells, notes


def number_of(value: Any) -> Number | str:
    return exact(float(value["number"])) if isinstance(value, dict) else value
