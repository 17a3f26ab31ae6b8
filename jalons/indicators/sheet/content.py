"""What the table of the follow-up shows, in words and figures: for the tab and for the document."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from jalons.actions.enums import Block
from jalons.core import charts
from jalons.core.values import Ratio, Value, format_month, format_short_date, join_and, plural
from jalons.indicators.enums import Relation, ValueType
from jalons.indicators.models import Indicator
from jalons.indicators.selectors.cell import Cell, Column
from jalons.indicators.selectors.table import BlockTable, FollowTable, Line

SHOWN = 6  # columns at once: what a page, a projector and a memory hold
CHARTED = 3  # lines of one chart
TREND = 24  # columns of a small trend


@dataclass(frozen=True, slots=True)
class PageHead:
    """A column in words: « 31 janv. » over « 2020 », or « janvier 2020 »."""

    label: str
    year: str
    column: Column
    coverage: str = ""  # « 1 opérateur sur 2 », when somebody told nothing then
    correct_url: str = ""  # where this person may correct what was told then


@dataclass(frozen=True, slots=True)
class FollowedRow:
    line: Line
    css: str
    cells: Sequence[Cell]  # of the columns shown
    trend: charts.Sparkline | None
    objective: str
    is_zero: bool = False  # 0 in every column shown
    is_minor: bool = False  # a detail that says nothing but its number

    @property
    def folds(self) -> bool:
        return self.is_zero or self.is_minor


@dataclass(frozen=True, slots=True)
class FollowedRows:
    """One block as it is shown. `blank`: what nobody ever told, named under the table."""

    table: BlockTable
    rows: Sequence[FollowedRow]
    blank: Sequence[str]
    chart: charts.LineChart | None
    rates: Sequence["Rate"]
    side: Sequence[tuple[Line, Sequence[str]]]  # every operator beside the others, in the last column

    @property
    def has_trends(self) -> bool:
        return any(row.trend for row in self.rows)

    @property
    def folded(self) -> str:
        """« 6 lignes de détail et 1 ligne à zéro »: what the table folds."""
        minor, zero = sum(row.is_minor for row in self.rows), sum(row.is_zero for row in self.rows)
        counts = ((minor, "de détail"), (zero, "à zéro"))
        return join_and(
            [f"{count}\u00a0{plural(count, 'ligne', 'lignes')} {what}" for count, what in counts if count]
        )

    @property
    def is_quiet(self) -> bool:
        """Every line folds: nothing happened in the columns shown."""
        return bool(self.rows) and all(row.folds for row in self.rows)


@dataclass(frozen=True, slots=True)
class Rate:
    """A share said in words over a bar: « Taux de scolarisation : 80 % (12 sur 15, au 28 févr. 2020) »."""

    label: str
    words: str
    done: float
    whole: float


def head(column: Column, follow: FollowTable) -> PageHead:
    if column.exact:
        return PageHead(format_short_date(column.on), str(column.on.year), column)
    reporters = {follow_up.reporter_id for follow_up in follow.follow_ups if column.holds(follow_up.valid_on)}
    here = [organisation for organisation in follow.selected if organisation.pk in reporters]
    coverage = f"{len(here)} opérateur{'s' if len(here) > 1 else ''} sur\u00a0{len(follow.selected)}"
    month, year = format_month(column.on).split(" ")
    return PageHead(month, year, column, coverage if len(here) < len(follow.selected) else "")


def side_title(heads: Sequence[PageHead]) -> str:
    """« en mars 2020 », « au 31 mars 2020 »: the last column shown."""
    if not heads:
        return ""
    last = heads[-1]
    return f"{'au' if last.column.exact else 'en'} {last.label} {last.year}"


def followed_rows(block: BlockTable, follow: FollowTable, heads: Sequence[PageHead]) -> FollowedRows:
    places = [follow.columns.index(head.column) for head in heads]
    lines = [line for line in block.lines if not line.is_blank or line.objectives]
    zeros = lines_at_zero(lines, places, follow)
    minor = minor_details(lines, places) - zeros
    return FollowedRows(
        table=block,
        rows=[
            row(line, places, is_zero=line.indicator.pk in zeros, is_minor=line.indicator.pk in minor)
            for line in lines
        ],
        blank=[line.indicator.label for line in block.lines if is_worth_telling(line)],
        chart=chart_of(block, follow),
        rates=[rate for line in lines if (rate := rate_of(line, follow))],
        side=side_by_side(lines, places, follow),
    )


def lines_at_zero(lines: Sequence[Line], places: Sequence[int], follow: FollowTable) -> set[int]:
    """The indicators of the lines that say 0, and nothing else, in every column shown.

    A line stays when one of its own details says something; a rate, which is no count, always stays.
    """
    columns = [follow.columns[place] for place in places]
    tellers = [
        {follow_up.reporter_id for follow_up in follow.follow_ups if column.holds(follow_up.valid_on)}
        for column in columns
    ]
    zero_lines = {
        line.indicator.pk
        for line in lines
        if not line.objectives
        and places
        and ValueType(line.indicator.value_type) in COUNTED
        and all(is_zero(line.cells[place], present) for place, present in zip(places, tellers, strict=True))
    }
    for line in reversed(lines):
        if line.indicator.pk not in zero_lines:
            zero_lines.discard(line.indicator.parent_id or 0)
    return zero_lines


COUNTED = (ValueType.NUMBER, ValueType.SUM)


def minor_details(lines: Sequence[Line], places: Sequence[int]) -> set[int]:
    """The details that nobody reads date by date; those corrected, noted or aimed at stay.

    Who is followed (« dont femmes ») and how people leave (sorties positives, abandons) is read: these stay too.
    """
    return {
        line.indicator.pk
        for line in lines
        if line.depth
        and not (line.indicator.block == Block.PUBLIC and is_read(line.indicator))
        and not line.objectives
        and not any(has_news(line.cells[place]) for place in places)
    }


def is_read(detail: Indicator) -> bool:
    return detail.is_flow == (detail.relation == Relation.PART)


def has_news(cell: Cell) -> bool:
    """Something is said beside the number."""
    return bool(cell.corrected or cell.told_elsewhere or cell.notes)


def is_zero(cell: Cell, tellers: Collection[int]) -> bool:
    """0 for each of those who reported then; nothing unknown, corrected or noted.

    Who did not report at all is said once, in the head of the column.
    """
    figures = [figure for reporter, figure in cell.parts if figure.value.is_known or reporter.pk in tellers]
    plain = all(figure.value.number == 0 and not figure.partial for figure in figures)
    return bool(figures) and plain and not has_news(cell)


def is_worth_telling(line: Line) -> bool:
    """A figure that nobody told; the details of a total go without saying."""
    detail = line.indicator.relation == Relation.AMONG
    return line.is_blank and not line.objectives and not detail and not line.indicator.is_computed


def rate_of(line: Line, follow: FollowTable) -> Rate | None:
    """The last rate known in full, with its parts."""
    if line.indicator.value_type != ValueType.RATE:
        return None
    for column, cell in zip(reversed(follow.columns), reversed(line.cells), strict=True):
        value = cell.figure.value if isinstance(cell.figure, Ratio) else cell.figure
        if cell.complete is not None and isinstance(value, Value) and value.denominator:
            when = f"au {format_short_date(column.on)} {column.on.year}"
            label = f"{line.indicator.label}\u00a0: {value}"
            return Rate(
                label, f"{value.fraction}, {when}", float(value.numerator or 0), float(value.denominator)
            )
    return None


DEPTHS = ("", "sub", "sub sub2")


def row(line: Line, places: Sequence[int], *, is_zero: bool, is_minor: bool) -> FollowedRow:
    trend = None
    if line.depth == 0 and not line.indicator.is_flow:
        cells = line.cells[-TREND:]
        numbers = [cell.complete for cell in cells]
        if sum(number is not None for number in numbers) > 1:
            trend = charts.Sparkline(line.indicator.label, numbers, [cell.at_least for cell in cells])
    css = DEPTHS[min(line.depth, 2)] + (" j-zero" if is_zero or is_minor else "")
    cells = [line.cells[place] for place in places]
    return FollowedRow(line, css.strip(), cells, trend, objective(line), is_zero=is_zero, is_minor=is_minor)


def objective(line: Line) -> str:
    """« objectif : 20 au 31 déc. 2026 », the furthest one."""
    if not line.objectives:
        return ""
    aimed = line.objectives[-1]
    return f"objectif\u00a0: {aimed.value} au {format_short_date(aimed.on)} {aimed.on.year}"


def chart_of(block: BlockTable, follow: FollowTable) -> charts.LineChart | None:
    """The main figures of a block over time: at most three, all of one nature, told at least twice."""
    lines = [
        line
        for line in block.lines
        if line.depth == 0
        and not line.is_blank
        and ValueType(line.indicator.value_type) in (ValueType.NUMBER, ValueType.SUM)
    ]
    # A stock and a flow on one axis would be read as the same thing.
    alike = [line for line in lines if line.indicator.nature == lines[0].indicator.nature][:CHARTED]
    charted = [line for line in alike if sum(cell.complete is not None for cell in line.cells) > 1]
    if not charted:
        return None
    series = [
        charts.Series(
            line.indicator.label,
            [point_of(column.on, cell) for column, cell in zip(follow.columns, line.cells, strict=True)],
        )
        for line in charted
    ]
    return charts.LineChart(f"{block.block.label}\u00a0: évolution", series)


def point_of(day: dt.date, cell: Cell) -> charts.Point:
    """The figure of a column, or what it is at least: the table and the chart say the same."""
    bound = cell.at_least
    return charts.Point(day, cell.complete if bound is None else bound, at_least=bound is not None)


def side_by_side(
    lines: Sequence[Line], places: Sequence[int], follow: FollowTable
) -> list[tuple[Line, list[str]]]:
    """What each operator tells of the last column shown, in the order of `selected`, then the whole."""
    if len(follow.selected) < 2 or not places:
        return []
    rows = []
    for line in lines:
        cell = line.cells[places[-1]]
        text_by_reporter = {reporter.pk: str(figure.value) for reporter, figure in cell.parts}
        if any(figure.value.is_known for _, figure in cell.parts):
            rows.append(
                (
                    line,
                    [*(text_by_reporter.get(reporter.pk, "–") for reporter in follow.selected), cell.short],
                )
            )
    return rows
