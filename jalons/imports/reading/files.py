"""From a file to its sheets: whatever its form, the same content; or why it is not read, in French."""

import datetime as dt
import io
from pathlib import PurePosixPath
from typing import Any

from jalons.core.values.dates import MONTHS
from jalons.imports.reading.texts import read_text
from jalons.spreadsheets.reading import SheetContent, WorkbookKind, read_sheets

TEXTS = ("csv", "txt")


def read_content(content: bytes, kind: str, title: str = "") -> list[SheetContent]:
    """`kind`: xlsx, ods, csv or txt. Raises `UnreadFile`."""
    if kind in TEXTS:
        return [read_text(content, title)]
    sheets = read_sheets(io.BytesIO(content), WorkbookKind(kind))
    for sheet in sheets:
        write_months(sheet)
    return sheets


def write_months(sheet: SheetContent) -> None:
    """« oct-26 », that the spreadsheet holds as 1 October, is the month that a person typed and sees."""
    for row, column in sheet.months:
        value = sheet.rows[row][column] if column < len(sheet.rows[row]) else ""
        if isinstance(value, dt.date) and value.day == 1:
            sheet.rows[row][column] = f"{MONTHS[value.month - 1]} {value.year}"


def read_upload(file: Any, name: str, kind: str) -> list[SheetContent]:
    return read_content(file.read(), kind, PurePosixPath(name).stem)
