"""An Excel workbook, read before the library reads it.

Which part is a sheet is decided here, by types and relationships as Excel does. The library gets an archive written
anew: our own list of sheets under names that can be read in one way, and the parts that were read here.
"""

import io
import posixpath
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from jalons.core.archives import Archive, Attributes, DamagedFile, Start, local, parse_xml
from jalons.spreadsheets.comments import CommentReader
from jalons.spreadsheets.limits import LAST_COLUMN, LAST_ROW, Count, Extent
from jalons.spreadsheets.references import cell_of, check_range, column_letters, number_of
from jalons.spreadsheets.styles import Looks, StyleReader

LARGEST_INDEX = 4 * 1024 * 1024  # bytes of the list of sheets, of relationships
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
BREAKS = {9: "&#9;", 10: "&#10;", 13: "&#13;"}
ENDS = {"c", "v", "is"}  # the elements whose end says something


@dataclass
class Relationship:
    kind: str  # the last word of its type
    target: str  # a name in the archive; empty when it leads outside


@dataclass
class Listed:
    """A sheet that the workbook lists."""

    title: str
    state: str
    part: str


@dataclass
class Index:
    sheets: list[Listed] = field(default_factory=list)
    from_1904: bool = False


def rewritten(archive: Archive, count: Count, extents: dict[str, Extent]) -> bytes:
    """The archive that the library reads; `extents` is filled, by title of sheet."""
    root = relationships(archive, "")
    main = only(root.values(), "officeDocument")
    related = relationships(archive, main)
    index = index_of(archive, main, related, count)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as copy:
        write_index(copy, index)
        lengths = strings_of(archive, related, copy, count)
        styles = StyleReader()
        if part := optional(related.values(), "styles"):
            copy_part(archive, part, copy, "xl/styles.xml", count, styles.start, end=styles.end)
        looks = styles.looks()
        for number, sheet in enumerate(index.sheets, 1):
            reader = SheetReader(count, lengths, looks)
            name = f"xl/worksheets/sheet{number}.xml"
            copy_part(
                archive, sheet.part, copy, name, count, reader.start, end=reader.end, text=reader.add_text
            )
            reader.extent.comments = comments_of(archive, sheet.part, count)
            reader.extent.hidden = sheet.state != "visible"
            reader.extent.from_1904 = index.from_1904
            extents[sheet.title] = reader.extent
    return content.getvalue()


# Relationships ----------------------------------------------------------------------------------------------


def relationships(archive: Archive, part: str) -> dict[str, Relationship]:
    """By identifier. Raises `DamagedFile` for one that two programs could follow to two places."""
    folder, _, name = part.rpartition("/")
    path = archive.named(posixpath.join(folder, "_rels", f"{name}.rels"))
    if path is None:
        raise DamagedFile("no relationships")
    related: dict[str, Relationship] = {}

    def start(name: str, attributes: Attributes) -> None:
        if local(name) != "Relationship":
            return
        identifier = attributes["Id"]
        if identifier in related:
            raise DamagedFile("two relationships of one name")
        outside = attributes.get("TargetMode", "Internal") != "Internal"
        kind = attributes["Type"].rpartition("/")[2]
        related[identifier] = Relationship(kind, "" if outside else target_of(folder, attributes["Target"]))

    check_size(archive, path)
    archive.parse(path, start)
    return related


def check_size(archive: Archive, path: str) -> None:
    if archive.members[path].file_size > LARGEST_INDEX:
        raise DamagedFile("an index too long")


def target_of(folder: str, target: str) -> str:
    path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
    return posixpath.normpath(path)


def only(related: Iterable[Relationship], kind: str) -> str:
    target = optional(related, kind)
    if not target:
        raise DamagedFile(f"no {kind}")
    return target


def optional(related: Iterable[Relationship], kind: str) -> str:
    targets = [relation.target for relation in related if relation.kind == kind]
    if len(targets) > 1:
        raise DamagedFile(f"two parts are the {kind}")
    return targets[0] if targets else ""


# The list of sheets -----------------------------------------------------------------------------------------


