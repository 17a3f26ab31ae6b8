"""The sheet that comes back: its rows by their key, its columns by their header, and what was changed in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from jalons.core.values import french_spaces, plural
from jalons.imports.reading.context import SheetContext
from jalons.imports.reading.grid import SheetGrid, is_blank
from jalons.imports.reading.layout import RowKind, SheetLayout, TableHeading
from jalons.imports.reading.table import SheetTable
from jalons.imports.targets.fields import ImportTarget, header_key
from jalons.imports.targets.mapping import ColumnGuess, GuessReason, day_of, periodic_field
from jalons.imports.trips.left import KEY, SHOWN_ONLY, FoundTrip, LeftTable
from jalons.spreadsheets.comparing import ExportedCell, FileChange, ReturnedCells
from jalons.spreadsheets.pages import Page, page_of
from jalons.spreadsheets.reading import SheetContent
from jalons.spreadsheets.typed import Typed, name_of, typed_of

Address = tuple[str, str]  # key of the row, key of the column
WHY = "exporté de Jalons pour être modifié"
NOT_READ = frozenset(header_key(header) for header in (KEY, *SHOWN_ONLY))
NAMED_AT_MOST = 5
NO_TABLE = SheetTable("", SheetGrid(SheetContent("")), None)


@dataclass
class ReturnedTable:
    """`places`: where each column stands in what left. `keys`: by row, that of the row that left; a row copied in the
    sheet has it once, the others are new. `changes`: what was changed in the file. `strays`: of rows whose names are
    not those that left with their key, the header that says another thing, with what it said.
    """

    left: LeftTable
    places: dict[str, int] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)
    changes: dict[Address, FileChange[Address]] = field(default_factory=dict)
    strays: dict[int, tuple[str, str]] = field(default_factory=dict)

    def exported(self, key: str, column: str) -> Typed:
        """What a cell showed when the file left; nothing for a column that was added since."""
        place = self.places.get(column)
        row = self.left.rows.get(key)
        return Typed("" if place is None or row is None else row[place])

    @property
    def removed(self) -> int:
        """Rows that left and are not there any more."""
        return len(set(self.left.rows) - set(self.keys.values()))

    @property
    def removed_words(self) -> str:
        rows = plural(self.removed, "ligne a été ôtée", "lignes ont été ôtées")
        return french_spaces(f"{self.removed} {rows} du classeur : rien n’y change dans Jalons.")


def notes_of(sheets: Sequence[SheetContent], found: FoundTrip, returned: ReturnedTable) -> list[str]:
    """What is not read, in French: rows taken out, columns taken out or named otherwise, columns of somebody's own."""
    page = page_of(sheets[found.sheet], (KEY,))
    mine = dict(placed(page, returned.left))
    notes = [returned.removed_words] if returned.removed else []
    there = {name for name, _ in mine.values()}
    lost = [header for name, header in returned.left.columns if name not in there]
    if lost:
        columns = plural(len(lost), "Colonne ôtée ou renommée", "Colonnes ôtées ou renommées")
        notes.append(french_spaces(f"{columns}, où rien n’est lu : {in_quotes(lost)}."))
    own = [
        head
        for place, head in enumerate(page.heads)
        if place not in mine and head and header_key(head) not in NOT_READ and not is_day(head)
    ]
    if own:
        columns = plural(len(own), "Une colonne ne vient", "Des colonnes ne viennent")
        notes.append(french_spaces(f"{columns} pas de Jalons, rien n’y est lu : {in_quotes(own)}."))
    return notes


def in_quotes(headers: Sequence[str]) -> str:
    return ", ".join(f"« {header} »" for header in headers[:NAMED_AT_MOST])


