"""What sections are written from: the question that an edition asks, its readings, and those of earlier periods.

A figure is read once, whatever the number of sections and of files that say it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from jalons.accounts.models import Organisation
from jalons.core.values import Number, format_euros, format_number
from jalons.core.values.formats import MINUS
from jalons.core.values.numbers import rounded
from jalons.core.values.text import NBSP
from jalons.editions.blocks import ReportFigure
from jalons.editions.periods import ReportPeriod
from jalons.figures.areas import FigureArea
from jalons.figures.readings import FigureReading, Tally
from jalons.figures.registry import Figure, FigureQuestion, figures
from jalons.history.querysets import AsOf, described
from jalons.reports.selectors.barometer import is_certain
from jalons.reports.selectors.blocks import NOBODY, Readings, all_readings, tile_of

Shared = TypeVar("Shared")
UNSURE = "incertaine"


@dataclass
class ReportMaterials:
    """`at`: the date and the instant of the edition; `reader`: the rights of its author, then."""

    area: FigureArea
    period: ReportPeriod
    at: AsOf
    reader: Any
    language: str
    read: dict[ReportPeriod, Readings] = field(default_factory=dict)
    shared: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def question(self) -> FigureQuestion:
        return self.question_on(self.period)

    def question_on(self, period: ReportPeriod) -> FigureQuestion:
        """The same question of another period, as known at the one instant of the edition."""
        last = self.at.day if period == self.period else period.last
        return FigureQuestion(self.reader, replace(self.at, valid=last), self.area, period.first)

    @property
    def readings(self) -> Readings:
        return self.readings_on(self.period)

    def readings_on(self, period: ReportPeriod) -> Readings:
        if period not in self.read:
            self.read[period] = all_readings(self.question_on(period))
        return self.read[period]

    def once(self, name: str, read: Callable[[], Shared]) -> Shared:
        """What several sections read, read by the first of them."""
        if name not in self.shared:
            self.shared[name] = read()
        value: Shared = self.shared[name]
        return value

    def figures(
        self, keys: Iterable[str], *, before: ReportPeriod | None = None, earlier: ReportPeriod | None = None
    ) -> list[ReportFigure]:
        """Those that the reader may read, in this order. `before`: the period that they are compared with; `earlier`:
        one more, shown beside it.
        """
        return [self.figure(key, before=before, earlier=earlier) for key in keys if key in self.readings]

    def figure(
        self, key: str, *, before: ReportPeriod | None = None, earlier: ReportPeriod | None = None
    ) -> ReportFigure:
        figure, reading = figures()[key], self.readings[key]
        tile = tile_of(figure, reading, self.question)
        past = self.readings_on(before).get(key) if before else None
        first = self.readings_on(earlier).get(key) if earlier else None
        return ReportFigure(
            key=key,
            label=figure.label,
            text=tile.text,
            number=reading.number,
            missing=tile.missing,
            coverage=coverage_words(figure, reading),
            sentence=figure.sentence,
            earlier=reading_words(figure, first) if first else "",
            before=reading_words(figure, past) if past else "",
            change=change_words(figure, past, reading) if past else "",
        )


def coverage_words(figure: Figure, reading: FigureReading) -> str:
    """« 29 sites recensés sur 32 », without the day of the last of them: the table of sites says it."""
    if not reading.expected and not isinstance(reading.worth, Tally):
        return NOBODY[figure.opens]
    return reading.coverage(*figure.covers) if figure.covers and reading.expected else ""


def reading_words(figure: Figure, reading: FigureReading) -> str:
    return reading.short(euros=figure.euros, none=figure.none) or "ND"


def change_words(figure: Figure, then: FigureReading, now: FigureReading) -> str:
    """« + 3 », « − 2 points », « = »; « incertaine » when what is not counted could say the opposite."""
    before, after = then.number, now.number
    if before is None or after is None:
        return UNSURE
    if reading_words(figure, then) == reading_words(figure, now):
        return "="
    percents = isinstance(now.number, float) or " %" in now.short() or f"{NBSP}%" in now.short()
    if not percents and not is_certain(then, now):
        return UNSURE
    return signed(after - before, points=percents, euros=figure.euros)


def signed(gap: Number, *, points: bool = False, euros: bool = False) -> str:
    size_of = gap if gap > 0 else -gap
    if points:
        size_of = rounded(Decimal(str(size_of)), 0)
    size = format_euros(size_of) if euros else format_number(size_of)
    unit = f"{NBSP}{'points' if size_of > 1 else 'point'}" if points else ""
    return f"{'+' if gap > 0 else MINUS}{NBSP}{size}{unit}"


def named(rows: Mapping[int, Any], pk: int) -> str:
    """The name of a thing as it was described then; « sans nom » for what was not described yet."""
    row = rows.get(pk)
    return str(row.name) if row is not None and row.name else "sans nom"


def structures_then(pks: Iterable[int], at: AsOf) -> dict[int, str]:
    """The structures as they were named at the instant of the edition. One query."""
    return {row.pk: str(row) for row in described(Organisation, at, id__in=sorted(set(pks)))}
