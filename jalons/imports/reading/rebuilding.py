"""A table that lies on its side, set upright: another sheet whose cells know where they stand in the file."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jalons.imports.reading.grid import Place, RawCell, SheetGrid, cited, is_blank
from jalons.spreadsheets.reading import CellValue, SheetContent

PART = "redressé"
MOST_ACROSS = 300  # rows or columns of a table that may be turned: longer ones are not drawn by hand


@dataclass(frozen=True, slots=True)
class SheetBody:
    """What is left of a sheet without the lone lines above (`titles`) and below (`notes`) it. Rows from 0."""

    titles: Sequence[int]
    rows: Sequence[int]
    notes: Sequence[int]


def body_of(grid: SheetGrid) -> SheetBody:
    many = [row for row in range(grid.height) if is_many(grid, row)]
    if not many:
        return SheetBody((), (), ())
    filled = [row for row in range(grid.height) if grid.filled(row)]
    return SheetBody(
        [row for row in filled if row < many[0]],
        [row for row in filled if many[0] <= row <= many[-1]],
        [row for row in filled if row > many[-1]],
    )


def is_many(grid: SheetGrid, row: int) -> bool:
    """More than one cell of its own stands on it."""
    return len(grid.own(row)) > 1


def rebuilt(
    grid: SheetGrid,
    rows: Sequence[Sequence[Place | str]],
    *,
    part: str,
    note: str,
    hidden: Sequence[int] = (),
) -> SheetContent:
    """`rows`: each cell is a place of the file, or words that are not in it. `hidden`: rows of what is made."""
    sheet = grid.sheet
    made = replace(
        sheet, rows=[], formulas=set(), percents=set(), merges=[], hidden_rows=set(hidden), hidden_columns=set(),
        fills={}, struck=set(), comments={}, part=part, note=note, places={},
    )  # fmt: skip
    for number, cells in enumerate(rows):
        values: list[CellValue] = []
        for column, origin in enumerate(cells):
            if isinstance(origin, str):
                values.append(origin)
                continue
            cell = grid.cell(*origin)
            values.append(shared_value(cell, is_merged=origin in grid.origins))
            look_of(made, cell, (number, column))
        made.rows.append(values)
    made.note = f"{note} {left_comments(sheet, made)}".strip()
    return made


def left_comments(sheet: SheetContent, made: SheetContent) -> str:
    """What was pinned to cells that are not in what is made, or the comments of these would be lost in silence."""
    taken = set(made.places.values())
    in_file = {sheet.places.get(place, place): text for place, text in sheet.comments.items()}
    words = cited({place: text for place, text in in_file.items() if place not in taken})
    return f"Commentaires d’autres cases : {words}." if words else ""


def shared_value(cell: RawCell, *, is_merged: bool) -> CellValue:
    """A number merged over several places is not repeated in each: it becomes words, that are asked."""
    is_number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
    return f"{cell.text} pour plusieurs cases ensemble" if is_merged and is_number else cell.value


def look_of(made: SheetContent, cell: RawCell, place: Place) -> None:
    made.places[place] = made_from(cell, place)
    if cell.is_formula:
        made.formulas.add(place)
    if cell.is_percent:
        made.percents.add(place)
    if cell.is_struck:
        made.struck.add(place)
    if cell.comment:
        made.comments[place] = cell.comment
    if cell.fill:
        made.fills.setdefault(place[0], {}).setdefault(cell.fill, []).append(place[1])


def made_from(cell: RawCell, place: Place) -> Place:
    """Where it stands in the file, also when the file was set upright before."""
    return cell.source or cell.place


def lone_lines(grid: SheetGrid, rows: Sequence[int]) -> list[list[Place | str]]:
    """Titles and notes, each on its line."""
    return [[grid.own(row)[0].place] for row in rows if grid.own(row)]


def turned(grid: SheetGrid, *, part: str, note: str, corner: str = "") -> SheetContent | None:
    """Rows become columns. `corner`: what its first cell is called, when it is not what stands there."""
    body = body_of(grid)
    columns = [column for column in range(grid.width) if any(grid.stands(row, column) for row in body.rows)]
    if not columns or len(body.rows) > MOST_ACROSS or len(columns) > MOST_ACROSS:
        return None
    across: list[list[Place | str]] = [[(row, column) for row in body.rows] for column in columns]
    if corner:
        across[0][0] = corner
    rows = [*lone_lines(grid, body.titles), *across, *lone_lines(grid, body.notes)]
    hidden = [len(body.titles) + n for n, column in enumerate(columns) if column in grid.sheet.hidden_columns]
    return rebuilt(grid, rows, part=part, note=note, hidden=hidden)


def is_empty_row(values: Sequence[CellValue]) -> bool:
    return all(is_blank(value) for value in values)
