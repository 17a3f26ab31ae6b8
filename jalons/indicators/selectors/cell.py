"""What stands in one cell of the follow-up of a dispositif: readings, figures, what is missing."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jalons.accounts.models import Organisation
from jalons.core.values import Number, Ratio, Sum, Value, ratio


@dataclass(frozen=True, slots=True)
class Reading:
    """One value as it was told."""

    on: dt.date
    value: Value
    since: dt.date | None = None
    unchanged: bool = False
    corrected: bool = False
    note: str = ""
    counts: bool = True  # a flow that does not count is told again by another follow-up


@dataclass(frozen=True, slots=True)
class Column:
    """A date, or a month: `first` to `on`, both included. `exact`: the column of one follow-up."""

    first: dt.date
    on: dt.date
    exact: bool

    def holds(self, day: dt.date) -> bool:
        return self.first <= day <= self.on


@dataclass(frozen=True, slots=True)
class Figure:
    """What one reporter has in one column. `partial`: some of what it adds up is missing."""

    value: Value
    partial: bool = False
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a column for all the reporters looked at."""

    figure: Value | Sum | Ratio
    partial: bool = False
    share: Value | None = None  # of its parent, for a « dont »
    readings: tuple[Reading, ...] = ()
    parts: tuple[tuple[Organisation, Figure], ...] = ()

    @property
    def words(self) -> str:
        """« 32 », « ≥ 20 (1 non renseigné) », « 80 % », « ND »."""
        text = str(self.figure)
        at_least = self.partial and self.number and not text.startswith("≥")
        return f"≥\u00a0{text}" if at_least else text

    @property
    def short(self) -> str:
        """The same without saying what is missing: « ≥ 20 »."""
        if isinstance(self.figure, Sum) and self.figure.is_known and self.figure.missing:
            return self.figure.short()
        return self.words

    @property
    def complete(self) -> Number | None:
        """For a chart: None as soon as something is missing, or a lower point would look like a fall."""
        lacking = self.partial or (isinstance(self.figure, Sum) and self.figure.missing)
        lacking = lacking or (isinstance(self.figure, Ratio) and self.figure.known < self.figure.expected)
        return None if lacking else self.number

    @property
    def at_least(self) -> Number | None:
        """For a chart: what is known of a figure that lacks a part; a pooled rate is no lower bound."""
        if self.complete is not None or isinstance(self.figure, Ratio):
            return None
        return self.number or None

    @property
    def number(self) -> Number | None:
        """None when nothing is known."""
        if isinstance(self.figure, Sum):
            return self.figure.total if self.figure.is_known else None
        value = self.figure.value if isinstance(self.figure, Ratio) else self.figure
        return value.number

    @property
    def is_missing(self) -> bool:
        return self.number is None and not (isinstance(self.figure, Value) and self.figure.is_known)

    @property
    def is_words(self) -> bool:
        """A text or a choice, which wraps in its column."""
        return isinstance(self.figure, Value) and self.figure.is_known and self.figure.number is None

    @property
    def unchanged(self) -> bool:
        return bool(self.readings) and all(reading.unchanged for reading in self.readings)

    @property
    def corrected(self) -> bool:
        return any(reading.corrected for reading in self.readings)

    @property
    def told_elsewhere(self) -> bool:
        """A flow of which the period is in another follow-up: shown, not added up."""
        return any(not reading.counts for reading in self.readings)

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(reading.note for reading in self.readings if reading.note)


NOTHING = Figure(Value.empty())
Readings = Mapping[tuple[int, int], Sequence[Reading]]  # (indicator, reporter): oldest first


def with_share(cell: Cell, whole: Cell) -> Cell:
    """A « dont » with its share of the whole, when both are told by the same reporters."""
    same = {reporter.pk for reporter, figure in cell.parts if figure.value.is_known} == {
        reporter.pk for reporter, figure in whole.parts if figure.value.is_known
    }
    # Of a nought that lacks a part, nothing is known: « 0 % » would say the contrary.
    unknown = cell.number is None or (not cell.number and cell.complete is None)
    if unknown or not whole.number or not same:
        return cell
    return Cell(cell.figure, cell.partial, ratio(cell.number, whole.number), cell.readings, cell.parts)
