"""A LibreOffice workbook, read before the library reads it.

Its cells say how often they are repeated, and not where they are: one line of XML can stand for a whole sheet. The
library knows elements and attributes by their usual prefix (`table:`), whatever it stands for; here a name counts
under any prefix, so that nothing it reads is left out.
"""

import io
import re
import zipfile

from jalons.core.archives import Archive, Attributes, DamagedFile, local, parse_xml
from jalons.spreadsheets.comments import plain_comment
from jalons.spreadsheets.limits import LAST_COLUMN, LAST_ROW, Count, Extent
from jalons.spreadsheets.references import number_of

CONTENT = "content.xml"
MOST_BLANK = 100  # coloured cells written as one; more of them are what is beside a table, or below it
MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MEDIA_TYPE}"/></manifest:manifest>'
)
VALUES = {"value-type", "value", "string-value", "date-value", "time-value", "boolean-value", "formula"}
PLACES = {"number-columns-repeated", "number-rows-repeated", "c", "name"}
CELLS = {"table-cell", "covered-table-cell"}
HIDDEN = ("collapse", "filter")
HEXADECIMAL = re.compile(r"[0-9A-F]{6}", re.ASCII)
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
        self.styles = OdsStyles()
        self.months: set[str] = set()  # looks whose dates show no day
        self.pinned: list[str] | None = None  # words of the comment being read
        self.in_paragraph = False
        self.column_looks: list[
            tuple[int, int, str]
        ] = []  # first column, the one after the last, style of its cells
        self.row_is_hidden = False

    def start(self, name: str, attributes: Attributes) -> None:
        tag = local(name)
        if tag in CELLS:
            self.start_cell(values_of(attributes))
        elif tag == "table-row":
            self.times = number_of(values_of(attributes).get("number-rows-repeated", "1"), LAST_ROW)
            self.column = 0
            self.row_is_hidden = values_of(attributes).get("visibility", "visible") in HIDDEN
        elif tag == "table-column":
            self.start_column(values_of(attributes))
        elif tag == "table":
            self.start_table(values_of(attributes))
        elif tag == "s":
            spaces = number_of(values_of(attributes).get("c", "1"), MOST_SPACES)
            self.add_characters(spaces)
        elif tag == "annotation" and self.in_cell:
            self.pinned = []
        elif tag == "p":
            self.in_paragraph = True
        elif tag in OdsStyles.TAGS:
            self.styles.start(tag, values_of(attributes))

    def start_table(self, values: Attributes) -> None:
        title = values.get("name", "")
        if self.in_table or title in self.extents:
            raise DamagedFile("a table in a table, or two of one name")
        self.count.add_sheet()
        self.in_table, self.row, self.extent = True, 0, Extent(self.count)
        self.extent.hidden = values.get("style-name", "") in self.styles.hidden_tables
        self.column_looks, self.months = [], self.styles.month_styles()
        self.extents[title] = self.extent

    def start_column(self, values: Attributes) -> None:
        first = self.column_looks[-1][1] if self.column_looks else 0
        last = first + number_of(values.get("number-columns-repeated", "1"), LAST_COLUMN)
        if last > LAST_COLUMN:
            raise DamagedFile("more columns than a sheet")
        self.column_looks.append((first, last, values.get("default-cell-style-name", "")))
        if values.get("visibility", "visible") in HIDDEN:
            self.extent.hidden_columns.update(range(first, last))

    def start_cell(self, values: Attributes) -> None:
        if self.in_cell:
            raise DamagedFile("a cell in a cell")
        self.in_cell = True
        self.repeated = number_of(values.get("number-columns-repeated", "1"), LAST_COLUMN)
        if values.keys() & VALUES and self.in_table:
            self.count.add_cells(self.times * self.repeated)
            self.extent.reach(self.row + self.times, self.column + self.repeated)
            self.add_characters(sum(len(values[key]) for key in values.keys() & VALUES))
            self.note_looks(values)
        elif self.in_table and self.times * self.repeated <= MOST_BLANK:
            self.note_blank(self.styles.fills.get(values.get("style-name", "")))
        self.column += self.repeated
        if self.column > LAST_COLUMN:
            raise DamagedFile("a row longer than a sheet")

    def note_blank(self, fill: str | None) -> None:
        if fill:
            self.extent.fill_blank(self.places(), fill)

    def note_looks(self, values: Attributes) -> None:
        """Formula, percentage, merge, colour, struck through: of a cell where something is written."""
        look = values.get("style-name") or self.column_style()
        noted = {
            "formulas": "formula" in values,
            "percents": values.get("value-type") == "percentage",
            "struck": look in self.styles.struck,
            "months": look in self.months,
        }
        fill = self.styles.fills.get(look)
        places = self.places() if fill or any(noted.values()) else set()
        for name, is_so in noted.items():
            if is_so:
                getattr(self.extent, name).update(places)
        if fill:
            self.extent.fills.update(dict.fromkeys(places, fill))
        rows = number_of(values.get("number-rows-spanned", "1"), LAST_ROW)
        columns = number_of(values.get("number-columns-spanned", "1"), LAST_COLUMN)
        if rows > 1 or columns > 1:
            self.count.add_merge()
            self.extent.merges.append((self.row, self.column, self.row + rows - 1, self.column + columns - 1))

    def places(self) -> set[tuple[int, int]]:
        return {
            (row, column)
            for row in range(self.row, self.row + self.times)
            for column in range(self.column, self.column + self.repeated)
        }

    def column_style(self) -> str:
        """LibreOffice does not repeat on a cell the look of its column."""
        return next((look for first, after, look in self.column_looks if first <= self.column < after), "")

    def add_text(self, characters: str) -> None:
        if self.pinned is not None and self.in_paragraph:
            self.pinned.append(characters)
        if self.in_cell:
            self.add_characters(len(characters))

    def add_characters(self, number: int) -> None:
        if self.in_cell:
            self.count.add_text(number * self.times * self.repeated)

    def end(self, name: str) -> None:
        tag = local(name)
        if tag == "p":
            self.in_paragraph = False
            if self.pinned is not None:
                self.pinned.append("\n")
        elif tag == "annotation" and self.pinned is not None:
            self.pin("".join(self.pinned))
        elif tag in CELLS:
            self.in_cell = False
        elif tag == "table-row":
            if self.row_is_hidden:
                self.extent.hidden_rows.update(range(self.row, min(self.row + self.times, self.extent.rows)))
            self.row += self.times
            if self.row > LAST_ROW and self.in_table:
                raise DamagedFile("more rows than a sheet")
        elif tag == "table":
            self.in_table = False

    def pin(self, words: str) -> None:
        """On the first of the cells that it stands for."""
        self.pinned = None
        self.count.add_comment()
        if self.in_table and (text := plain_comment(words)):
            self.extent.comments[self.row, self.column - self.repeated] = text


