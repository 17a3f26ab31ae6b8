"""A sheet as a grid of cells: merged values spread over their cells, each cell with its place and its look."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from jalons.core.values import join_and
from jalons.core.values.formats import plain_number
from jalons.core.values.numbers import exact
from jalons.imports.reading.remembered import remembered
from jalons.spreadsheets.reading import CellValue, SheetContent
from jalons.spreadsheets.references import column_letters

Place = tuple[int, int]
ColumnValue = tuple[int, CellValue]  # a column, what is written there
MOST_SPREAD = 2_000_000  # cells that merges may cover, as many as a sheet may hold
MOST_CITED = 5  # comments, in a sentence


class RawCell(NamedTuple):
    """A tuple: a long table makes hundreds of thousands of them. `origin`: where its value is written; another place
    when it comes from a merged cell. Rows and columns from 0.

    `source`: where it stands in the file, when its sheet was set upright. `comment`: what somebody pinned to it.
    """

    value: CellValue
    place: Place
    origin: Place
    is_formula: bool = False
    is_percent: bool = False
    is_struck: bool = False
    fill: str = ""
    source: Place | None = None
    comment: str = ""

    @property
    def is_blank(self) -> bool:
        return is_blank(self.value)

    @property
    def is_spread(self) -> bool:
        return self.place != self.origin

    @property
    def reference(self) -> str:
        return reference_of(*(self.source or self.place))

    @property
    def text(self) -> str:
        return text_of(self.value)


def is_blank(value: CellValue) -> bool:
    return isinstance(value, str) and (not value or value.isspace())


class SheetGrid:
    """One sheet. `cell` answers for any place, also beyond what is written."""

    def __init__(self, sheet: SheetContent) -> None:
        self.sheet = sheet
        self.rows = sheet.rows
        self.width = max((len(row) for row in sheet.rows), default=0)
        self.height = len(sheet.rows)
        self.first_column = self.start() if sheet.part else 0
        self.origins = self.spread()
        # Nothing but values: most sheets, whose cells are then made at once.
        self.has_looks = bool(
            self.origins
            or sheet.formulas
            or sheet.percents
            or sheet.struck
            or sheet.fills
            or sheet.places
            or sheet.comments
        )
        self.merged_rows = {row for row, _ in self.origins}
        self.last: tuple[int, list[RawCell]] = (-1, [])  # a row is looked at several times, then never again

    def start(self) -> int:
        """The first column where something stands: a part of a sheet may begin far from its first one."""
        columns = (
            next((c for c, value in enumerate(row) if not is_blank(value)), self.width) for row in self.rows
        )
        return min(columns, default=0)

    def spread(self) -> dict[Place, Place]:
        """By place, the first cell of the merge that covers it."""
        origins: dict[Place, Place] = {}
        left = MOST_SPREAD
        for first_row, first_column, last_row, last_column in self.sheet.merges:
            rows = range(first_row, min(last_row + 1, self.height))
            columns = range(first_column, min(last_column + 1, self.width))
            left -= len(rows) * len(columns)
            if left < 0:
                break
            for row in rows:
                for column in columns:
                    origins[row, column] = (first_row, first_column)
        return origins

    def cell(self, row: int, column: int) -> RawCell:
        place = row, column
        if not self.has_looks:
            return RawCell(self.value(row, column), place, place)
        origin = self.origins.get(place, place)
        return RawCell(
            value=self.value(*origin),
            place=place,
            origin=origin,
            is_formula=origin in self.sheet.formulas,
            is_percent=origin in self.sheet.percents,
            is_struck=origin in self.sheet.struck,
            fill=self.fill(*origin),
            source=self.sheet.places.get(place),
            comment=self.sheet.comments.get(origin, ""),
        )

    def value(self, row: int, column: int) -> CellValue:
        if row < self.height and column < len(self.rows[row]):
            return self.rows[row][column]
        return ""

    def fill(self, row: int, column: int) -> str:
        fills = self.sheet.fills.get(row)
        if not fills:
            return ""
        return next((colour for colour, columns in fills.items() if column in columns), "")

    def filled(self, row: int) -> list[RawCell]:
        """The cells of a row where something stands, merged values included."""
        if self.last[0] != row:
            cells = (self.cell(row, column) for column in range(self.width) if self.stands(row, column))
            self.last = row, list(cells)
        return self.last[1]

    def stands(self, row: int, column: int) -> bool:
        """Something is written there, or is spread over it."""
        value = self.value(*self.origins.get((row, column), (row, column)))
        return not is_blank(value)

    def own(self, row: int) -> list[RawCell]:
        """Those whose value is written on this row, each once however wide it is merged."""
        return [cell for cell in self.filled(row) if cell.origin == cell.place]

    def written(self, row: int) -> list[ColumnValue]:
        """As `own`, without the places and the looks: what a long table is sorted by."""
        if row in self.merged_rows:
            return [(cell.place[1], cell.value) for cell in self.own(row)]
        # Every cell of a long table passes here: what most cells are is looked at first, without a call.
        return [
            (column, value)
            for column, value in enumerate(self.rows[row])
            if value != "" and (value.__class__ is not str or not value.isspace())
        ]


def reference_of(row: int, column: int) -> str:
    """« B7 » for (6, 1)."""
    return f"{column_letters(column + 1)}{row + 1}" if column >= 0 else ""


def cited(comments: Mapping[Place, str]) -> str:
    """« C2 « hors hôtel 115 » et C5 « 39 en septembre » »: the first ones, by their places in the file."""
    words = [
        f"{reference_of(*place)} « {text[:120]} »" for place, text in sorted(comments.items())[:MOST_CITED]
    ]
    return join_and([*words, *(["d’autres encore"] if len(comments) > MOST_CITED else [])])


def text_of(value: Any) -> str:
    """As a person would have typed it: 2024.0 is « 2024 »."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "vrai" if value else "faux"
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, dt.datetime):
        return f"{value:%d/%m/%Y}" if value.time() == dt.time() else f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return str(value).strip()


@remembered
def number_text(value: int | float) -> str:
    """The same few numbers come back on every row, and each is looked at several times."""
    try:
        return plain_number(exact(value))
    except ValueError:
        return str(value)
