"""One line of the comparison of years."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.safestring import SafeString, mark_safe

from jalons.conventions.dossier.attainment import (
    AimJudged,
    Covered,
    StatedFigure,
)
from jalons.conventions.models import Commitment, MatrixRow
from jalons.conventions.money.budget.years import BudgetOfYear
from jalons.core.charts import LineChart, Point, Series, render_svg
from jalons.core.values import Number, format_number
from jalons.indicators.enums import Direction

CURVE = 380
NOT_JUDGED = AimJudged()


@dataclass(frozen=True, slots=True)
class YearlyFigure:
    """What the chain knows of one indicator for one year and one measure. `of`: the convention that says it."""

    stated: StatedFigure
    covered: Covered
    of: int  # year of the convention
    column: str


@dataclass(frozen=True, slots=True)
class YearOf:
    """One year of one indicator."""

    year: int
    aim: YearlyFigure | None
    done: YearlyFigure | None
    judged: AimJudged = NOT_JUDGED
    evolution: str = ""
    pace: str = ""


@dataclass
class ComparedLine:
    """An indicator of the sheet; `depth` 1 or more for a detail."""

    row: MatrixRow
    depth: int
    years: list[YearOf] = field(default_factory=list)

    @property
    def label(self) -> str:
        return self.row.label or self.row.breakdown or "Sans intitulé"

    @property
    def direction(self) -> str:
        return self.row.indicator.direction if self.row.indicator else Direction.NEUTRAL

    @cached_property
    def curve(self) -> SafeString:
        """A small drawing; empty when there are not two years to join. Its figures are in the table beside it."""
        done = [(year.year, year.done.stated.figure) for year in self.years if year.done]
        aims = [(year.year, year.aim.stated.figure) for year in self.years if year.aim]
        if sum(1 for _, number in done if number is not None) < 2:
            return mark_safe("")
        series = [Series("Bilan", points_of(done))]
        if any(number is not None for _, number in aims):
            series.append(Series("Objectif", points_of(aims)))
        return mark_safe(render_svg(LineChart(self.label[:120], series), CURVE))


def points_of(numbers: Iterable[tuple[int, Number | None]]) -> list[Point]:
    return [Point(dt.date(year, 1, 1), number) for year, number in numbers]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of `asked` indicators, how many say something."""

    year: int
    known: int
    asked: int

    @property
    def words(self) -> str:
        return f"{format_number(self.known)} sur {format_number(self.asked)}"


@dataclass
class SheetYears:
    """A sheet of the convention and what the years say of it."""

    commitment: Commitment
    lines: list[ComparedLine] = field(default_factory=list)
    money: list[BudgetOfYear] = field(default_factory=list)

    def coverage(self, year: int, *, aims: bool = False) -> Coverage:
        asked = known = 0
        for line in self.lines:
            year_of = next((figures for figures in line.years if figures.year == year), None)
            figure = (year_of.aim if aims else year_of.done) if year_of else None
            if figure is not None and figure.stated.kind in ("", "not_applicable"):
                continue
            asked += 1
            known += figure is not None and figure.stated.is_told
        return Coverage(year, known, asked)

    @property
    def coverages(self) -> list[Coverage]:
        return [self.coverage(year) for year in self.years if any(self.has(year))]

    def has(self, year: int) -> Iterable[bool]:
        return (
            figures.done is not None for line in self.lines for figures in line.years if figures.year == year
        )

    @property
    def years(self) -> list[int]:
        return [year.year for year in self.lines[0].years] if self.lines else []

    @property
    def last_account(self) -> Coverage | None:
        """The last year of which something is known, and how much of it."""
        return self.coverages[-1] if self.coverages else None

    @property
    def reached(self) -> tuple[int, int]:
        """Over all years: objectives reached, and those that could be judged."""
        states = [year.judged.state for line in self.lines for year in line.years if year.judged.state]
        return states.count("good"), len(states)
