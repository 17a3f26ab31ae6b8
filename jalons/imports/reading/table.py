"""A sheet read to its end: where its table is, what stands around it, its rows."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from jalons.core.values import french_spaces, join_and
from jalons.imports.reading.context import SheetContext, context_of, legend_of
from jalons.imports.reading.gaps import total_gaps
from jalons.imports.reading.grid import RawCell, SheetGrid, cited
from jalons.imports.reading.layout import RowKind, SheetLayout, TableHeading, find_layout
from jalons.imports.reading.places import places_of_rows
from jalons.spreadsheets.reading import SheetContent

MOST_LINES = 8  # named in a sentence
MOST_SAMPLES = 8
LOOKED_AT = 1_000  # rows, in search of values that differ


@dataclass
class SheetTable:
    """`layout` is None when nothing on the sheet is a table."""

    title: str
    grid: SheetGrid
    layout: SheetLayout | None
    context: SheetContext = field(default_factory=SheetContext)
    sampled: dict[int, list[str]] = field(default_factory=dict)

    @property
    def is_hidden(self) -> bool:
        return self.grid.sheet.hidden

    @cached_property
    def gaps(self) -> list[str]:
        """Totals written in the table that are not the sum of their rows, in French."""
        return total_gaps(self.grid, self.layout) if self.layout else []

    @cached_property
    def places(self) -> dict[int, str]:
        """Where each row stands in the file, in French, when the table was set upright."""
        data = set(self.rows()) if self.grid.sheet.places else set()
        return places_of_rows(
            {place: source for place, source in self.grid.sheet.places.items() if place[0] in data}
        )

    @property
    def headings(self) -> list[TableHeading]:
        return self.layout.headings if self.layout else []

    def rows(self, kind: RowKind = RowKind.DATA) -> list[int]:
        return self.layout.rows(kind) if self.layout else []

    def is_hidden_row(self, row: int) -> bool:
        return row in self.grid.sheet.hidden_rows

    def cell(self, row: int, column: int) -> RawCell:
        return self.grid.cell(row, column)

    def texts(self, kind: RowKind) -> list[str]:
        """The words of the rows of one kind, in order."""
        return [cell.text for row in self.rows(kind) for cell in self.grid.own(row)]

    def samples(self, column: int, number: int = 3) -> list[str]:
        """The first different values of a column, at most `MOST_SAMPLES`: looked for once."""
        if column not in self.sampled:
            samples: dict[str, None] = {}
            for row in self.rows()[:LOOKED_AT]:
                if self.grid.stands(row, column):
                    samples.setdefault(self.cell(row, column).text)
                if len(samples) == MOST_SAMPLES:
                    break
            self.sampled[column] = list(samples)
        return self.sampled[column][:number]


def read_table(
    sheet: SheetContent, knows: Callable[[str], bool], *, today: dt.date, is_workbook: bool = True
) -> SheetTable:
    grid = SheetGrid(sheet)
    return table_on(grid, find_layout(grid, knows), today=today, is_workbook=is_workbook)


def table_on(
    grid: SheetGrid, layout: SheetLayout | None, *, today: dt.date, is_workbook: bool = True
) -> SheetTable:
    """The table of a sheet whose rows are sorted already."""
    sheet = grid.sheet
    title = f"{sheet.title} ({sheet.part})" if sheet.part else sheet.title
    table = SheetTable(title, grid, layout)
    if layout is not None:
        table.context = context_of(
            sheet.title,
            table.texts(RowKind.TITLE),
            table.texts(RowKind.NOTE),
            today=today,
            from_1904=sheet.from_1904,
            is_workbook=is_workbook,
        )
        table.context = replace(table.context, fills=legend_of(legend_cells(table)))
    more = [sheet.note, *asides_of(table), *comments_beside(table)]
    warnings = (*table.context.warnings, *(french_spaces(words) for words in more if words))
    table.context = replace(table.context, warnings=warnings)
    return table


def legend_cells(table: SheetTable) -> Iterator[tuple[str, str]]:
    """Around the table, each text with its own colour, or with that of the blank cell before it."""
    for row in (*table.rows(RowKind.TITLE), *table.rows(RowKind.NOTE)):
        for cell in table.grid.own(row):
            before = table.cell(row, cell.place[1] - 1) if cell.place[1] else None
            fill = cell.fill or (before.fill if before is not None and before.is_blank else "")
            if fill and isinstance(cell.value, str):
                yield fill, cell.text


def comments_beside(table: SheetTable) -> list[str]:
    """What is pinned to a heading, a title, a total; what is pinned to a row of data is said with its cell."""
    comments, data = table.grid.sheet.comments, set(table.rows())
    sources = table.grid.sheet.places
    beside = {sources.get(place, place): text for place, text in comments.items() if place[0] not in data}
    within = sum(row in data for row, _ in comments)
    sentences = (
        [f"Commentaires des cases d’en-tête, de titre ou de total : {cited(beside)}."] if beside else []
    )
    if within == 1:
        sentences.append(
            "Un commentaire est attaché à une ligne : il se lit avec sa case, et se demande s’il fait douter."
        )
    elif within:
        sentences.append(
            f"{within} commentaires sont attachés à des lignes : chacun se lit avec sa case, et se demande "
            "s’il fait douter d’un nombre."
        )
    return sentences


def asides_of(table: SheetTable) -> list[str]:
    """The rows that are read as neither data nor totals, so that none is lost in silence."""
    rows = table.rows(RowKind.ASIDE)
    if not rows:
        return []
    lines = [str(row + 1) for row in rows[:MOST_LINES]] + (["d’autres"] if len(rows) > MOST_LINES else [])
    many = f"Les lignes {join_and(lines)} sont" if len(rows) > 1 else f"La ligne {lines[0]} est"
    what = "un rappel, un écart, ou la suite de la ligne au-dessus"
    first = next((cell.text for cell in table.grid.own(rows[0]) if isinstance(cell.value, str)), "")
    return [
        f"{many} lue{'s' if len(rows) > 1 else ''} comme {what} (« {first[:40]} ») : rien n’en est repris."
    ]
