"""The indicators of one sheet as a grid: who may type where, what a cell holds, what to look at twice."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.http import urlencode

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.conventions.dossier.content import Dossier, Sheet
from jalons.conventions.dossier.from_base import read_matrix
from jalons.conventions.enums import ConventionState
from jalons.conventions.figures.services import expected_of
from jalons.conventions.figures.typed_cells import Expected, Reading, read_typed
from jalons.conventions.models import Cell, Commitment, Convention, MatrixColumn, MatrixGroup, MatrixRow
from jalons.core.values import Number, format_number, french_spaces
from jalons.core.values.text import NBSP
from jalons.history.querysets import NOW, AsOf

Place = tuple[int, int]  # primary keys of the row and of the column
GROUPED = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
# Numbers this close are not worth a question, however many times one is the other.
CLOSE = 10
TIMES = 2


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
    shown: bool = True

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
    def said(self) -> str:
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
        told = [f"Imprimé dans la case du total : {elsewhere}" if elsewhere and not self.text else ""]
        told += [f"Note : {self.cell.note}" if self.cell.note else ""]
        told += [f"Source : {self.cell.source}" if self.cell.source else ""]
        return [french_spaces(each) for each in told if each]


@dataclass(slots=True)
class Line:
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
        cells = self.group.cells if self.group and isinstance(self.group.cells, dict) else {}
        return [(box.column, words_in(cells.get(box.column.key))) for box in self.boxes]

    @property
    def what(self) -> str:
        """What it details: « territoire : DTML »; nothing when its label says it."""
        if not self.row.breakdown or self.row.breakdown == self.row.label:
            return ""
        return french_spaces(" : ".join(filter(None, (self.row.dimension, self.row.breakdown))))


def words_in(told: Any) -> str:
    """The words of a cell that is kept as the file has it."""
    found = told.get("raw") if isinstance(told, dict) else told
    return "" if found is None else str(found)


@dataclass(frozen=True, slots=True)
class Head:
    """A printed header over `span` columns; `deep` when no sub-header stands under it."""

    words: str
    span: int
    deep: bool
    column: MatrixColumn  # the first


@dataclass
class Grid:
    """The page. `correcting`: past columns are open too."""

    sheet: Sheet
    lines: list[Line]
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
    def heads(self) -> list[Head]:
        found: list[Head] = []
        for column in self.columns:
            words, deep = column.header or column.key, not column.subheader
            if found and not deep and not found[-1].deep and found[-1].words == words:
                found[-1] = Head(words, found[-1].span + 1, False, found[-1].column)
            else:
                found.append(Head(words, 1, deep, column))
        return found

    @property
    def subheads(self) -> list[MatrixColumn]:
        return [column for column in self.columns if column.subheader]

    def box(self, place: Place) -> Box | None:
        return next((box for box in self.boxes if box.place == place), None)


# Without a script the browser sends every named box, and Django refuses more than 1,000 fields a form.
MOST_NAMED = 700


def grid_of(
    user: Any, sheet: Sheet, *, correcting: bool = False, current: str = "", read_only: bool = False
) -> Grid:
    """The grid as `user` may fill it; nothing is to fill when it is `read_only`.

    `current`: key of the column that a phone shows, the first to fill by default.
    """
    grid = Grid(sheet, [], correcting)
    convention = sheet.commitment.convention
    opened = {column.pk: correcting or not is_settled(column, convention) for column in sheet.columns}
    marks = marks_of(sheet, {})
    group_before: int | None = None
    for row in sheet.rows:
        mine = not read_only and can(user, Right.FILL_FIGURES, row)
        line = Line(row, sheet.depth(row), mine)
        if row.group_id and row.group_id != group_before:
            line.group = row.group
        group_before = row.group_id or group_before
        for column, cell in sheet.cells_of(row):
            is_open = mine and opened[column.pk]
            told = marks.get((row.pk, column.pk), ()) if is_open else ()
            line.boxes.append(Box(row, column, cell, is_open, mine, text_of(cell), told))
        grid.lines.append(line)
    show_one(grid, current)
    return grid


def show_one(grid: Grid, current: str) -> None:
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
        box.shown = grid.current is not None and box.column.pk == grid.current.pk
        box.named = box.shown or not crowded


# What to look at twice ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """What a cell says, typed or stored, as far as questions go."""

    kind: str
    number: Number | None
    unit: str = ""
    qualifier: str = ""

    def compares_with(self, other: "Said") -> bool:
        """Do they measure the same thing, as far as they say? What says nothing of what it counts may be the same."""
        kinds = {"number" if kind == "composite" else kind for kind in (self.kind, other.kind)}
        same = len(kinds) == 1 and self.unit == other.unit
        return same and (self.qualifier == other.qualifier or not (self.qualifier and other.qualifier))


def said_by(told: Cell | Reading | None) -> Said:
    if told is None:
        return Said("", None)
    number = told.figure if isinstance(told, Cell) else told.number
    return Said(told.kind, number, told.unit, told.qualifier)


def marks_of(sheet: Sheet, typed: Mapping[Place, Reading]) -> dict[Place, list[str]]:
    """The questions that each cell raises, `typed` standing instead of what is stored. They never stop anybody."""
    said = {
        (row.pk, column.pk): said_by(typed.get((row.pk, column.pk)) or cell)
        for row in sheet.rows
        for column, cell in sheet.cells_of(row)
    }
    found: dict[Place, list[str]] = {}
    for row in sheet.rows:
        for column in sheet.columns:
            place = row.pk, column.pk
            others = {each.pk: said[row.pk, each.pk] for each in sheet.columns if each.pk != column.pk}
            told = [*unread(said[place]), *far(said[place], column, others.values())]
            found[place] = [french_spaces(each) for each in told]
    for place, words in gaps(sheet, said):
        found[place].append(french_spaces(words))
    return {place: told for place, told in found.items() if told}


def unread(said: Said) -> Iterator[str]:
    if said.kind == "text":
        yield "Un texte, là où un nombre est attendu."
    elif said.kind == "composite" and said.number is None:
        yield "Plusieurs nombres : dites lequel est le principal (dans « Détail »)."


def far(said: Said, column: MatrixColumn, others: Iterable[Said]) -> Iterator[str]:
    """More than twice the greatest of the others, or less than half of the smallest; a partial year may be low."""
    if said.number is None:
        return
    numbers = [each.number for each in others if each.number and said.compares_with(each)]
    if not numbers:
        return
    low, high, number = Decimal(min(numbers)), Decimal(max(numbers)), Decimal(said.number)
    if number > high * TIMES and number - high >= CLOSE:
        yield f"Plus du double des autres années ({format_number(high)} au plus) : vérifiez."
    elif number * TIMES < low and low - number >= CLOSE and not column.partial:
        yield f"Moins de la moitié des autres années ({format_number(low)} au moins) : vérifiez."


def gaps(sheet: Sheet, said: Mapping[Place, Said]) -> Iterator[tuple[Place, str]]:
    """Details that exceed their row, or that do not make it whole when they are a breakdown."""
    children: dict[int, list[MatrixRow]] = {}
    for row in sheet.rows:
        if row.parent_id:
            children.setdefault(row.parent_id, []).append(row)
    for row in sheet.rows:
        for column in sheet.columns if row.pk in children else ():
            whole = said[row.pk, column.pk]
            details = [said[child.pk, column.pk] for child in children[row.pk]]
            numbers = [each.number for each in details if each.number is not None]
            if whole.number is None or not numbers or whole.kind == "percent":
                continue
            total, complete = sum(map(Decimal, numbers)), len(numbers) == len(details)
            split = complete and all(child.dimension for child in children[row.pk])
            if total > whole.number or (split and total != whole.number):
                words = f"Les détails font {format_number(total)} pour {format_number(whole.number)}."
                yield (row.pk, column.pk), words


def expected_in(sheet: Sheet, row: MatrixRow, column: MatrixColumn) -> Expected:
    """What is expected in a cell, from its row: no query."""
    others = [cell for each, cell in sheet.cells_of(row) if cell is not None and each.pk != column.pk]
    return expected_of(row, others)


def readings_of(sheet: Sheet, typed: Mapping[Place, str]) -> dict[Place, Reading]:
    """How each text would be read in its place; places that are not of the sheet are left out."""
    rows, columns = ({each.pk: each for each in found} for found in (sheet.rows, sheet.columns))
    return {
        (row, column): read_typed(text, expected_in(sheet, rows[row], columns[column]))  # type: ignore[arg-type]
        for (row, column), text in typed.items()
        if row in rows and column in columns
    }