class OdsStyles:
    """The looks that the document names: sheets that are not displayed, colours behind cells, struck through."""

    TAGS = (
        "style",
        "table-properties",
        "table-cell-properties",
        "text-properties",
        "date-style",
        "day",
        "month",
        "year",
    )

    def __init__(self) -> None:
        self.name = ""
        self.dates: dict[str, set[str]] = {}  # by name of a format, what it shows of a date
        self.format_by_style: dict[str, str] = {}
        self.hidden_tables: set[str] = set()
        self.fills: dict[str, str] = {}
        self.struck: set[str] = set()

    def start(self, tag: str, values: Attributes) -> None:
        if tag == "style":
            self.name = values.get("name", "")
            self.format_by_style[self.name] = values.get("data-style-name", "")
        elif tag == "date-style":
            self.name = values.get("name", "")
            self.dates[self.name] = set()
        elif tag in ("day", "month", "year"):
            self.dates.setdefault(self.name, set()).add(tag)
        elif tag == "table-properties" and values.get("display") == "false":
            self.hidden_tables.add(self.name)
        elif tag == "table-cell-properties":
            colour = values.get("background-color", "").upper().removeprefix("#")
            if HEXADECIMAL.fullmatch(colour) and colour != "FFFFFF":
                self.fills[self.name] = colour
        elif tag == "text-properties" and values.get("text-line-through-style", "none") != "none":
            self.struck.add(self.name)

    def month_styles(self) -> set[str]:
        """Looks whose dates show a month and a year, and no day."""
        formats = {name for name, parts in self.dates.items() if parts == {"month", "year"}}
        return {style for style, used in self.format_by_style.items() if used in formats}


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
