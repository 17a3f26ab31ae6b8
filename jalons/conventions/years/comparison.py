"""The years of a convention side by side, in a constant number of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from jalons.conventions.dossier.attainment import (
    covered,
    evolution,
    judged,
    measure_of,
    pace,
    stated_figure_of,
)
from jalons.conventions.dossier.from_base import related_to_each_other
from jalons.conventions.enums import ColumnMeasure
from jalons.conventions.models import Cell, Commitment, Convention, MatrixColumn, MatrixRow
from jalons.conventions.models.printed import euros
from jalons.conventions.money.budget.years import BudgetOfYear, money_of, money_of_all, money_of_sheet
from jalons.conventions.years.year_lines import (
    NOT_JUDGED,
    ComparedLine,
    Coverage,
    SheetYears,
    YearlyFigure,
    YearOf,
)
from jalons.core.values import Number
from jalons.indicators.enums import Direction, Nature


@dataclass
class ComparedYears:
    """`conventions`: the chain, oldest first; `years`: those of which something is known."""

    conventions: list[Convention]
    years: list[int]
    sheets: list[SheetYears]
    money: list[BudgetOfYear]
    aim_year: int | None

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(sheet.commitment.public_id, sheet.commitment.quiet_heading[:110]) for sheet in self.sheets]

    def sheet(self, public_id: str) -> SheetYears | None:
        return next((sheet for sheet in self.sheets if sheet.commitment.public_id == public_id), None)

    @property
    def last_year(self) -> int | None:
        """The last year of which a whole account is known."""
        known = [
            year.year
            for sheet in self.sheets
            for line in sheet.lines
            for year in line.years
            if year.done and year.done.stated.is_told and not year.done.covered.partial
        ]
        return max(known, default=None)

    @property
    def rows(self) -> list[tuple[SheetYears, Coverage | None, Coverage | None]]:
        """Each sheet with its account of the last year, and its objectives."""
        last, aim = self.last_year, self.aim_year
        return [
            (
                sheet,
                sheet.coverage(last) if last and sheet.lines else None,
                sheet.coverage(aim, aims=True) if aim and sheet.lines else None,
            )
            for sheet in self.sheets
        ]


def compare(convention: Convention, user: Any) -> ComparedYears:
    """What the person may see of the sheets of a convention, over its years."""
    chain = chain_of(convention, user)
    by_pk = {link.pk: link for link in chain}
    visible = Commitment.objects.visible_to(user).filter(convention__in=list(by_pk))
    commitments = list(visible.select_related("party").order_by("position", "pk"))
    for commitment in commitments:
        commitment.convention = by_pk[commitment.convention_id]
    mine = [commitment for commitment in commitments if commitment.convention_id == convention.pk]
    figures, rows = figures_of(commitments)
    years = sorted({year for by_year in figures.values() for year, _ in by_year})
    sheets = [SheetYears(commitment) for commitment in mine]
    of_sheet: dict[int, list[MatrixRow]] = defaultdict(list)
    for row in rows:
        of_sheet[row.commitment_id].append(row)
    for sheet in sheets:
        own = of_sheet[sheet.commitment.pk]
        sheet.lines = lines_of(own, figures, years_said(own, figures))
    money = money_of(commitments)
    for sheet in sheets:
        sheet.money = money_of_sheet(sheet.commitment, commitments, money)
    return ComparedYears(
        chain,
        years,
        sheets,
        money_of_all(commitments, money, stated_by_year(chain, commitments)),
        convention.year,
    )


def stated_by_year(chain: Sequence[Convention], visible: Sequence[Commitment]) -> dict[int, Number]:
    """The global amount that each text states. Not where some sheets are not this person's to read."""
    counted = Commitment.objects.filter(convention__in=[link.pk for link in chain]).order_by()
    everything = dict(counted.values_list("convention").annotate(count=Count("pk")))
    seen = Counter(commitment.convention_id for commitment in visible)
    amount_by_year: dict[int, Number] = {}
    for link in chain:
        amount = euros(link.amounts.get("global"))
        if link.year and amount is not None and seen[link.pk] == everything.get(link.pk, 0):
            amount_by_year[link.year] = amount
    return amount_by_year


