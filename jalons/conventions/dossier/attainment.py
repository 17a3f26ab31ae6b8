"""What was done beside what was promised: a ratio only between figures that count the same thing. Pure."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jalons.conventions.dossier.columns import is_midyear
from jalons.conventions.enums import ColumnMeasure
from jalons.conventions.models.matrix import typed
from jalons.core.values import (
    Emptiness,
    Kind,
    Number,
    exact,
    fold,
    format_duration,
    format_long_date,
    format_number,
    format_percent,
    format_value,
    parse_partial_date,
)
from jalons.core.values.numbers import rounded
from jalons.indicators.enums import Direction, Nature

FIGURES = {"number", "percent", "duration", "composite", "amount"}
UNSURE = {"doubtful", "none"}


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """A cell, light: what a page needs of it. `words`: as Jalons writes it."""

    kind: str = ""
    raw: str = ""
    number: Number | None = None
    unit: str = ""
    qualifier: str = ""
    main: str = ""

    @property
    def is_missing(self) -> bool:
        """Nobody filled it in. « ND », « – » and « sans objet » are answers."""
        return self.kind == "empty"

    @property
    def is_above(self) -> bool:
        """It is printed in the cell of the row that it is a detail of."""
        return not self.kind

    @property
    def is_told(self) -> bool:
        """It says something: a figure or words."""
        return self.kind in FIGURES or self.kind == "text"

    @property
    def figure(self) -> Number | None:
        """The number that can be compared; none when the main number of a composite is not sure."""
        if self.kind not in FIGURES or self.main in UNSURE:
            return None
        return self.number

    @property
    def words(self) -> str:
        if self.is_above:
            return "dit dans la ligne au-dessus"
        if self.is_missing:
            return Emptiness.EMPTY.words
        if self.kind in ("composite", "text"):
            return self.raw
        return format_value(typed(self.kind, self.raw, self.number, self.unit, self.qualifier, ()))


def stated_figure_of(kind: str, raw: str, number: Any, unit: str, qualifier: str, main: str) -> StatedFigure:
    return StatedFigure(kind, raw, None if number is None else exact(number), unit, qualifier, main)


@dataclass(frozen=True, slots=True)
class AimJudged:
    """`words`: « 92 % de l’objectif »; `state`: good, due, or nothing when no direction is wished for."""

    words: str = ""
    state: str = ""
    label: str = ""


def why_apart(stated_figure: StatedFigure, other: StatedFigure) -> str:
    """Why two figures are not compared, in French; empty when they can be."""
    if stated_figure.figure is None or other.figure is None:
        return (
            "" if not (stated_figure.is_told and other.is_told) else "l’un des deux n’est pas un nombre sûr"
        )
    if {stated_figure.kind, other.kind} & {
        "percent",
        "duration",
        "amount",
    } and stated_figure.kind != other.kind:
        return "un taux, une durée ou un montant ne se compare pas à un nombre"
    for name, mine, theirs in (
        ("l’unité", stated_figure.unit, other.unit),
        ("ce qui est compté", stated_figure.qualifier, other.qualifier),
    ):
        if mine and theirs and fold(mine) != fold(theirs):
            return f"{name} diffère\u00a0: {mine}, {theirs}"
    return ""


def judged(aim: StatedFigure, done: StatedFigure, direction: str) -> AimJudged:
    """How far what was done is from the objective. Empty without both figures."""
    if aim.figure is None or done.figure is None:
        return AimJudged(why_apart(aim, done) and f"Non comparable\u00a0: {why_apart(aim, done)}")
    if apart := why_apart(aim, done):
        return AimJudged(f"Non comparable\u00a0: {apart}")
    state, label = standing(aim.figure, done.figure, direction)
    if done.kind == "percent":
        return AimJudged(points(done.figure, aim.figure), state, label)
    if direction == Direction.DOWN or not aim.figure or done.kind == "duration":
        return AimJudged(f"{gap_words(done, aim)} par rapport à l’objectif", state, label)
    share = Decimal(done.figure) * 100 / Decimal(aim.figure)
    return AimJudged(f"{format_percent(rounded(share, 0))} de l’objectif", state, label)


def standing(aim: Number, done: Number, direction: str) -> tuple[str, str]:
    if direction == Direction.NEUTRAL:
        return "", ""
    reached = done >= aim if direction == Direction.UP else done <= aim
    return ("good", "Atteint") if reached else ("due", "Non atteint")


def evolution(before: StatedFigure, after: StatedFigure) -> str:
    """« +12 (+30 %) », « −3 points »; empty when the two years are not compared."""
    if before.figure is None or after.figure is None or why_apart(before, after):
        return ""
    if after.kind == "percent":
        return points(after.figure, before.figure)
    words = gap_words(after, before)
    if after.kind == "duration" or not before.figure:
        return words
    share = (Decimal(after.figure) - Decimal(before.figure)) * 100 / Decimal(before.figure)
    return f"{words} ({signed(rounded(share, 0), lambda number: format_percent(number))})"


def gap_words(stated_figure: StatedFigure, other: StatedFigure) -> str:
    gap = Decimal(stated_figure.figure or 0) - Decimal(other.figure or 0)
    if stated_figure.kind == Kind.DURATION and stated_figure.unit:
        return signed(gap, lambda number: format_duration(number, stated_figure.unit))
    return signed(gap, format_number)


def signed(gap: Decimal, form: Callable[[Number], str]) -> str:
    number = exact(gap)
    return f"+{form(number)}" if number > 0 else form(number)


def points(number: Number, other: Number) -> str:
    gap = Decimal(number) - Decimal(other)
    word = "point" if abs(gap) < 2 else "points"
    return f"{signed(gap, format_number)}\u00a0{word}"


# --- columns that do not cover their year ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Covered:
    """What a column covers of its year. `until`: its last day, when it says it."""

    partial: bool = False
    until: dt.date | None = None

    @property
    def words(self) -> str:
        if not self.partial:
            return ""
        return f"au {format_long_date(self.until)}" if self.until else "année incomplète"

    @property
    def share(self) -> Decimal | None:
        """The part of the year that is over at `until`."""
        if not self.partial or self.until is None:
            return None
        days = dt.date(self.until.year, 12, 31).timetuple().tm_yday
        return Decimal(self.until.timetuple().tm_yday) / days


def covered(column: Any) -> Covered:
    if column.year is None or not is_midyear(column, column.year):
        return Covered()
    for words in (column.as_of, column.period_end):
        read = parse_partial_date(words) if words else None
        if read and read.end and read.end.year == column.year:
            return Covered(True, read.end)
    return Covered(True)


def pace(aim: StatedFigure, done: StatedFigure, share: Decimal | None, nature: str) -> str:
    """« Rythme à date : 90 % de l’attendu », for what adds up along the year only."""
    if share is None or nature != Nature.FLOW or why_apart(aim, done):
        return ""
    if aim.figure is None or done.figure is None or not aim.figure or done.kind in ("percent", "duration"):
        return ""
    rate = Decimal(done.figure) * 100 / (Decimal(aim.figure) * share)
    return f"Rythme à date\u00a0: {format_percent(rounded(rate, 0))} de l’attendu"


def measure_of(column: Any) -> str:
    """What the figures of a column are; when it does not say, what the transcription inferred, if it did."""
    if column.measure:
        return str(column.measure)
    inferred = column.kept.get("measure_inferred")
    return str(inferred) if inferred in ColumnMeasure.values else ""
