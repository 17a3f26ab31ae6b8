"""The file given back with a colour and a remark on each cell that was judged. Runs in the child: no Django here.

What openpyxl does not know of a workbook (shapes, some charts) is lost: the original stays downloadable untouched.
"""

import base64
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.styles import PatternFill
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

COLOURS = {
    "new": "C6E7CE",
    "changed": "FFE699",
    "doubtful": "FFD27F",
    "refused": "F4B6B0",
}
CHUNK = 512 * 1024  # bytes of the file in one answer
LONGEST = 1_000  # characters of a remark


class InMemory(ExcelWriter):
    """Each sheet is written in memory: the child may write no file, and openpyxl makes one for each."""

    def write_worksheet(self, ws: Any) -> None:
        content = io.BytesIO()
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        writer = WorksheetWriter(ws, content)
        writer.write()
        ws._rels = writer._rels
        self._archive.writestr(ws.path[1:], content.getvalue())
        self.manifest.append(ws)


def packed(sheet: str, marks: list[list[Any]], content: bytes) -> bytes:
    """What the child reads: the length of the marks on eight bytes, the marks in JSON, the workbook."""
    head = json.dumps({"sheet": sheet, "marks": marks}, ensure_ascii=False).encode()
    return len(head).to_bytes(8, "big") + head + content


def annotated(stream: BinaryIO) -> Iterator[str]:
    """The workbook with its marks, in base64. A mark: [row, column, verdict, remark], from 1."""
    head = json.loads(stream.read(int.from_bytes(stream.read(8), "big")))
    book = load_workbook(io.BytesIO(stream.read()))
    sheet = book[head["sheet"]]
    fills = {verdict: PatternFill("solid", fgColor=colour) for verdict, colour in COLOURS.items()}
    for row, column, verdict, remark in head["marks"]:
        cell = sheet.cell(row, column)
        if type(cell).__name__ == "MergedCell":
            continue  # its value, and its remark, are at the first cell of the merge
        if verdict in fills:
            cell.fill = fills[verdict]
        if remark:
            cell.comment = Comment(remark[:LONGEST], "Jalons", width=320, height=120)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        InMemory(book, archive).write_data()
    for start in range(0, content.tell(), CHUNK):
        yield base64.b64encode(content.getvalue()[start : start + CHUNK]).decode()
