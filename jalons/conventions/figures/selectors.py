"""The indicators of one sheet as a grid: who may type where, what a cell holds, what to look at twice."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.http import urlencode

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.conventions.dossier.content import Dossier, Sheet
from jalons.conventions.dossier.from_base import read_matrix
from jalons.conventions.dossier.matrix_layout import head_groups
from jalons.conventions.enums import ConventionState
from jalons.conventions.figures.grid_gaps import Place, marks_of
from jalons.conventions.models import Cell, Commitment, Convention, MatrixColumn, MatrixGroup, MatrixRow
from jalons.conventions.models.printed import raw_of
from jalons.core.values import french_spaces
from jalons.core.values.text import NBSP
from jalons.history.querysets import NOW, AsOf

GROUPED = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")


def matrix_of(commitment: Commitment, at: AsOf = NOW) -> Sheet:
    """The columns, sections, rows and cells of one sheet, and nothing else of it: four queries."""
    sheet = Sheet(commitment)
    read_matrix(Dossier(commitment.convention, sheets=[sheet]), {commitment.pk: commitment}, at)
    return sheet


def is_settled(column: MatrixColumn, convention: Convention) -> bool:
    """Is a column of a past year, corrected with a reason and not simply typed in? Of the year before, the account
    is still to be filled; its objective is not. Everything is settled once the convention is over.
    """
    if convention.state == ConventionState.CLOSED:
        return True
    if column.year is None or convention.year is None:
        return False
    last = convention.year - 1
    return column.year < last or (column.year == last and column.is_objective)


def text_of(cell: Cell | None) -> str:
    """What the box of a cell holds: its words as they were typed or printed."""
    if cell is None or not cell.kind:
        return ""
    return cell.raw or cell.value.to_text()


@dataclass(slots=True)
class Box:
    """One cell of the page. `is_open`: this person may type in it now. `wrong`: why what was typed was refused."""

    row: MatrixRow
    column: MatrixColumn
    cell: Cell | None
    is_open: bool
    is_mine: bool
    text: str
    marks: Sequence[str] = ()
    wrong: str = ""
    changed: bool = False
    before: str = ""
    named: bool = True
    on_screen: bool = True

    @property
    def place(self) -> Place:
        return self.row.pk, self.column.pk

    @property
    def code(self) -> str:
        return f"{self.row.pk}-{self.column.pk}"

    @property
    def query(self) -> str:
        """Of the address of its detail."""
        return urlencode({"ligne": self.row.key, "colonne": self.column.key})

    @property
    def seen(self) -> str:
        return f"{self.code}:{self.cell.pk if self.cell else 0}"

    @property
    def is_missing(self) -> bool:
        return self.cell is None or self.cell.is_missing

    @property
    def is_long(self) -> bool:
        """Too long for a line: it is shown in several."""
        return len(self.text) > 22 or "\n" in self.text

    @property
    def spaced_text(self) -> str:
        """To be read: a number is not cut at the end of a line."""
        return GROUPED.sub(NBSP, self.text)

    @property
    def is_numeric(self) -> bool:
        return self.cell is not None and self.cell.kind in ("number", "percent", "duration", "amount")

    @property
    def hints(self) -> Sequence[str]:
        """What the cell says beside its words: its note, its source, where it was printed."""
        if self.cell is None:
            return ()
        elsewhere = self.cell.kept.get("cell_raw")
        texts = [f"Imprimé dans la case du total : {elsewhere}" if elsewhere and not self.text else ""]
        texts += [f"Note : {self.cell.note}" if self.cell.note else ""]
        texts += [f"Source : {self.cell.source}" if self.cell.source else ""]
        return [french_spaces(text) for text in texts if text]


@dataclass(slots=True)
class GridLine:
    """A row of the page. `group`: the section that it opens, if it does. `mine`: this person fills it."""

    row: MatrixRow
    depth: int
    mine: bool
    boxes: list[Box] = field(default_factory=list)
    group: MatrixGroup | None = None

    @property
    def heading(self) -> str:
        return self.row.label or self.row.breakdown or self.row.key

    @property
    def relation(self) -> str:
        """« Dont », when its parent says it."""
        return self.row.parent.children_relation if self.row.parent is not None else ""

    @property
    def css(self) -> str:
        return ("", "sub")[self.depth] if self.depth < 2 else "sub sub2"

    @property
    def group_words(self) -> list[tuple[MatrixColumn, str]]:
        """What the section prints in its columns."""
        cells = self.group.cells if self.group else {}
        return [(box.column, raw_of(cells.get(box.column.key))) for box in self.boxes]

    @property
    def what(self) -> str:
        """What it details: « territoire : DTML »; nothing when its label says it."""
        if not self.row.breakdown or self.row.breakdown == self.row.label:
            return ""
        return french_spaces(" : ".join(filter(None, (self.row.dimension, self.row.breakdown))))


@dataclass(frozen=True, slots=True)
class GridHead:
    """A printed header over `span` columns; `deep` when no sub-header stands under it."""

    words: str
    span: int
    deep: bool
    column: MatrixColumn  # the first


@dataclass
class FiguresGrid:
    """The page. `correcting`: past columns are open too."""

    sheet: Sheet
    lines: list[GridLine]
    correcting: bool
    current: MatrixColumn | None = None

    @property
    def columns(self) -> list[MatrixColumn]:
        return self.sheet.columns

    @property
    def boxes(self) -> Iterator[Box]:
        for line in self.lines:
            yield from line.boxes

    @property
    def seen(self) -> str:
        return " ".join(box.seen for box in self.boxes if box.is_open)

    @property
    def open_columns(self) -> list[MatrixColumn]:
        return [box.column for box in self.lines[0].boxes if self.settles(box.column)] if self.lines else []

    def settles(self, column: MatrixColumn) -> bool:
        return self.correcting or not is_settled(column, self.sheet.commitment.convention)

    @property
    def has_settled(self) -> bool:
        return any(is_settled(column, self.sheet.commitment.convention) for column in self.columns)

    @property
    def asked(self) -> list[Box]:
        """The boxes that this person may fill and that are empty."""
        return [box for box in self.boxes if box.is_open and box.is_missing and not box.text]

    @property
    def heads(self) -> list[GridHead]:
        return [
            GridHead(words or group[0].key, len(group), not group[0].subheader, group[0])
            for words, group in head_groups(self.columns)
        ]

    @property
    def subheads(self) -> list[MatrixColumn]:
        return [column for column in self.columns if column.subheader]

    def box(self, place: Place) -> Box | None:
        return next((box for box in self.boxes if box.place == place), None)


# Without a script the browser sends every named box, and Django refuses more than 1,000 fields a form.
MOST_NAMED = 700


def grid_of(
    user: Any, sheet: Sheet, *, correcting: bool = False, current: str = "", read_only: bool = False
) -> FiguresGrid:
    """The grid as `user` may fill it; nothing is to fill when it is `read_only`.

    `current`: key of the column that a phone shows, the first to fill by default.
    """
    grid = FiguresGrid(sheet, [], correcting)
    convention = sheet.commitment.convention
    opened = {column.pk: correcting or not is_settled(column, convention) for column in sheet.columns}
    marks = marks_of(sheet, {})
    group_before: int | None = None
    for row in sheet.rows:
        mine = not read_only and can(user, Right.FILL_FIGURES, row)
        line = GridLine(row, sheet.depth(row), mine)
        if row.group_id and row.group_id != group_before:
            line.group = row.group
        group_before = row.group_id or group_before
        for column, cell in sheet.cells_of(row):
            is_open = mine and opened[column.pk]
            mark = marks.get((row.pk, column.pk), ()) if is_open else ()
            line.boxes.append(Box(row, column, cell, is_open, mine, text_of(cell), mark))
        grid.lines.append(line)
    show_one(grid, current)
    return grid


def show_one(grid: FiguresGrid, current: str) -> None:
    """Which column a phone shows, and which boxes bear a name when there are too many of them for a form."""
    columns = grid.columns
    wanted = next((column for column in columns if column.key == current), None)
    to_fill = (box.column for box in grid.boxes if box.is_open and box.is_missing)
    opened = (box.column for box in grid.boxes if box.is_open)
    grid.current = (
        wanted
        or next(to_fill, None)
        or next(reversed(list(opened)), None)
        or (columns[-1] if columns else None)
    )
    crowded = sum(box.is_open for box in grid.boxes) > MOST_NAMED
    for box in grid.boxes:
        box.on_screen = grid.current is not None and box.column.pk == grid.current.pk
        box.named = box.on_screen or not crowded
