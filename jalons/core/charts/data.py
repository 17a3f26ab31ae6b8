"""What a chart is given, and the same data as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jalons.core.charts.geometry import Number, number_label
from jalons.core.values import format_long_date

UNKNOWN = "ND"


def point_words(value: Number | None, *, at_least: bool = False) -> str:
    """« 46 », « ≥ 46 », « ND »."""
    if value is None:
        return UNKNOWN
    return f"≥\u00a0{number_label(value)}" if at_least else number_label(value)


@dataclass(frozen=True)
class Point:
    """`value` None: unknown at that date. `mark`: the source, shown by the shape of the point.

    `at_least`: a part of the figure is missing; the point is hollow and no line leads to it, which would show a fall.
    """

    date: date
    value: Number | None
    mark: str = ""
    note: str = ""
    at_least: bool = False

    @property
    def words(self) -> str:
        return point_words(self.value, at_least=self.at_least)


@dataclass(frozen=True)
class Series:
    label: str
    points: Sequence[Point]


@dataclass(frozen=True)
class LineChart:
    """Values over time. `unit` is written above the axis (« personnes »); `note` under the title."""

    title: str
    series: Sequence[Series]
    unit: str = ""
    note: str = ""


@dataclass(frozen=True)
class Bar:
    """One category; one value for each of the chart's `labels`, None where unknown."""

    label: str
    values: Sequence[Number | None]
    note: str = ""


@dataclass(frozen=True)
class BarChart:
    """Horizontal bars. `labels`: what each value of a bar is (« Prévu », « Exécuté »)."""

    title: str
    bars: Sequence[Bar]
    labels: Sequence[str] = ("Valeur",)
    unit: str = ""
    note: str = ""


@dataclass(frozen=True)
class Sparkline:
    """The trend of one thing, without axes. `bounds`: where a value is unknown, what it is at least, if known."""

    label: str
    values: Sequence[Number | None]
    bounds: Sequence[Number | None] = ()

    @property
    def points(self) -> list[tuple[Number | None, bool]]:
        """Each figure, and whether it is only a lower bound."""
        bounds = [*self.bounds] or [None] * len(self.values)
        return [
            (bound, True) if value is None and bound is not None else (value, False)
            for value, bound in zip(self.values, bounds, strict=True)
        ]


@dataclass(frozen=True)
class TableCell:
    text: str
    note: str = ""
    missing: bool = False


@dataclass(frozen=True)
class TableRow:
    label: str
    cells: Sequence[TableCell]
    note: str = ""


@dataclass(frozen=True)
class DataTable:
    heads: Sequence[str]
    rows: Sequence[TableRow]


def data_table(chart: LineChart | BarChart) -> DataTable:
    """The same data in words: dates or categories as rows, series as columns."""
    if isinstance(chart, BarChart):
        rows = [TableRow(bar.label, [_cell(value) for value in bar.values], bar.note) for bar in chart.bars]
        return DataTable(["Catégorie", *chart.labels], rows)
    days = sorted({point.date for series in chart.series for point in series.points})
    rows = [
        TableRow(format_long_date(day), [_cells_of_day(series, day) for series in chart.series])
        for day in days
    ]
    return DataTable(["Date", *(series.label for series in chart.series)], rows)


def every_figure_in_words(chart: LineChart | BarChart) -> str:
    """Every figure of the drawing, for those who do not see it.

    « Public (Personnes). 28 janvier 2020 : 28. »; where there are several, each figure has its own name, as « 28, 12 »
    is heard as one number: « Public. 28 janvier 2020 : Personnes 28, Ménages 12. »
    """
    table = data_table(chart)
    columns = table.heads[1:]
    if len(columns) == 1:
        named = chart.title == columns[0]
        title, names = chart.title if named else f"{chart.title} ({columns[0]})", [""]
    else:
        title, names = chart.title, [f"{column} " for column in columns]
    sentences = [title]
    for row in table.rows:
        figures = (f"{name}{_cell_words(cell)}" for name, cell in zip(names, row.cells, strict=True))
        sentences.append(f"{row.label}\u00a0: {', '.join(figures)}")
    return f"{'. '.join(sentences)}."


def _cell_words(cell: TableCell) -> str:
    return f"{cell.text} ({cell.note})" if cell.note else cell.text


def _cells_of_day(series: Series, day: date) -> TableCell:
    points = [point for point in series.points if point.date == day]
    if not points:
        return TableCell("–")
    values = " / ".join(point.words for point in points)
    notes = "\u00a0; ".join(
        ", ".join(filter(None, (point.mark, point.note))) for point in points if point.mark or point.note
    )
    return TableCell(values, notes, all(point.value is None for point in points))


def _cell(value: Number | None) -> TableCell:
    return TableCell(UNKNOWN if value is None else number_label(value), missing=value is None)
