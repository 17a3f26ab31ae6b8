"""What an app declares so that something may leave Jalons as a table, and how it is read for one person.

An app writes an `Export` in its `exports.py`; views answer `responses.respond(EXPORT, user, params, format)`.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from jalons.accounts.enums import Right
from jalons.accounts.permissions import Territory, has, territory_of
from jalons.core.progress import Tell, ignore
from jalons.core.queries import pairs_of
from jalons.exports.enums import ColumnKind, Format
from jalons.second_factor.enums import Purpose
from jalons.second_factor.permissions import check_verified

GROUPS_PARAMETER = "colonnes"
# Where the reader's right does not reach the row: neither empty nor ND, which would say something of it.
RESERVED = "accès réservé"
SHEETS = (Format.XLSX, Format.ODS, Format.CSV)

Params = Mapping[str, Any]


def itself(row: Any) -> Any:
    return row


def nothing_else(user: Any) -> Sequence[object]:
    return ()


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column. `value(row)` answers a text, number, date, `Value`, `Sum`, list, choice or None.

    A percentage is 62 for 62 %. Years and codes are TEXT. `right`: who may read it; `value` is not even
    called for a row where the reader lacks it. `group`: what a reader may leave out (« Justice »); without a
    group the column is always there. `note`: what is counted, said on the sheet « À propos ».
    """

    key: str
    header: str
    value: Callable[[Any], object]
    kind: ColumnKind = ColumnKind.TEXT
    right: Right | None = None
    group: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What the figures cover, said in the file and in its name.

    perimeter: where (« Nord »). filters: in words, one each. as_of, known_on: the two dates of the past,
    None for today. rules: how the figure in use is chosen, one sentence each. author: who asked, with their
    organisation.
    """

    perimeter: str
    author: str
    as_of: dt.date | None = None
    known_on: dt.date | None = None
    filters: Sequence[str] = ()
    rules: Sequence[str] = ()
    made_at: dt.datetime = field(default_factory=timezone.now)


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet. `rows` is called when the file is written, once: give it an iterator, not a list.

    `located(row)`: the thing that rights are checked on (see `Territory.holds`), the row itself by default.
    `parts`: the titles of further sheets that each repeat some of the rows, and `part(row)`, the title of the one
    where a row is repeated. A csv has the whole only. `above(title)`: the lines over the header of a sheet; the
    groups of its columns are then named in a line of their own. `count()`: how many rows there will be, and
    `row_ms`, the milliseconds of processor that each takes (`make bench`): what is long is made by the worker.
    """

    title: str
    columns: Sequence[ExportColumn]
    rows: Callable[[], Iterable[Any]]
    about: About
    located: Callable[[Any], Any] = itself
    parts: Sequence[str] = ()
    part: Callable[[Any], str] | None = None
    above: Callable[[str], Sequence[str]] | None = None
    count: Callable[[], int] | None = None
    row_ms: float = 0.5

    def lines_above(self, title: str, columns: Sequence[ExportColumn]) -> list[list[str]]:
        """What stands over the header of a sheet, as rows: one cell a line, then the groups of the columns."""
        if self.above is None:
            return []
        return [*([line] for line in self.above(title)), group_heads(columns)]

    @property
    def titles(self) -> list[str]:
        """Of its sheets, the whole first."""
        return [self.title, *self.parts]


def group_heads(columns: Sequence[ExportColumn]) -> list[str]:
    """The group of each column, over the first of those that follow one another."""
    before = ["", *(column.group for column in columns)]
    return [
        column.group if column.group != last else "" for column, last in zip(columns, before, strict=False)
    ]


Maker = Callable[[Any, Params, Sequence[ExportColumn]], Table | Sequence[Table]]


