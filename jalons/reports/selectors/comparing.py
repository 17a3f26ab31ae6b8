"""Territories side by side, figure by figure. In the order in which they were chosen: never a ranking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from jalons.core.values import Number
from jalons.figures.areas import FigureArea
from jalons.figures.disclosure import CONFIDENTIAL, LEAST_ORGANISATIONS
from jalons.figures.readings import FigureReading, Tally
from jalons.figures.registry import Figure, FigureQuestion, figures, read_places
from jalons.reports.drawing import draw_bar
from jalons.reports.selectors.aggregates import AggregateArea, AggregateCell, aggregate_cells
from jalons.reports.selectors.behind import behind
from jalons.reports.selectors.blocks import missing_words

MOST = 5
FAMILIES_COMPARED = ("sites", "composition", "conditions", "mouvements", "couverture")
# What says something of a place, and nothing of who works there: neither money, nor follow-ups, nor dispositifs.
COMPARED = (
    (
        "Sites et habitants",
        ("sites-ouverts", "personnes", "menages", "mineurs", "scolarisation", "sans-recensement"),
    ),
    (
        "Conditions de vie",
        ("conditions-water", "conditions-sanitation", "conditions-fire"),
    ),
    ("Accompagnement", ("sites-couverts",)),
    ("Sur la période", ("ouvertures", "fermetures", "resorptions", "evacuations")),
)


@dataclass(frozen=True, slots=True)
class ComparedArea:
    """`aggregate`: a place that the person does not read whole, of which only rounded figures are said."""

    area: FigureArea
    aggregate: AggregateArea | None = None

    @property
    def label(self) -> str:
        return self.area.label


@dataclass(frozen=True, slots=True)
class ComparedCell:
    """`text` is empty when nothing is known: `missing` says why. `number`: what its bar is as long as."""

    text: str
    area: str = ""
    coverage: str = ""
    missing: str = "ND"
    url: str = ""
    number: Number | None = None
    bar: SafeString = field(default_factory=lambda: SafeString(""))
    reading: FigureReading | None = None

    @property
    def is_confidential(self) -> bool:
        return self.text == CONFIDENTIAL


@dataclass(frozen=True, slots=True)
class ComparedRow:
    figure: Figure
    cells: Sequence[ComparedCell]


@dataclass(frozen=True, slots=True)
class ComparedBlock:
    title: str
    rows: Sequence[ComparedRow]


@dataclass(frozen=True, slots=True)
class ComparedTable:
    areas: Sequence[ComparedArea]
    blocks: Sequence[ComparedBlock]

    @property
    def has_confidential(self) -> bool:
        return any(cell.is_confidential for block in self.blocks for row in block.rows for cell in row.cells)


def comparison_of(asked: FigureQuestion, areas: Sequence[ComparedArea]) -> ComparedTable:
    """At most eight queries, however many territories."""
    aggregates = [area.aggregate for area in areas if area.aggregate is not None]
    exact = iter(exact_cells(asked, [area.area for area in areas if area.aggregate is None]))
    beyond = iter(aggregate_cells(asked, aggregates, COMPARED))
    columns = [
        {key: replace(cell, area=area.label) for key, cell in cells.items()}
        for area in areas
        for cells in [rounded_cells(next(beyond)) if area.aggregate is not None else next(exact)]
    ]
    blocks = [
        ComparedBlock(title, [row for key in keys if (row := row_of(key, columns)) is not None])
        for title, keys in COMPARED
    ]
    return ComparedTable(areas, [block for block in blocks if block.rows])


def rounded_cells(cells: Mapping[str, AggregateCell]) -> dict[str, ComparedCell]:
    return {
        key: ComparedCell(text=cell.text, coverage=cell.coverage, missing=cell.missing, number=cell.number)
        for key, cell in cells.items()
    }


def exact_cells(asked: FigureQuestion, areas: Sequence[FigureArea]) -> list[dict[str, ComparedCell]]:
    """Of the places that the person reads whole: four queries for all of them, none without any."""
    if not areas:
        return []
    families = read_places(FAMILIES_COMPARED, asked, areas)
    return [
        {
            key: cell_of(
                figures()[key],
                readings[key],
                replace(asked, area=area),
                organisations=len(writers.flows if figures()[key].is_flow else writers.stocks),
            )
            for _, keys in COMPARED
            for key in keys
            if key in readings
        }
        for area, readings, writers in zip(areas, families, behind(asked, areas), strict=True)
    ]


def cell_of(
    figure: Figure, reading: FigureReading, asked: FigureQuestion, *, organisations: int
) -> ComparedCell:
    if not reading.expected:
        plain = isinstance(reading.worth, Tally)
        return ComparedCell(text="0" if plain else "", missing="sans objet", number=0 if plain else None)
    if organisations < LEAST_ORGANISATIONS:
        return ComparedCell(text=CONFIDENTIAL, coverage="moins de trois structures")
    return ComparedCell(
        text=reading.short(none=figure.none),
        coverage=reading.coverage(*figure.covers) if figure.covers else "",
        missing=missing_words(reading),
        url=figure.address(asked),
        number=reading.number,
        reading=reading,
    )


def row_of(key: str, columns: Sequence[Mapping[str, ComparedCell]]) -> ComparedRow | None:
    """With a bar in each cell, the longest for the greatest number; a share is drawn out of a hundred."""
    cells = [column.get(key) for column in columns]
    known = [cell or ComparedCell("") for cell in cells]
    if not any(cells):
        return None
    figure = figures()[key]
    numbers = [float(cell.number) for cell in known if cell.number is not None]
    longest = 100.0 if any("%" in cell.text for cell in known) else max(numbers, default=0.0)
    return ComparedRow(figure, [with_bar(cell, longest) for cell in known])


def with_bar(cell: ComparedCell, longest: float) -> ComparedCell:
    if cell.number is None or not longest or cell.is_confidential:
        return cell
    partial = cell.reading is not None and cell.reading.is_partial
    return replace(cell, bar=mark_safe(draw_bar(float(cell.number) / longest, at_least=partial)))


def rows_of_table(table: ComparedTable) -> list[tuple[Any, Any, ComparedCell]]:
    """One line for each territory and figure: what an export writes."""
    return [
        (area, row.figure, cell)
        for block in table.blocks
        for row in block.rows
        for area, cell in zip(table.areas, row.cells, strict=True)
    ]
