"""What the grid lacks, and who said what."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from jalons.conventions.dossier.content import Sheet
from jalons.conventions.figures.composite_cells import CellReading, Expected
from jalons.conventions.figures.services import expected_of
from jalons.conventions.figures.typed_cells import read_typed
from jalons.conventions.models import Cell, MatrixColumn, MatrixRow
from jalons.core.values import Number, format_number, french_spaces

Place = tuple[int, int]  # primary keys of the row and of the column
# Numbers this close are not worth a question, however many times one is the other.
CLOSE = 10
TIMES = 2


# What to look at twice ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CellRemark:
    """What a cell says, typed or stored, as far as questions go."""

    kind: str
    number: Number | None
    unit: str = ""
    qualifier: str = ""

    def compares_with(self, other: "CellRemark") -> bool:
        """Do they measure the same thing, as far as they say? What says nothing of what it counts may be the same."""
        kinds = {"number" if kind == "composite" else kind for kind in (self.kind, other.kind)}
        same = len(kinds) == 1 and self.unit == other.unit
        return same and (self.qualifier == other.qualifier or not (self.qualifier and other.qualifier))


def said_by(cell: Cell | CellReading | None) -> CellRemark:
    if cell is None:
        return CellRemark("", None)
    number = cell.figure if isinstance(cell, Cell) else cell.number
    return CellRemark(cell.kind, number, cell.unit, cell.qualifier)


def marks_of(sheet: Sheet, typed: Mapping[Place, CellReading]) -> dict[Place, list[str]]:
    """The questions that each cell raises, `typed` standing instead of what is stored. They never stop anybody."""
    remarks = {
        (row.pk, column.pk): said_by(typed.get((row.pk, column.pk)) or cell)
        for row in sheet.rows
        for column, cell in sheet.cells_of(row)
    }
    questions: dict[Place, list[str]] = {}
    for row in sheet.rows:
        for column in sheet.columns:
            place = row.pk, column.pk
            others = {other.pk: remarks[row.pk, other.pk] for other in sheet.columns if other.pk != column.pk}
            texts = [*unread(remarks[place]), *far(remarks[place], column, others.values())]
            questions[place] = [french_spaces(text) for text in texts]
    for place, words in gaps(sheet, remarks):
        questions[place].append(french_spaces(words))
    return {place: texts for place, texts in questions.items() if texts}


def unread(cell_remark: CellRemark) -> Iterator[str]:
    if cell_remark.kind == "text":
        yield "Un texte, là où un nombre est attendu."
    elif cell_remark.kind == "composite" and cell_remark.number is None:
        yield "Plusieurs nombres : dites lequel est le principal (dans « Détail »)."


def far(cell_remark: CellRemark, column: MatrixColumn, others: Iterable[CellRemark]) -> Iterator[str]:
    """More than twice the greatest of the others, or less than half of the smallest; a partial year may be low."""
    if cell_remark.number is None:
        return
    numbers = [other.number for other in others if other.number and cell_remark.compares_with(other)]
    if not numbers:
        return
    low, high, number = Decimal(min(numbers)), Decimal(max(numbers)), Decimal(cell_remark.number)
    if number > high * TIMES and number - high >= CLOSE:
        yield f"Plus du double des autres années ({format_number(high)} au plus) : vérifiez."
    elif number * TIMES < low and low - number >= CLOSE and not column.partial:
        yield f"Moins de la moitié des autres années ({format_number(low)} au moins) : vérifiez."


def gaps(sheet: Sheet, remarks: Mapping[Place, CellRemark]) -> Iterator[tuple[Place, str]]:
    """Details that exceed their row, or that do not make it whole when they are a breakdown."""
    children: dict[int, list[MatrixRow]] = {}
    for row in sheet.rows:
        if row.parent_id:
            children.setdefault(row.parent_id, []).append(row)
    for row in sheet.rows:
        for column in sheet.columns if row.pk in children else ():
            whole = remarks[row.pk, column.pk]
            details = [remarks[child.pk, column.pk] for child in children[row.pk]]
            numbers = [detail.number for detail in details if detail.number is not None]
            if whole.number is None or not numbers or whole.kind == "percent":
                continue
            total, complete = sum(map(Decimal, numbers)), len(numbers) == len(details)
            split = complete and all(child.dimension for child in children[row.pk])
            if total > whole.number or (split and total != whole.number):
                words = f"Les détails font {format_number(total)} pour {format_number(whole.number)}."
                yield (row.pk, column.pk), words


def expected_in(sheet: Sheet, row: MatrixRow, column: MatrixColumn) -> Expected:
    """What is expected in a cell, from its row: no query."""
    others = [cell for other, cell in sheet.cells_of(row) if cell is not None and other.pk != column.pk]
    return expected_of(row, others)


def readings_of(sheet: Sheet, typed: Mapping[Place, str]) -> dict[Place, CellReading]:
    """How each text would be read in its place; places that are not of the sheet are left out."""
    rows, columns = ({item.pk: item for item in items} for items in (sheet.rows, sheet.columns))
    return {
        (row, column): read_typed(text, expected_in(sheet, rows[row], columns[column]))  # type: ignore[arg-type]
        for (row, column), text in typed.items()
        if row in rows and column in columns
    }
