"""Tables that are plain text: .csv files, and what is pasted from a spreadsheet or a message."""

import csv
import io

from jalons.core.confined import Reason, UnreadFile
from jalons.spreadsheets.limits import Limits
from jalons.spreadsheets.reading import SheetContent

DELIMITERS = ";\t,"
LOOKED_AT = 60  # lines
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_text(content: bytes, title: str = "") -> SheetContent:
    """Raises `UnreadFile` when it is too long, or not a text."""
    return read_pasted(decoded(content), title)


def decoded(content: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or Windows-1252: the first that reads it whole."""
    encoding = next((name for bom, name in BOMS if content.startswith(bom)), "")
    for name in (encoding,) if encoding else ("utf-8", "cp1252"):
        try:
            return content.decode(name)
        except UnicodeError:
            continue
    raise UnreadFile(Reason.DAMAGED)


def read_pasted(text: str, title: str = "", limits: Limits | None = None) -> SheetContent:
    """Every cell is a text."""
    limits = limits or Limits()
    if len(text) > limits.text:
        raise UnreadFile(Reason.OVERSIZED)
    text = text.replace("\0", "")
    rows: list[list[str]] = []
    cells = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    try:
        for row in reader:
            cells += len(row)
            if cells > limits.cells:
                raise UnreadFile(Reason.OVERSIZED)
            rows.append([value.strip() for value in row])
    except csv.Error:  # a cell longer than the reader takes
        raise UnreadFile(Reason.OVERSIZED) from None
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((len(row) for row in rows), default=0)
    if width * len(rows) > limits.area:
        raise UnreadFile(Reason.OVERSIZED)
    return SheetContent(title, rows=[[*row, *[""] * (width - len(row))] for row in rows])


def delimiter_of(text: str) -> str:
    """The sign that cuts the most lines in the same number of cells, more than one; `;` when none does.

    A comma is also a decimal mark: it only counts when neither other sign cuts anything.
    """
    lines = list(io.StringIO(text, newline=""))[:LOOKED_AT]
    for delimiter in DELIMITERS:
        counts = [line.count(delimiter) for line in lines if line.count(delimiter)]
        if counts and (delimiter != "," or len(counts) * 2 > len([line for line in lines if line.strip()])):
            return delimiter
    return ";"
