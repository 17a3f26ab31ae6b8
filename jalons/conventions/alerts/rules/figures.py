"""Reading the figures of a row: which columns are accounts, what may be compared with what. Pure."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from jalons.conventions.alerts.rules.structure import PLAIN_WORDS
from jalons.conventions.dossier.content import Sheet
from jalons.conventions.enums import ColumnMeasure
from jalons.conventions.models import Cell, MatrixColumn, MatrixRow
from jalons.core.values import (
    Number,
    fold,
    format_duration,
    format_number,
    format_percent,
    parse_partial_date,
)
from jalons.core.values.formats import DurationUnit
from jalons.indicators.enums import Direction

ACCOUNTS = (ColumnMeasure.ACCOUNT.value, ColumnMeasure.ACTUAL.value)
DIRECTIONS = {"hausse": Direction.UP, "baisse": Direction.DOWN, "up": Direction.UP, "down": Direction.DOWN}
# What happens to people by itself, which nobody aims at; unless the row counts what was done for them.
POPULATION = re.compile(
    r"\bdeven\w+ majeur\w*|\b(?:atteign\w+|arriv\w+ a) (?:leur |la |l age de la )?majorite\b"
    r"|\bayant (?:atteint|eu) (?:18 ans|leur majorite|la majorite)\b"
    r"|\bnaissances?\b|\bdeces\b|\bpopulation\b|\bnombre (?:total )?d ?'?habitants\b"
)
DONE_FOR = re.compile(
    r"\b(?:accompagn|suivi|form|aid|recu|orient|log|heberg|benefici|rencontr|sensibilis|inscri|insere)\w*"
    r"|\bpris\w* en charge\b"
)
MEDIAN = re.compile(r"\b(?:mediane?s?|moyennes?|moyens?)\b")


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """A cell that has a number, in its column."""

    column: MatrixColumn
    cell: Cell
    number: Number

    @property
    def words(self) -> str:
        """« 62 % », « 15 jours », « 1 240 » as French prints it."""
        unit = self.cell.unit
        if is_percent(self.cell):
            return format_percent(self.number)
        if unit in tuple(DurationUnit):
            return format_duration(self.number, unit)
        return f"{format_number(self.number)} {unit}".strip()


def is_account(column: MatrixColumn) -> bool:
    """Does it tell what happened? Printed, or certain enough for who transcribed it."""
    return (column.measure or column.kept.get("measure_inferred")) in ACCOUNTS


def end_of(column: MatrixColumn) -> dt.date | None:
    """The last day that it covers."""
    for words in (column.as_of, column.period_end):
        day = parse_partial_date(words).end if words else None
        if day is not None:
            return day
    return dt.date(column.year, 12, 31) if column.year else None


def is_partial(column: MatrixColumn) -> bool:
    """Does it cover less than its year? As said, else by its dates."""
    if column.partial is not None:
        return column.partial
    end = end_of(column)
    starts_late = column.period_start and not column.period_start.endswith(("-01", "-01-01"))
    return bool(column.year and end is not None and end < dt.date(column.year, 12, 31)) or bool(starts_late)


def ordered(columns: list[MatrixColumn]) -> list[MatrixColumn]:
    """By year, then as printed; a column without year stays where it is."""
    return sorted(columns, key=lambda column: column.year or 0) if all(c.year for c in columns) else columns


def full_accounts(sheet: Sheet) -> list[MatrixColumn]:
    return ordered([column for column in sheet.columns if is_account(column) and not is_partial(column)])


def objectives_of(sheet: Sheet, year: int | None) -> list[MatrixColumn]:
    """The objective columns of the year; the last one when nothing says which year."""
    columns = [column for column in sheet.columns if column.is_objective]
    mine = [column for column in columns if column.year == year and year is not None]
    return mine or [column for column in columns[-1:] if column.year is None or year is None]


def figure_of(sheet: Sheet, row: MatrixRow, column: MatrixColumn) -> PrintedFigure | None:
    cell = sheet.cells.get((row.key, column.key))
    number = cell.figure if cell is not None else None
    return None if cell is None or number is None else PrintedFigure(column, cell, number)


def figures(sheet: Sheet, row: MatrixRow, columns: list[MatrixColumn]) -> Iterator[PrintedFigure]:
    for column in columns:
        figure = figure_of(sheet, row, column)
        if figure is not None:
            yield figure


def is_percent(cell: Cell) -> bool:
    return cell.kind == "percent" or cell.unit == "%"


@lru_cache(4096)
def bag(qualifier: str) -> frozenset[str]:
    """The words of what is counted, without plurals and small words."""
    words = re.findall(r"\w+", fold(qualifier))
    return frozenset(word.rstrip("sx") for word in words if word not in PLAIN_WORDS)


def same_unit(left: Cell, right: Cell) -> bool:
    """A unit that is not written is the same as any, a percentage aside."""
    if is_percent(left) != is_percent(right):
        return False
    return not left.unit or not right.unit or fold(left.unit) == fold(right.unit)


def comparable(left: PrintedFigure, right: PrintedFigure) -> bool:
    """Same unit, same thing counted, as far as each says it, and no doubt about either number."""
    left_cell, right_cell = left.cell, right.cell
    if "doubtful" in (left_cell.main, right_cell.main) or not same_unit(left_cell, right_cell):
        return False
    if not left_cell.qualifier or not right_cell.qualifier or left_cell.qualifier == right_cell.qualifier:
        return True
    return bag(left_cell.qualifier) == bag(right_cell.qualifier)


def direction_of(row: MatrixRow) -> str:
    """Which way is better: as said, else down for a delay, else neither."""
    direction = row.kept.get("direction")
    if isinstance(direction, str) and direction.lower() in DIRECTIONS:
        return DIRECTIONS[direction.lower()]
    if row.indicator is not None and row.indicator.direction != Direction.NEUTRAL:
        return row.indicator.direction
    return Direction.DOWN if fold(row.label).startswith("delai") else Direction.NEUTRAL


@lru_cache(4096)
def is_average(words: str) -> bool:
    """A median or a mean: its parts never add up to it."""
    return bool(MEDIAN.search(fold(words)))


@lru_cache(4096)
def is_population(words: str) -> bool:
    """« Nombre de jeunes devenus majeurs dans l’année »: a fact of the population, not an aim of the action."""
    folded = fold(words).replace("\u2019", "'")
    return bool(POPULATION.search(folded)) and not DONE_FOR.search(folded)
