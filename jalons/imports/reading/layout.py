"""Where the table is on a sheet: its titles, its lines of headers, its rows, its totals and its notes."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from jalons.core.values import fold
from jalons.core.values.text import unaccent
from jalons.imports.reading.asides import continues_name, counts_indicators, is_aside
from jalons.imports.reading.grid import ColumnValue, RawCell, SheetGrid, is_blank, text_of
from jalons.imports.reading.totals import (
    RunningSums,
    TextNumbers,
    figures_of,
    is_labelled,
    is_total_label,
    loose_sums,
    reaches,
)
from jalons.spreadsheets.references import column_letters

DEEPEST = 60  # rows among which the headers are looked for
MOST_HEADER_LINES = 4
LONGEST_SECTION = 60
FEW_ROWS = 1_000
LOOKED_AT = 30  # rows, to know whether a column without a heading holds something

UNIT = re.compile(r"(?:en )?(?:[km]? ?(?:€|euros?|eur)|%|nb|nbre|nombre|oui ?/ ?non|o ?/ ?n|jj/mm/aa(?:aa)?)")

Knows = Callable[[str], bool]


class RowKind(StrEnum):
    TITLE = "title"
    HEADER = "header"
    REPEATED = "repeated"  # the headers again, after a page break
    DATA = "data"
    SECTION = "section"  # a heading among the rows: the commune of those below
    TOTAL = "total"
    BLANK = "blank"
    NOTE = "note"
    ASIDE = "aside"  # last month’s figures, a change, a part of the row above, the end of a name


@dataclass(frozen=True, slots=True)
class TableHeading:
    """A column and the words above it, from the top: (« Habitants », « dt mineurs »)."""

    column: int
    path: tuple[str, ...]

    @property
    def words(self) -> str:
        return " › ".join(self.path)

    @property
    def letter(self) -> str:
        return column_letters(self.column + 1)


@dataclass
class SheetLayout:
    """Rows are numbered from 0. `sections`: for a row of data, the heading under which it stands."""

    headings: list[TableHeading]
    kinds: dict[int, RowKind] = field(default_factory=dict)
    sections: dict[int, str] = field(default_factory=dict)

    def rows(self, kind: RowKind) -> list[int]:
        return [row for row, told in sorted(self.kinds.items()) if told is kind]


def find_layout(grid: SheetGrid, knows: Knows) -> SheetLayout | None:
    """`knows` says whether a folded text is the name of something that Jalons takes. None when there is no table."""
    top = header_row(grid, knows)
    if top is None:
        return None
    first, last = header_block(grid, top)
    layout = SheetLayout(headings_of(grid, first, last))
    for row in range(first):
        layout.kinds[row] = RowKind.TITLE if grid.filled(row) else RowKind.BLANK
    layout.kinds |= dict.fromkeys(range(first, last + 1), RowKind.HEADER)
    sort_rows(grid, layout, last)
    layout.headings = [
        heading for heading in layout.headings if heading.path or has_data(grid, layout, heading)
    ]
    return layout if layout.rows(RowKind.DATA) else None


# Headers ----------------------------------------------------------------------------------------------------


def header_row(grid: SheetGrid, knows: Knows) -> int | None:
    """The row where the most different words are known; among equals, the first."""
    best, best_score = None, 0.0
    for row in range(min(grid.height, DEEPEST)):
        cells = [cell for cell in grid.own(row) if not is_wide(grid, cell)]
        texts = {fold(cell.text) for cell in cells if isinstance(cell.value, str)}
        if len(cells) < 2 or not texts:
            continue
        score = 2.0 * sum(1 for text in texts if knows(text)) - sum(1 for cell in cells if is_figure(cell))
        if score > best_score:
            best, best_score = row, score
    return best


def is_wide(grid: SheetGrid, cell: RawCell) -> bool:
    """Merged over most of the table: a title."""
    row, column = cell.place
    wide = 1
    while column + wide < grid.width and grid.origins.get((row, column + wide)) == cell.origin:
        wide += 1
    return wide > 2 and wide * 3 > grid.width * 2


def is_figure(cell: RawCell) -> bool:
    """A number that is no year, or a truth value."""
    if isinstance(cell.value, bool):
        return True
    return isinstance(cell.value, int | float) and not 1990 <= cell.value <= 2100


def header_block(grid: SheetGrid, top: int) -> tuple[int, int]:
    first, last = top, top
    while first > 0 and last - first + 1 < MOST_HEADER_LINES and is_group_row(grid, first - 1):
        first -= 1
    while last + 1 < grid.height and last - first + 1 < MOST_HEADER_LINES and goes_on(grid, last):
        last += 1
    return first, last


def is_group_row(grid: SheetGrid, row: int) -> bool:
    """A line above the headers that gathers them: several words, the first merged, further than the first column, or
    above nothing.
    """
    cells = grid.own(row)
    if not cells or any(is_wide(grid, cell) or not isinstance(cell.value, str) for cell in cells):
        return False
    row_, column = cells[0].place
    is_gathering = len(cells) > 1 and (
        grid.origins.get((row_, column + 1)) == cells[0].origin or stands_above_groups(grid, cells)
    )
    return (column > grid.first_column or is_gathering) and all(
        len(cell.text) <= LONGEST_SECTION for cell in cells
    )


def stands_above_groups(grid: SheetGrid, cells: Sequence[RawCell]) -> bool:
    """« Financeur | 2024 | | | 2025 » above « | Prévu | Engagé | Payé | Prévu »: the first above nothing."""
    row, column = cells[0].place
    if not grid.cell(row + 1, column).is_blank:
        return False
    return any(
        grid.cell(row + 1, column).is_blank is False
        and is_bare(grid, row, column + 1)
        and not grid.cell(row + 1, column + 1).is_blank
        for _, column in (cell.place for cell in cells[1:])
    )


def goes_on(grid: SheetGrid, row: int) -> bool:
    """The headers go on below `row`: a cell is merged downwards, or words stand only under groups and blanks."""
    below = row + 1
    if any(
        grid.origins.get((below, column), (below, column))[0] <= row and not grid.cell(below, column).is_blank
        for column in range(grid.width)
        if (below, column) in grid.origins
    ):
        return True
    cells = grid.own(below)
    if not cells or any(is_figure(cell) or is_wide(grid, cell) for cell in cells):
        return False
    if len(cells) == 1 and cells[0].place[1] == grid.first_column:  # the heading of the rows below
        return False
    units = sum(is_unit(cell.text) for cell in cells)
    if len(cells) > 1 and units == len(cells):
        return True
    names = grid.own(row)  # « O/N | type | O/N » under « Ville | Eau | | WC », and nothing under « Ville »
    if names and units > 1 and units * 2 >= len(cells) and cells[0].place[1] > names[0].place[1]:
        return True
    groups = under_groups(grid, row)
    return bool(groups) and all(cell.place[1] in groups for cell in cells)


def is_unit(text: str) -> bool:
    """« en k€ », « % », « nb »: the unit of a column, on a line of its own under the headers."""
    return UNIT.fullmatch(unaccent(text).strip(" ().")) is not None


def under_groups(grid: SheetGrid, row: int) -> set[int]:
    """Columns without a word of their own on this line, and the one before each run of them."""
    blank = {column for column in range(grid.width) if is_bare(grid, row, column)}
    starts = {column - 1 for column in blank if column - 1 >= 0 and column - 1 not in blank}
    return blank | starts


def is_bare(grid: SheetGrid, row: int, column: int) -> bool:
    cell = grid.cell(row, column)
    return cell.is_blank or cell.is_spread


def headings_of(grid: SheetGrid, first: int, last: int) -> list[TableHeading]:
    paths: list[list[str]] = [[] for _ in range(grid.width)]
    for row in range(first, last + 1):
        carried = ""
        for column in range(grid.width):
            cell = grid.cell(row, column)
            if not cell.is_blank:
                carried = cell.text
            elif row == last or grid.cell(last, column).is_blank:
                carried = ""  # nothing stands below: the group does not reach this column
            words = " ".join(carried.split())
            if words and words not in paths[column]:
                paths[column].append(words)
    return [TableHeading(column, tuple(path)) for column, path in enumerate(paths)]


def has_data(grid: SheetGrid, layout: SheetLayout, heading: TableHeading) -> bool:
    return any(not grid.cell(row, heading.column).is_blank for row in layout.rows(RowKind.DATA))


# Rows -------------------------------------------------------------------------------------------------------


def sort_rows(grid: SheetGrid, layout: SheetLayout, last_header: int) -> None:
    """Says what each row under the headers is."""
    headers = [fold(cell.text) for cell in grid.filled(last_header)]
    since, whole = RunningSums(), RunningSums()  # since the last total, since the beginning
    everything: list[int] = []
    rows_since: list[int] = []
    known: TextNumbers = {}
    below = range(last_header + 1, min(grid.height, last_header + 1 + LOOKED_AT))
    used = [
        heading.path
        for heading in layout.headings
        if heading.path or any(grid.stands(row, heading.column) for row in below)
    ]
    has_indicators = counts_indicators(used)
    for row in range(last_header + 1, grid.height):
        written = grid.written(row)
        if is_aside(written, has_indicators=has_indicators):
            layout.kinds[row] = RowKind.ASIDE
            continue
        figures = figures_of(written, known)
        is_sum = len(figures) == len(written) and (
            is_computed(grid, row, figures) or any(sums.is_reached_by(figures) for sums in (since, whole))
        )
        bare = (
            len(figures) == len(written) > 1 and len(everything) > 1
        )  # numbers, and nothing that they are of
        if not is_sum and everything and (bare or is_labelled(written)):
            is_sum = is_labelled_sum(grid, figures, (since, whole), (rows_since, everything), known)
        kind = RowKind.TOTAL if is_sum else kind_of_row(grid, row, headers, written)
        layout.kinds[row] = kind
        if kind is RowKind.DATA:
            everything.append(row)
            rows_since.append(row)
            for sums in (since, whole):
                sums.add(figures)
        elif kind is RowKind.TOTAL:
            since, rows_since = RunningSums(), []
    settle_lone_rows(grid, layout, everything)


def is_labelled_sum(
    grid: SheetGrid,
    figures: Mapping[int, Decimal],
    sums: Iterable[RunningSums],
    rows: Iterable[Sequence[int]],
    known: TextNumbers,
) -> bool:
    """Strictly first, then with the numbers that stand among words: of few rows, for they are read again."""
    return any(reaches(figures, running.sums) for running in sums) or any(
        reaches(figures, loose_sums(grid, some, known)) for some in rows if len(some) <= FEW_ROWS
    )


def is_computed(grid: SheetGrid, row: int, columns: Iterable[int]) -> bool:
    """Numbers and nothing else, all of them formulas: what stands at the foot of a table, whatever it adds up to.

    Their results may be those of another day, or none, when the file was written by a program.
    """
    computed = [(row, column) in grid.sheet.formulas for column in columns]
    return len(computed) > 1 and all(computed)


def kind_of_row(grid: SheetGrid, row: int, headers: Sequence[str], written: Sequence[ColumnValue]) -> RowKind:
    """What its words say; its sums were looked at before."""
    if not written:
        return RowKind.BLANK
    if len(written) > 1 and says_again(grid, row, headers):
        return RowKind.REPEATED
    if is_total_label(grid, row, written):
        return RowKind.TOTAL
    if is_lone(written) and len({cell.origin for cell in grid.filled(row)}) == 1:
        return RowKind.NOTE
    return RowKind.DATA


def says_again(grid: SheetGrid, row: int, headers: Sequence[str]) -> bool:
    """The headers once more, as at the top of a printed page; the first word that differs settles it."""
    first = next((value for value in grid.rows[row] if not is_blank(value)), "")
    if row not in grid.merged_rows and (not headers or fold(text_of(first)) != headers[0]):
        return False
    cells = grid.filled(row)
    same = len(cells) == len(headers)
    return same and all(fold(cell.text) == words for cell, words in zip(cells, headers, strict=True))


def is_lone(written: Sequence[ColumnValue]) -> bool:
    return len(written) == 1 and isinstance(written[0][1], str)


def is_end_of_name(grid: SheetGrid, layout: SheetLayout, row: int) -> bool:
    is_below = layout.kinds.get(row - 1) is RowKind.DATA
    return is_below and continues_name(grid.rows[row], grid.rows[row - 1])


def settle_lone_rows(grid: SheetGrid, layout: SheetLayout, data: Sequence[int]) -> None:
    """A short text alone on its row is the heading of the rows below it, when there are some; else a note."""
    lone = [row for row in layout.rows(RowKind.NOTE) if data and data[0] - 1 <= row < data[-1]]
    ends = [row for row in layout.rows(RowKind.NOTE) if is_end_of_name(grid, layout, row)]
    layout.kinds |= dict.fromkeys(ends, RowKind.ASIDE)
    lone = [row for row in lone if row not in ends]
    named = [row for row in lone if row + 1 in set(data) and len(grid.own(row)[0].text) <= LONGEST_SECTION]
    for row in named:
        layout.kinds[row] = RowKind.SECTION
    title = ""
    for row in sorted({*named, *data}):
        if row in named:
            title = grid.own(row)[0].text
        elif title:
            layout.sections[row] = title