def chain_of(convention: Convention, user: Any) -> list[Convention]:
    """The convention, those before it and those after it, as far as the person may see."""
    seen = Convention.objects.visible_to(user).filter(departement=convention.departement_id)
    known = {link.pk: link for link in seen.order_by("year", "pk").select_related("departement")}
    known.setdefault(convention.pk, convention)
    linked: dict[int, set[int]] = defaultdict(set)
    for link in known.values():
        if link.previous_id in known:
            linked[link.pk].add(link.previous_id)
            linked[link.previous_id].add(link.pk)
    reached, left = set(), [convention.pk]
    while left:
        pk = left.pop()
        if pk not in reached:
            reached.add(pk)
            left += linked[pk]
    return sorted((known[pk] for pk in reached), key=lambda item: (item.year or 0, item.pk))


# By indicator: by (year, is it an objective), the figure to believe.
Figures = Mapping[int, Mapping[tuple[int, bool], YearlyFigure]]
COLUMNS = ("row_id", "column_id", "kind", "raw", "number", "unit", "qualifier", "main")


def figures_of(commitments: Sequence[Commitment]) -> tuple[Figures, list[MatrixRow]]:
    by_pk = {commitment.pk: commitment for commitment in commitments}
    known = MatrixRow.objects.filter(commitment__in=list(by_pk), dropped=False)
    rows = list(known.select_related("indicator", "group").order_by("position", "pk"))
    related_to_each_other(rows)
    columns = {
        matrix_column.pk: matrix_column
        for matrix_column in MatrixColumn.objects.filter(commitment__in=list(by_pk), dropped=False)
    }
    covers = {pk: covered(column) for pk, column in columns.items()}
    indicators = {row.pk: row.indicator_id for row in rows if row.indicator_id}
    by_indicator: dict[int, dict[tuple[int, bool], YearlyFigure]] = defaultdict(dict)
    ranks: dict[tuple[int, int, bool], tuple[Any, ...]] = {}
    cells = Cell.objects.known().filter(row__commitment__in=list(by_pk))
    for row_id, column_id, *statement in cells.values_list(*COLUMNS).order_by("pk"):
        column, indicator = columns.get(column_id), indicators.get(row_id)
        if column is None or indicator is None or column.year is None or not measure_of(column):
            continue
        is_aim = measure_of(column) == ColumnMeasure.OBJECTIVE
        cell, cover = stated_figure_of(*statement), covers[column_id]
        of = by_pk[column.commitment_id].convention.year or 0
        # A figure before a hole, a whole year before a part of it, then what was said last.
        rank = (cell.is_told, not cover.partial, not cell.is_missing, of, column.position)
        place = (indicator, column.year, is_aim)
        if place not in ranks or rank > ranks[place]:
            ranks[place] = rank
            by_indicator[indicator][column.year, is_aim] = YearlyFigure(cell, cover, of, column.words)
    return by_indicator, rows


def lines_of(rows: Sequence[MatrixRow], figures: Figures, years: Sequence[int]) -> list[ComparedLine]:
    """The indicators of a sheet; not the titles that have details and no figure of their own in any year."""
    parents = {row.parent_id for row in rows if row.parent_id}
    lines = []
    for row in rows:
        figure_by_year = figures.get(row.indicator_id or 0, {})
        if row.pk in parents and not any(figure.stated.kind for figure in figure_by_year.values()):
            continue
        lines.append(ComparedLine(row, depth_of(row), years_of(row, figure_by_year, years)))
    return lines


def years_said(rows: Iterable[MatrixRow], figures: Figures) -> list[int]:
    """The years of which the columns of a sheet, or of those it comes from, say something."""
    return sorted({year for row in rows for year, _ in figures.get(row.indicator_id or 0, {})})


def depth_of(row: MatrixRow) -> int:
    depth, above = 0, row.parent
    while above is not None:
        depth, above = depth + 1, above.parent
    return depth


def years_of(
    row: MatrixRow, figure_by_year: Mapping[tuple[int, bool], YearlyFigure], years: Sequence[int]
) -> list[YearOf]:
    direction = row.indicator.direction if row.indicator else Direction.NEUTRAL
    nature = row.indicator.nature if row.indicator else Nature.STOCK
    compared: list[YearOf] = []
    for year in years:
        aim, done, before = (
            figure_by_year.get((year, True)),
            figure_by_year.get((year, False)),
            figure_by_year.get((year - 1, False)),
        )
        verdict, rate, change = NOT_JUDGED, "", ""
        if done and aim:
            if done.covered.partial:
                rate = pace(aim.stated, done.stated, done.covered.share, nature)
            else:
                verdict = judged(aim.stated, done.stated, direction)
        if done and before and not (done.covered.partial or before.covered.partial):
            change = evolution(before.stated, done.stated)
        compared.append(YearOf(year, aim, done, verdict, change, rate))
    return compared