def index_of(archive: Archive, main: str, related: dict[str, Relationship], count: Count) -> Index:
    index, titles, parts = Index(), set(), set()

    def start(name: str, attributes: Attributes) -> None:
        if local(name) == "workbookPr":
            index.from_1904 = attributes.get("date1904", "0") in ("1", "true")
        if local(name) != "sheet":
            return
        identifiers = [value for key, value in attributes.items() if key != "id" and local(key) == "id"]
        if len(identifiers) != 1:
            raise DamagedFile("a sheet without its part")
        relation = related[identifiers[0]]
        if relation.kind != "worksheet":
            return  # a chart alone on its sheet
        title = attributes["name"]
        if title in titles or relation.target in parts:
            raise DamagedFile("a sheet listed twice")
        titles.add(title)
        parts.add(relation.target)
        count.add_sheet()
        index.sheets.append(Listed(title, attributes.get("state", "visible"), relation.target))

    path = archive.named(main)
    if path is None:
        raise DamagedFile("no workbook")
    check_size(archive, path)
    archive.parse(path, start)
    return index


def attribute(value: str) -> str:
    """Between quotes, its line breaks kept. Not `xml.sax.saxutils`: it brings the whole of `urllib.request`."""
    return f'"{escape(value).translate(BREAKS)}"'