@dataclass(frozen=True, slots=True)
class Export:
    """Something that one may take away. `name` stands in the file's name and in the list of downloads.

    `make(user, params, columns)` answers a `Table` or several, made of `columns` (those this reader may read
    and has chosen) and of rows filtered by what the reader may see. It may look at the columns to know what
    to join. `reaches(user)`: what else than the person’s rights decides of what is read (their seats in a convention):
    a file made by the worker is given only while it is the same.
    """

    name: str
    label: str
    right: Right
    every_column: Sequence[ExportColumn]
    make: Maker
    formats: Sequence[Format] = SHEETS
    # Keys of the columns of a first sheet made for paper, in Excel, before all the data; with a row of sums.
    paper: Sequence[str] = ()
    reaches: Callable[[Any], Sequence[object]] = nothing_else

    def check(self, user: Any) -> None:
        """`PermissionDenied` (403) unless the person holds the export's right somewhere."""
        if not has(user, self.right):
            raise PermissionDenied(f"Droit nécessaire\u00a0: {self.right.label.lower()}.")

    def columns(self, user: Any, groups: Iterable[str] = ()) -> list[ExportColumn]:
        """Columns this person may read somewhere, of the chosen groups; every group when none is chosen."""
        chosen = set(groups) & set(self.groups(user))
        return [
            column
            for column in self.every_column
            if readable(user, column) and (not chosen or not column.group or column.group in chosen)
        ]

    def groups(self, user: Any) -> list[str]:
        """What this person may leave out, in the order of the columns."""
        mine = (column.group for column in self.every_column if column.group and readable(user, column))
        return list(dict.fromkeys(mine))

    def build(self, user: Any, params: Params) -> "Book":
        """What to write for this person. `PermissionDenied` without the right, now and as it is written.

        `NotVerified` when justice data would leave with a session proved once: see `second_factor.permissions`.
        """
        self.check(user)
        chosen = [value for name, value in pairs_of(params) if name == GROUPS_PARAMETER]
        columns = self.columns(user, chosen)
        if any(column.right == Right.READ_JUSTICE for column in columns):
            check_verified(user, Purpose.JUSTICE)
        made = self.make(user, params, columns)
        return Book(self, user, [made] if isinstance(made, Table) else list(made))


@dataclass(slots=True)
class Book:
    """Tables and who reads them. `written` counts the rows read so far, all tables together."""

    export: Export
    reader: Any
    tables: list[Table]
    written: int = 0
    expected: int = 0
    tell: Tell = ignore

    @property
    def about(self) -> About:
        return self.tables[0].about

    def milliseconds(self) -> float:
        """About how long it takes to write: a count for each table that can tell."""
        counted = [(table.count(), table.row_ms) for table in self.tables if table.count is not None]
        self.expected = sum(rows for rows, _ in counted)
        return sum(rows * ms for rows, ms in counted)

    def columns(self, table: Table) -> list[ExportColumn]:
        """Those of the table that the reader may read, even if the export forgot to leave others out."""
        return [column for column in table.columns if readable(self.reader, column)]

    def rows(self, table: Table) -> Iterator[list[object]]:
        """What the cells hold, row after row; the right is asked again as the first row is read."""
        return (cells for _, cells in self.parted(table))

    def parted(self, table: Table) -> Iterator[tuple[str, list[object]]]:
        """The same, each with the title of the part that repeats it (empty: none)."""
        self.export.check(self.reader)
        read = row_reader(self.reader, self.columns(table), table.located)
        part = table.part if table.parts else None
        for row in table.rows():
            yield part(row) if part else "", read(row)
            self.written += 1
            self.tell(min(self.written, self.expected), self.expected)


def readable(user: Any, column: ExportColumn) -> bool:
    return column.right is None or has(user, column.right)


def row_reader(
    user: Any, columns: Sequence[ExportColumn], located: Callable[[Any], Any]
) -> Callable[[Any], list[object]]:
    """How to read a row: a column whose right does not reach it answers `RESERVED` without being read."""
    rights = {column.right for column in columns if column.right is not None}
    limited: dict[Right, Territory] = {
        right: territory for right in rights if not (territory := territory_of(user, right)).everywhere
    }
    if not limited:
        getters = [column.value for column in columns]
        return lambda row: [getter(row) for getter in getters]

    def read(row: Any) -> list[object]:
        thing = located(row)
        refused = {right for right, territory in limited.items() if not territory.holds(thing)}
        return [RESERVED if column.right in refused else column.value(row) for column in columns]

    return read
