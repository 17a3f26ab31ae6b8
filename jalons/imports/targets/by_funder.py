"""« Dispositif | État | MEL | CAF »: funders across, when the sheet says of which year and what."""

from collections.abc import Callable, Sequence

from jalons.imports.reading.grid import Place, SheetGrid
from jalons.imports.reading.rebuilding import PART, body_of, lone_lines, rebuilt
from jalons.imports.reading.table import SheetTable
from jalons.imports.reading.totals import is_total
from jalons.imports.targets.fields import header_key, target_of
from jalons.imports.targets.recognise import Recognised
from jalons.imports.targets.stages import is_funder, lone_stage, stage_of_words, without_years, year_of_words
from jalons.spreadsheets.reading import SheetContent

NOTE = "Ce tableau met les financeurs en colonnes : Jalons lit une ligne par dispositif, par financeur et par année."
FEWEST = 2


def by_funder(
    table: SheetTable, recognised: Recognised, read: Callable[[SheetContent], SheetTable | None]
) -> SheetTable | None:
    """What a column is comes from the words above it, then from the titles; a column without its year is not read."""
    grid, body = table.grid, body_of(table.grid)
    if grid.sheet.part == PART or len(body.rows) < FEWEST + 1:
        return None
    heads = heads_of(grid, body.rows)
    if heads is None:
        return None
    titles = " ".join([table.title, *(cell.text for row in body.titles for cell in grid.own(row))])
    first, paths, data = heads
    columns: list[tuple[int, str, str, str]] = []
    of_row = next((guess.column for guess in recognised.columns if guess.field == "year"), None)
    for column, path in paths.items():
        words = [word for word in path if is_funder(word)]
        year, stage = (
            year_of_words(path) or year_of_words([titles]),
            stage_of_words(path) or stage_of_words([titles]),
        )
        year = "" if of_row is not None else year
        if len(words) == 1 and not any(map(is_total, path)) and (year or of_row is not None) and stage:
            columns.append((column, without_years(words[0]), year, stage))
    if len({funder for _, funder, _, _ in columns}) < FEWEST:
        return None
    target = target_of("funding")
    stages = list(dict.fromkeys(stage for *_, stage in columns))
    labels = [target.fields[stage].label for stage in stages]
    rows: list[list[Place | str]] = [["Dispositif", "Financeur", "Année", *labels]]
    for row in data:
        dated = of_row is not None and grid.stands(row, of_row)
        if is_total(grid.cell(row, first).text) or not (dated or grid.stands(row, first)):
            continue
        for funder, year in dict.fromkeys((funder, year) for _, funder, year, _ in columns):
            cells: list[Place | str] = [
                next(((row, at) for at, *column in columns if column == [funder, year, stage]), "")
                for stage in stages
            ]
            if any(not isinstance(place, str) and grid.stands(*place) for place in cells):
                rows.append([(row, first), funder, year or (row, of_row or 0), *cells])
    sheet = rebuilt(
        grid, [*lone_lines(grid, body.titles), *rows, *lone_lines(grid, body.notes)], part=PART, note=NOTE
    )
    return read(sheet)


def heads_of(grid: SheetGrid, rows: Sequence[int]) -> tuple[int, dict[int, list[str]], Sequence[int]] | None:
    """The column of dispositifs, the words above each other column, the rows below; None when it is no such table."""
    target = target_of("funding")
    for depth, row in enumerate(rows[:3]):
        for cell in grid.own(row):
            if target.by_synonym.get(header_key(cell.text)) == "action" and isinstance(cell.value, str):
                last = next(
                    (at for at in range(depth, min(depth + 3, len(rows))) if has_funders(grid, rows[at])),
                    None,
                )
                if last is None:
                    return None
                if last + 1 < len(rows) and says_stages(grid, rows[last + 1]):  # « Prévu | Réalisé » of each
                    last += 1
                lines = rows[: last + 1]
                first = cell.place[1]
                paths = {
                    column: words_above(grid, lines, column)
                    for column in range(grid.width)
                    if column != first
                }
                return first, paths, rows[last + 1 :]
    return None


def says_stages(grid: SheetGrid, row: int) -> bool:
    cells = grid.own(row)
    return bool(cells) and all(isinstance(cell.value, str) and lone_stage(cell.text) for cell in cells)


def has_funders(grid: SheetGrid, row: int) -> bool:
    return sum(is_funder(cell.text) for cell in grid.own(row) if isinstance(cell.value, str)) >= FEWEST


def words_above(grid: SheetGrid, lines: Sequence[int], column: int) -> list[str]:
    """From the top; a group reaches the columns after it that have none of their own."""
    words = []
    for row in lines:
        cell = grid.cell(row, column)
        before = column
        while cell.is_blank and row != lines[-1] and before > 0:
            before -= 1
            cell = grid.cell(row, before)
        if not cell.is_blank:
            words.append(cell.text)
    return words
