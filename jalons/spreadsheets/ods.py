"""A LibreOffice workbook, read before the library reads it.

Its cells say how often they are repeated, and not where they are: one line of XML can stand for a whole sheet. The
library knows elements and attributes by their usual prefix (`table:`), whatever it stands for; here a name counts
under any prefix, so that nothing it reads is left out.
"""

import io
import zipfile

from jalons.core.archives import Archive, Attributes, DamagedFile, local, parse_xml
from jalons.spreadsheets.limits import LAST_COLUMN, LAST_ROW, Count, Extent
from jalons.spreadsheets.references import number_of

CONTENT = "content.xml"
MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MEDIA_TYPE}"/></manifest:manifest>'
)
VALUES = {"value-type", "value", "string-value", "date-value", "time-value", "boolean-value", "formula"}
PLACES = {"number-columns-repeated", "number-rows-repeated", "c", "name"}
CELLS = {"table-cell", "covered-table-cell"}
MOST_SPACES = 1_000_000  # that one element may stand for


def rewritten(archive: Archive, count: Count, extents: dict[str, Extent]) -> bytes:
    """The archive that the library reads; `extents` is filled, by title of sheet."""
    if CONTENT not in archive:
        raise DamagedFile("no content")
    reader = ContentReader(count, extents)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as copy:
        copy.writestr("mimetype", MEDIA_TYPE)
        copy.writestr("META-INF/manifest.xml", MANIFEST)
        with copy.open(CONTENT, "w") as target:
            chunks = archive.chunks_into(CONTENT, target)
            parse_xml(chunks, count.budget, reader.start, utf8=True, end=reader.end, text=reader.add_text)
    return content.getvalue()


class ContentReader:
    """The tables of a document, one after the other."""

    def __init__(self, count: Count, extents: dict[str, Extent]) -> None:
        self.count, self.extents = count, extents
        self.extent = Extent(count)
        self.in_table = False
        self.row = self.column = 0  # what stands before, repeated as it says
        self.times = self.repeated = 1
        self.in_cell = False

    def start(self, name: str, attributes: Attributes) -> None:
        tag = local(name)
        if tag in CELLS:
            self.start_cell(values_of(attributes))
        elif tag == "table-row":
            self.times = number_of(values_of(attributes).get("number-rows-repeated", "1"), LAST_ROW)
            self.column = 0
        elif tag == "table":
            self.start_table(values_of(attributes).get("name", ""))
        elif tag == "s":
            spaces = number_of(values_of(attributes).get("c", "1"), MOST_SPACES)
            self.add_characters(spaces)

    def start_table(self, title: str) -> None:
        if self.in_table or title in self.extents:
            raise DamagedFile("a table in a table, or two of one name")
        self.count.add_sheet()
        self.in_table, self.row, self.extent = True, 0, Extent(self.count)
        self.extents[title] = self.extent

    def start_cell(self, values: Attributes) -> None:
        if self.in_cell:
            raise DamagedFile("a cell in a cell")
        self.in_cell = True
        self.repeated = number_of(values.get("number-columns-repeated", "1"), LAST_COLUMN)
        if values.keys() & VALUES and self.in_table:
            self.count.add_cells(self.times * self.repeated)
            self.extent.reach(self.row + self.times, self.column + self.repeated)
            self.add_characters(sum(len(values[key]) for key in values.keys() & VALUES))
            places = (
                {
                    (row, column)
                    for row in range(self.row, self.row + self.times)
                    for column in range(self.column, self.column + self.repeated)
                }
                if "formula" in values or values.get("value-type") == "percentage"
                else set()
            )
            if "formula" in values:
                self.extent.formulas |= places
            if values.get("value-type") == "percentage":
                self.extent.percents |= places
        self.column += self.repeated
        if self.column > LAST_COLUMN:
            raise DamagedFile("a row longer than a sheet")

    def add_text(self, characters: str) -> None:
        if self.in_cell:
            self.add_characters(len(characters))

    def add_characters(self, number: int) -> None:
        if self.in_cell:
            self.count.add_text(number * self.times * self.repeated)

    def end(self, name: str) -> None:
        tag = local(name)
        if tag in CELLS:
            self.in_cell = False
        elif tag == "table-row":
            self.row += self.times
            if self.row > LAST_ROW and self.in_table:
                raise DamagedFile("more rows than a sheet")
        elif tag == "table":
            self.in_table = False


def values_of(attributes: Attributes) -> Attributes:
    """Attributes without their prefixes; LibreOffice writes some twice (`office:value-type`, `calcext:value-type`).

    Raises `DamagedFile` for two that say where a cell is or what a table is called.
    """
    values: Attributes = {}
    for key, value in attributes.items():
        name = local(key)
        if name in values and name in PLACES:
            raise DamagedFile("one attribute under two prefixes")
        values[name] = values.get(name, "") + value
    return values
