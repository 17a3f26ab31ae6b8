"""A first look at the XML of a workbook: where formulas stand, and whether it unfolds to something one can read.

The library that reads the cells gives the last result of a formula as if somebody had typed it, and sets aside room for
every cell up to the furthest one: one full stop in the last cell of a sheet would fill the memory.
"""

import posixpath
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat
from zipfile import ZipFile

from jalons.documents.enums import DocumentType

LARGEST_PART = 120 * 1024 * 1024  # bytes, unfolded
MOST_CELLS = 2_000_000  # of the rectangle that holds what is written
CHUNK = 256 * 1024
REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
Places = dict[str, set[tuple[int, int]]]


class TooLarge(Exception):
    """It unfolds to more than a convention may hold."""


class Broken(Exception):
    """Not the XML of a workbook."""


@dataclass
class Extent:
    """The rectangle of what is written on one sheet, from its first cell, and its formulas (row, column from 0)."""

    rows: int = 0
    columns: int = 0
    formulas: set[tuple[int, int]] = field(default_factory=set)

    def reach(self, row: int, column: int) -> None:
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)
        if self.rows * self.columns > MOST_CELLS:
            raise TooLarge


def formulas_of(file: Any, kind: DocumentType) -> Places:
    """Where formulas stand, by name of sheet. Raises `TooLarge` or `Broken`."""
    file.seek(0)
    try:
        with ZipFile(file) as archive:
            scan = scan_xlsx if kind == DocumentType.XLSX else scan_ods
            return scan(archive)
    except (expat.ExpatError, KeyError, ValueError) as error:
        raise Broken from error
    finally:
        file.seek(0)


def parse(archive: ZipFile, name: str, start: Any, end: Any = None) -> None:
    """Reads one part with a parser that knows no entity."""
    if archive.getinfo(name).file_size > LARGEST_PART:
        raise TooLarge
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    with archive.open(name) as part:
        while chunk := part.read(CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)


def refuse(*told: Any) -> None:
    raise ValueError("a workbook declares no entity")


def local(name: str) -> str:
    return name.rpartition(" ")[2]


# Excel ------------------------------------------------------------------------------------------------------


def scan_xlsx(archive: ZipFile) -> Places:
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def relation(name: str, told: dict[str, str]) -> None:
        if local(name) == "Relationship":
            targets[told["Id"]] = told["Target"]

    def sheet(name: str, told: dict[str, str]) -> None:
        if local(name) == "sheet":
            sheets[told["name"]] = told[f"{RELATION} id"]

    parse(archive, "xl/_rels/workbook.xml.rels", relation)
    parse(archive, "xl/workbook.xml", sheet)
    found: Places = {}
    for title, identifier in sheets.items():
        target = targets[identifier]
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        found[title] = scan_xlsx_sheet(archive, path).formulas
    return found


def scan_xlsx_sheet(archive: ZipFile, path: str) -> Extent:
    extent, at = Extent(), [(0, 0)]

    def start(name: str, told: dict[str, str]) -> None:
        tag = local(name)
        if tag == "c":
            row, column = at[0]
            match = REFERENCE.fullmatch(told.get("r", ""))
            at[0] = (int(match[2]) - 1, number_of(match[1])) if match else (row, column + 1)
        elif tag == "row":
            at[0] = (int(told.get("r", at[0][0] + 2)) - 1, -1)
        elif tag in ("v", "is"):
            extent.reach(at[0][0] + 1, at[0][1] + 1)
        elif tag == "f":
            extent.formulas.add(at[0])

    parse(archive, path, start)
    return extent


def number_of(letters: str) -> int:
    """A is 0, AA is 26."""
    number = 0
    for sign in letters:
        number = number * 26 + ord(sign) - 64
    return number - 1


# LibreOffice ------------------------------------------------------------------------------------------------


class OdsScan:
    """The cells of an OpenDocument sheet say how often they are repeated, and not where they are."""

    def __init__(self) -> None:
        self.found: Places = defaultdict(set)
        self.sheet = ""
        self.extent = Extent()
        self.row = self.column = 0
        self.times = 1

    def start(self, name: str, told: dict[str, str]) -> None:
        tag = local(name)
        said = {local(key): value for key, value in told.items()}
        if tag == "table":
            self.sheet, self.extent, self.row = said.get("name", ""), Extent(), 0
        elif tag == "table-row":
            self.times, self.column = int(said.get("number-rows-repeated", 1)), 0
        elif tag in ("table-cell", "covered-table-cell"):
            repeated = int(said.get("number-columns-repeated", 1))
            if "value-type" in said or "formula" in said:
                self.extent.reach(self.row + self.times, self.column + repeated)
                if "formula" in said:
                    for row in range(self.row, self.row + self.times):
                        self.found[self.sheet].update(
                            (row, column) for column in range(self.column, self.column + repeated)
                        )
            self.column += repeated

    def end(self, name: str) -> None:
        if local(name) == "table-row":
            self.row += self.times


def scan_ods(archive: ZipFile) -> Places:
    scan = OdsScan()
    parse(archive, "content.xml", scan.start, scan.end)
    return scan.found
