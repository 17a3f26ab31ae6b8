"""A table made to be filled in elsewhere and given back: what may be changed is open, the rest is protected."""

import datetime as dt
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any

import xlsxwriter

from jalons.core.values.text import clean
from jalons.exports.enums import ColumnKind
from jalons.exports.writers.cells import NUMBER, TEXT, cell, looks_like_formula
from jalons.exports.writers.xlsx import FONT, INK, NUMBER_FORMATS, fitting

LOCKED_FILL = "#F3EFE7"
HOW_TO = "Mode d’emploi"
HEADER_HEIGHT = 48  # points: three lines
SPARE = 100  # rows open under the table
EARLIEST = dt.date(1990, 1, 1)
# What Excel lets people do on a protected sheet; no password: it keeps from slips, not from people.
ALLOWED = {
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "insert_rows": True,
    "delete_rows": True,
    "sort": True,
    "autofilter": True,
}


@dataclass(frozen=True, slots=True)
class EditableColumn:
    """`locked`: names the row, and is not to be changed. `options`: the drop-down. `spare`: open in the rows below the
    table all the same, to add one.
    """

    header: str
    locked: bool = False
    spare: bool = True
    options: Sequence[str] = ()
    is_day: bool = False
    width: int = 12


@dataclass(frozen=True, slots=True)
class EditableTable:
    """`rows`: the key of each, and what its cells hold (None, a text or a number). `memory`: the sheet that says what
    left, hidden, its texts one below the other.
    """

    title: str
    key_header: str
    columns: Sequence[EditableColumn]
    rows: Iterable[tuple[str, Sequence[object]]]
    how_to: Sequence[str]
    memory_title: str
    memory: Sequence[str]
    may_add_rows: bool = True


def write_editable(table: EditableTable, file: IO[bytes]) -> int:
    """Writes the workbook; answers how many rows it has."""
    with tempfile.TemporaryDirectory() as folder:
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        workbook = xlsxwriter.Workbook(file, options)
        workbook.set_properties({"title": clean(table.title), "author": "Jalons"})
        sheet = workbook.add_worksheet(table.title)
        pen = EditingPen(workbook)
        set_up(sheet, table, pen)
        written = write_rows(sheet, table, pen)
        last = written + (SPARE if table.may_add_rows else 0)
        for place, column in enumerate(table.columns, 1):
            guide(sheet, column, place, last)
        sheet.autofilter(0, 1, max(written, 1), len(table.columns))
        sheet.protect("", ALLOWED)
        write_how_to(workbook.add_worksheet(HOW_TO), table.how_to, pen)
        memory = workbook.add_worksheet(table.memory_title)
        for row, text in enumerate(table.memory):
            memory.write_string(row, 0, fitting(text))
        memory.hide()
        workbook.close()
    return written


class EditingPen:
    """The looks of one workbook: open or locked, text or number."""

    def __init__(self, workbook: Any) -> None:
        def look(*, locked: bool, **more: Any) -> Any:
            fill = {"bg_color": LOCKED_FILL} if locked else {}
            return workbook.add_format({**FONT, "locked": locked, **fill, **more})

        self.header = workbook.add_format(
            {**FONT, "bold": True, "bottom": 2, "bottom_color": INK, "text_wrap": True, "valign": "bottom"}
        )
        self.words = workbook.add_format({**FONT, "text_wrap": True})
        self.text = {locked: look(locked=locked) for locked in (False, True)}
        self.quoted = {locked: look(locked=locked, quote_prefix=True) for locked in (False, True)}
        self.whole = {
            locked: look(locked=locked, num_format=NUMBER_FORMATS["whole"]) for locked in (False, True)
        }
        self.decimal = {
            locked: look(locked=locked, num_format=NUMBER_FORMATS["decimal"]) for locked in (False, True)
        }
        self.day = {
            locked: look(locked=locked, num_format=NUMBER_FORMATS["date"]) for locked in (False, True)
        }

    def column(self, column: EditableColumn) -> Any:
        """Of its empty cells, which are not written."""
        return (self.day if column.is_day else self.text)[column.locked]


def set_up(sheet: Any, table: EditableTable, pen: EditingPen) -> None:
    """The line of headers, in sight and protected; the column of keys, out of sight."""
    sheet.write_string(0, 0, table.key_header, pen.header)
    sheet.set_column(0, 0, None, None, {"hidden": True})
    for place, column in enumerate(table.columns, 1):
        sheet.write_string(0, place, fitting(clean(column.header)), pen.header)
        sheet.set_column(place, place, column.width, pen.column(column))
    fixed = next((place for place, column in enumerate(table.columns, 1) if not column.locked), 1)
    sheet.set_row(0, HEADER_HEIGHT)
    sheet.freeze_panes(1, min(fixed, 3))
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def write_rows(sheet: Any, table: EditableTable, pen: EditingPen) -> int:
    number = 0
    for number, (key, contents) in enumerate(table.rows, 1):
        sheet.write_string(number, 0, key, pen.text[True])
        for place, (column, content) in enumerate(zip(table.columns, contents, strict=True), 1):
            write_one(sheet, number, place, column, content, pen)
    for extra in range(SPARE if table.may_add_rows else 0):
        for place, column in enumerate(table.columns, 1):
            if column.locked and column.spare:
                sheet.write_blank(number + 1 + extra, place, None, pen.text[False])
    return number


def write_one(
    sheet: Any, row: int, place: int, column: EditableColumn, content: object, pen: EditingPen
) -> None:
    shape, value = cell(content, ColumnKind.VALUE)
    if shape == NUMBER:
        looks = pen.whole if value == int(value) else pen.decimal
        sheet.write_number(row, place, value, looks[column.locked])
    elif shape == TEXT:
        looks = pen.quoted if looks_like_formula(value) else pen.text
        sheet.write_string(row, place, fitting(value), looks[column.locked])


def guide(sheet: Any, column: EditableColumn, place: int, last: int) -> None:
    """The drop-down of a choice; a warning under a day that is none."""
    if not last:
        return
    if column.options:
        sheet.data_validation(
            1,
            place,
            last,
            place,
            {
                "validate": "list",
                "source": list(column.options),
                "error_type": "warning",
                "error_title": "Autre réponse",
                "error_message": "Choisissez dans la liste, ou laissez la case vide.",
            },
        )
    elif column.is_day:
        sheet.data_validation(
            1,
            place,
            last,
            place,
            {
                "validate": "date",
                "criteria": ">=",
                "value": EARLIEST,
                "error_type": "warning",
                "error_title": "Pas une date",
                "error_message": "Écrivez une date : 28/09/2026.",
            },
        )


def write_how_to(sheet: Any, sentences: Sequence[str], pen: EditingPen) -> None:
    sheet.set_column(0, 0, 100, pen.words)
    for row, sentence in enumerate(sentences):
        sheet.write_string(row, 0, fitting(clean(sentence)), pen.words)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