def write_index(copy: zipfile.ZipFile, index: Index) -> None:
    """What the library looks for before it reads a sheet, written from what was understood here."""
    numbers = range(1, len(index.sheets) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{SPREADSHEET}.worksheet+xml"/>'
        for number in numbers
    )
    copy.writestr(
        "[Content_Types].xml",
        f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{SPREADSHEET}.sheet.main+xml"/>{overrides}</Types>',
    )
    copy.writestr("_rels/.rels", rels([("rId1", "officeDocument", "xl/workbook.xml")]))
    sheets = "".join(
        f'<sheet name={attribute(sheet.title)} sheetId="{number}" state={attribute(sheet.state)} r:id="rId{number}"/>'
        for number, sheet in zip(numbers, index.sheets, strict=True)
    )
    copy.writestr(
        "xl/workbook.xml",
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr date1904="{int(index.from_1904)}"/>'
        f"<sheets>{sheets}</sheets></workbook>",
    )
    parts = [(f"rId{number}", "worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
    parts += [("rIdStyles", "styles", "styles.xml"), ("rIdStrings", "sharedStrings", "sharedStrings.xml")]
    copy.writestr("xl/_rels/workbook.xml.rels", rels(parts))


def rels(parts: list[tuple[str, str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="{identifier}" Type="{OFFICE}/{kind}" Target="{escape(target)}"/>'
        for identifier, kind, target in parts
    )
    return f'<Relationships xmlns="{PACKAGE}">{lines}</Relationships>'


# Parts that go through as they are --------------------------------------------------------------------------


def copy_part(
    archive: Archive,
    part: str,
    copy: zipfile.ZipFile,
    name: str,
    count: Count,
    start: Start,
    **handlers: Any,
) -> None:
    """Read one part and write it under `name`: the library gets the bytes that were read, and no other."""
    path = archive.named(part)
    if path is None:
        raise DamagedFile("a part is missing")
    with copy.open(name, "w") as target:
        parse_xml(archive.chunks_into(path, target), count.budget, start, utf8=True, **handlers)


def comments_of(archive: Archive, part: str, count: Count) -> dict[tuple[int, int], str]:
    """What people pinned to the cells of a sheet, by place."""
    if not has_relationships(archive, part):
        return {}
    comments = optional(relationships(archive, part).values(), "comments")
    path = archive.named(comments) if comments else None
    if path is None:
        return {}
    reader = CommentReader(count)
    archive.parse(path, reader.start, end=reader.end, text=reader.add_text)
    return reader.comments


def has_relationships(archive: Archive, part: str) -> bool:
    folder, _, name = part.rpartition("/")
    return archive.named(posixpath.join(folder, "_rels", f"{name}.rels")) is not None


def strings_of(
    archive: Archive, related: dict[str, Relationship], copy: zipfile.ZipFile, count: Count
) -> list[int]:
    """The length of each shared string."""
    part = optional(related.values(), "sharedStrings")
    if not part:
        return []
    lengths: list[int] = []
    total, inside = 0, False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal inside
        if local(name) == "si":
            count.check(len(lengths) + 1, count.limits.strings)
            lengths.append(0)
            inside = True

    def end(name: str) -> None:
        nonlocal inside
        if local(name) == "si":
            inside = False

    def text(characters: str) -> None:
        nonlocal total
        if inside:
            total += len(characters)
            count.check(total, count.limits.text)
            lengths[-1] += len(characters)

    copy_part(archive, part, copy, "xl/sharedStrings.xml", count, start, end=end, text=text)
    return lengths


class SheetReader:
    """One sheet: its rows and cells in order, each at a place that can be read in one way.

    Called twice for each element of a file that has millions: what it does for most of them is short.
    """

    def __init__(self, count: Count, lengths: list[int], looks: Looks | None = None) -> None:
        self.count, self.lengths, self.looks = count, lengths, looks or Looks()
        self.marked = {*self.looks.percents, *self.looks.fills, *self.looks.struck, *self.looks.months}
        self.look = ""
        self.extent = Extent(count)
        self.row = self.column = 0
        self.row_words = "0"
        self.kind = ""
        self.in_cell = self.written = False  # written: something was counted in this cell
        self.words: list[str] | None = None  # of the value being read
        self.starts: Mapping[str, Callable[[Attributes], None]] = {
            "c": self.start_cell,
            "v": self.start_value,
            "is": self.start_value,
            "row": self.start_row,
            "col": self.start_column,
            "f": self.start_formula,
            "mergeCell": self.start_merge,
            "dimension": self.check_place,
            "autoFilter": self.check_place,
        }

    def start(self, name: str, attributes: Attributes) -> None:
        # « t », inside each text of a cell: nothing, and it is most of what a file of text is made of.
        action = self.starts.get(name) or (self.starts.get(local(name)) if name != "t" else None)
        if action is not None:
            action(attributes)

    def start_row(self, attributes: Attributes) -> None:
        row = number_of(attributes["r"], LAST_ROW) if "r" in attributes else self.row + 1
        if row <= self.row or row > LAST_ROW:
            raise DamagedFile("rows out of order")
        self.row, self.column, self.row_words = row, 0, str(row)
        if attributes.get("hidden", "0") in ("1", "true"):
            self.extent.hidden_rows.add(row - 1)

    def start_column(self, attributes: Attributes) -> None:
        if attributes.get("hidden", "0") in ("1", "true"):
            first, last = (number_of(attributes[key], LAST_COLUMN) for key in ("min", "max"))
            self.extent.hidden_columns.update(range(first - 1, last))

    def start_cell(self, attributes: Attributes) -> None:
        row, column = self.row, self.column + 1
        reference = attributes.get("r")
        # The next cell, nearly always: what it must be called is known.
        if reference is not None and reference != column_letters(column) + self.row_words:
            row, column = cell_of(reference)
        if self.in_cell or row != self.row or column <= self.column:
            raise DamagedFile("cells out of order")
        self.column, self.kind = column, attributes.get("t", "")
        self.in_cell, self.written = True, False
        self.look = attributes.get("s", "")

    def start_value(self, _: Attributes) -> None:
        if self.in_cell:
            self.write()
            self.words = []

    def start_formula(self, attributes: Attributes) -> None:
        if self.in_cell:  # Excel writes some elsewhere too, for its rules of format
            self.write()
            self.extent.formulas.add((self.row - 1, self.column - 1))
        self.check_place(attributes)

    def start_merge(self, attributes: Attributes) -> None:
        if "ref" in attributes:
            first_row, first_column, last_row, last_column = check_range(attributes["ref"])
            self.count.add_merge()
            self.extent.merges.append((first_row - 1, first_column - 1, last_row - 1, last_column - 1))

    def check_place(self, attributes: Attributes) -> None:
        """An element whose `ref` is a place of this sheet."""
        if "ref" in attributes:
            check_range(attributes["ref"])

    def write(self) -> None:
        """A value or a formula stands in this cell."""
        if self.written:
            return
        self.written = True
        self.count.add_cells(1)
        self.extent.reach(self.row, self.column)
        if self.look in self.marked:
            place = self.row - 1, self.column - 1
            if self.look in self.looks.percents:
                self.extent.percents.add(place)
            if self.look in self.looks.fills:
                self.extent.fills[place] = self.looks.fills[self.look]
            if self.look in self.looks.struck:
                self.extent.struck.add(place)
            if self.look in self.looks.months:
                self.extent.months.add(place)

    def end(self, name: str) -> None:
        if name == "t":
            return
        tag = name if name in ENDS else local(name)
        if tag == "c":
            if not self.written and (fill := self.looks.fills.get(self.look)):
                self.extent.fill_blank({(self.row - 1, self.column - 1)}, fill)
            self.in_cell = False
        elif self.words is not None and tag in ENDS:
            words, self.words = "".join(self.words), None
            self.count.add_text(self.length_of(words) if self.kind == "s" and tag == "v" else len(words))

    def length_of(self, number: str) -> int:
        """Of the shared string of this number."""
        place = number_of(number.strip(), len(self.lengths)) if number.strip() != "0" else 0
        if place >= len(self.lengths):
            raise DamagedFile("a shared string is missing")
        return self.lengths[place]

    def add_text(self, characters: str) -> None:
        if self.words is not None:
            self.words.append(characters)