def read_back(
    sheets: Sequence[SheetContent], found: FoundTrip, target: ImportTarget
) -> tuple[SheetTable, list[ColumnGuess], ReturnedTable]:
    """The table, its columns and what was changed; `found.left` is there."""
    assert found.left is not None  # noqa: S101  # the caller looked
    sheet = sheets[found.sheet]
    page = page_of(sheet, (KEY,))
    grid = SheetGrid(sheet)
    columns = list(columns_of(page, found.left, target))
    table = SheetTable(sheet.title, grid, layout_of(page, [guess.heading for guess in columns]))
    table.context = SheetContext(from_1904=sheet.from_1904)
    returned = ReturnedTable(found.left, {name: place for place, (name, _) in enumerate(found.left.columns)})
    places = {name: place for place, (name, _) in placed(page, found.left)}
    read_keys(page, returned, places)
    read_changes(page, returned, columns)
    return table, columns, returned


def placed(page: Page, left: LeftTable) -> Iterator[tuple[int, tuple[str, str]]]:
    """The columns that left and are still there: (place in the file, (key, header)). The first of two of one header."""
    by_header = {header_key(header): (key, header) for key, header in left.columns}
    for place, head in enumerate(page.heads):
        if column := by_header.pop(header_key(head), None):
            yield place, column


def columns_of(page: Page, left: LeftTable, target: ImportTarget) -> Iterator[ColumnGuess]:
    """Those that left, and for a follow-up those of dates that somebody added."""
    mine = dict(placed(page, left))
    periodic = periodic_field(target)
    taken: set[str] = set()
    for place, head in enumerate(page.heads):
        heading = TableHeading(place, (day_words(head),))
        key, _, _ = mine.get(place, ("", ""))[0].partition(" ")
        on = day_of(heading, NO_TABLE) if periodic else None
        guess = ColumnGuess(heading)
        if periodic and on and (key == periodic.key or place not in mine):
            guess = ColumnGuess(heading, periodic.key, GuessReason.SAVED, WHY, on=on)
        elif key in target.fields:
            guess = ColumnGuess(heading, key, GuessReason.SAVED, WHY)
        if guess.field and guess.key not in taken:
            taken.add(guess.key)
            yield guess


def day_words(head: str) -> str:
    """A day typed in a header is a moment for a spreadsheet."""
    return head.removesuffix(" 00:00:00")


def is_day(head: str) -> bool:
    return day_of(TableHeading(0, (day_words(head),)), NO_TABLE) is not None


def layout_of(page: Page, headings: list[TableHeading]) -> SheetLayout:
    """Every row under the headers where something is written."""
    kinds = dict.fromkeys(range(page.above - 1), RowKind.TITLE) | {page.above - 1: RowKind.HEADER}
    for row, values in enumerate(page.rows, page.above):
        kinds[row] = RowKind.BLANK if all(map(is_blank, values)) else RowKind.DATA
    return SheetLayout(headings, kinds)


def read_keys(page: Page, returned: ReturnedTable, places: dict[str, int]) -> None:
    taken: set[str] = set()
    column = page.heads.index(KEY)
    naming = [
        (name, header, places[name])
        for name, header in returned.left.columns[: returned.left.named]
        if name in places
    ]
    for row, values in enumerate(page.rows, page.above):
        key = name_of(values[column])
        if not key or key in taken:
            continue
        taken.add(key)
        returned.keys[row] = key
        if key not in returned.left.rows:
            continue
        for name, header, place in naming:
            before = returned.exported(key, name).words
            if name_of(values[place]) != before:
                returned.strays.setdefault(row, (header, before))


def read_changes(page: Page, returned: ReturnedTable, columns: Sequence[ColumnGuess]) -> None:
    cells: ReturnedCells[Address] = ReturnedCells()
    wanted = [(guess.key, guess.column) for guess in columns]
    for row, key in returned.keys.items():
        if key not in returned.left.rows:
            continue
        values = page.rows[row - page.above]
        for name, column in wanted:
            exported = returned.exported(key, name)
            if not is_written_so(values[column], exported.words):
                cells.exported[key, name] = ExportedCell(exported)
                cells.read((key, name), page.title, typed_of(values[column]))
    returned.changes = {change.address: change for change in cells.changes()}


def is_written_so(value: Any, words: str) -> bool:
    """The very content that left: nearly all the cells, that need not be compared further."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value)) == words
    return bool(value == words)
