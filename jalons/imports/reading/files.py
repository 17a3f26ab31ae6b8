"""From a file to its sheets: whatever its form, the same content; or why it is not read, in French."""

import io
from pathlib import PurePosixPath
from typing import Any

from jalons.imports.reading.texts import read_text
from jalons.spreadsheets.reading import SheetContent, WorkbookKind, read_sheets

TEXTS = ("csv", "txt")


def read_content(content: bytes, kind: str, title: str = "") -> list[SheetContent]:
    """`kind`: xlsx, ods, csv or txt. Raises `UnreadFile`."""
    if kind in TEXTS:
        return [read_text(content, title)]
    return read_sheets(io.BytesIO(content), WorkbookKind(kind))


def read_upload(file: Any, name: str, kind: str) -> list[SheetContent]:
    return read_content(file.read(), kind, PurePosixPath(name).stem)
