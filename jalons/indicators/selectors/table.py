"""The follow-up of one dispositif as a table: one column a date, one line an indicator, every operator's part.

With one reporter a column is the date of a follow-up. With several, who never report on the same day, a column
is a month: of each reporter the last stock of the month and the sum of its flows, added up with what is missing.
"""

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, overload

from jalons.accounts.enums import ParticipationRole
from jalons.accounts.models import Organisation
from jalons.actions.enums import Block, Difficulty
from jalons.actions.models import Action, FollowUp, Participation
from jalons.core.values import Number, Ratio, Sum, Value, ratio, total
from jalons.history.querysets import NOW, AsOf
from jalons.indicators.aggregation import Period, without_overlap
from jalons.indicators.enums import AcrossPlaces, Measure, Relation, ValueType
from jalons.indicators.models import Indicator, Measurement, Series
from jalons.indicators.selectors.asked import AskedBlock, asked_indicators, depth, in_blocks


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
        said = str(self.figure)
        at_least = self.partial and self.number and not said.startswith("≥")
        return f"≥\u00a0{said}" if at_least else said

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


@dataclass(frozen=True, slots=True)
class Objective:
    on: dt.date
    value: Value
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator over every column, oldest first. `is_blank`: nobody shown ever told it.

    A cell is made when it is looked at: a page shows six columns of what may have been followed for years.
    """

    indicator: Indicator
    depth: int
    cells: "Cells"
    is_blank: bool
    objectives: tuple[Objective, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """Words told with a block at a date: a comment, or the difficulties met."""

    on: dt.date
    reporter: Organisation
    text: str = ""
    difficulties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BlockTable:
    block: Block
    lines: tuple[Line, ...]
    remarks: tuple[Remark, ...]  # newest first


@dataclass(frozen=True, slots=True)
class FollowTable:
    """`reporters`: everybody who told something or should; `shown`: those that the cells add up."""

    action: Action
    at: AsOf
    columns: tuple[Column, ...]
    blocks: tuple[BlockTable, ...]
    reporters: tuple[Organisation, ...]
    shown: tuple[Organisation, ...]
    follow_ups: tuple[FollowUp, ...]  # newest first
    readings: "Readings"

    @property
    def is_empty(self) -> bool:
        return not self.columns

    @property
    def is_by_month(self) -> bool:
        return any(not column.exact for column in self.columns)


NOTHING = Figure(Value.empty())
Readings = Mapping[tuple[int, int], Sequence[Reading]]  # (indicator, reporter): oldest first


@dataclass
class Told:
    """Everything that was told of a dispositif, to be asked cell by cell."""

    readings: Readings
    indicators: dict[int, Indicator]
    presence: Mapping[int, Sequence[Participation]] = field(default_factory=dict)  # by reporter
    shown: Sequence[Organisation] = ()
    columns: Sequence[Column] = ()
    _lines: dict[int, "Cells"] = field(default_factory=dict)

    def cells(self, indicator: Indicator) -> "Cells":
        """One a column: a line is asked for itself and by its details."""
        if indicator.pk not in self._lines:
            parent = self.indicators.get(indicator.parent_id or 0)
            shared = parent and indicator.relation == Relation.AMONG and parent.unit == indicator.unit
            self._lines[indicator.pk] = Cells(
                self, indicator, self.cells(parent) if parent and shared else None
            )
        return self._lines[indicator.pk]

    def is_told(self, indicator: Indicator) -> bool:
        """Did one of those shown ever tell it, or something that it is computed from?"""
        kind = ValueType(indicator.value_type)
        if kind == ValueType.SUM:
            return any(self.is_told(part) for part in self.parts.get(indicator.pk, ()))
        if kind == ValueType.RATE:
            return self.is_told(self.indicators[indicator.numerator_id or 0]) and self.is_told(
                self.indicators[indicator.denominator_id or 0]
            )
        return any(self.readings.get((indicator.pk, each.pk)) for each in self.shown)

    @cached_property
    def by_column(self) -> dict[tuple[int, int], dict[Column, list[Reading]]]:
        """The readings of each indicator and reporter, column by column."""
        places = [column.first for column in self.columns]
        found: dict[tuple[int, int], dict[Column, list[Reading]]] = {}
        for key, told in self.readings.items():
            held: dict[Column, list[Reading]] = defaultdict(list)
            for reading in told:
                column = self.columns[bisect_right(places, reading.on) - 1] if places else None
                if column and column.holds(reading.on):
                    held[column].append(reading)
            found[key] = held
        return found

    @cached_property
    def parts(self) -> dict[int, list[Indicator]]:
        """The parts that make each computed sum whole."""
        found: dict[int, list[Indicator]] = defaultdict(list)
        for one in self.indicators.values():
            if one.parent_id and one.relation == Relation.PART:
                found[one.parent_id].append(one)
        return found

    def expects(self, reporter: int, indicator: Indicator, column: Column) -> bool:
        """Should this reporter have told of it then? Those who take part, for the blocks that they fill in."""
        return any(
            part.valid_on <= column.on
            and (part.ended_on is None or part.ended_on > column.first)
            and (not part.blocks or indicator.block in part.blocks)
            for part in self.presence.get(reporter, ())
        )

    def figure(self, indicator: Indicator, reporter: int, column: Column) -> Figure:
        kind = ValueType(indicator.value_type)
        if kind == ValueType.SUM:
            return self.sum_of(indicator, reporter, column)
        if kind == ValueType.RATE:
            top, bottom, partial = self.pair(indicator, reporter, column)
            return Figure(ratio(top, bottom), partial)
        here = self.by_column.get((indicator.pk, reporter), {}).get(column)
        if not here:
            return NOTHING
        if indicator.is_flow and not column.exact:
            counted = [reading for reading in here if reading.counts]
            if all(reading.value.number is not None for reading in counted):
                added = total(reading.value for reading in counted)
                return Figure(indicator.value(added.total), readings=tuple(here))
            known = [reading for reading in counted if reading.value.number is not None]
            if known:
                number = total(reading.value for reading in known).total
                return Figure(indicator.value(number), partial=True, readings=tuple(here))
        return Figure(here[-1].value, readings=(here[-1],))

    def sum_of(self, indicator: Indicator, reporter: int, column: Column) -> Figure:
        figures = [self.figure(part, reporter, column) for part in self.parts.get(indicator.pk, ())]
        added = total(figure.value for figure in figures)
        readings = tuple(reading for figure in figures for reading in figure.readings)
        if not added.is_known and not readings:
            return NOTHING
        if not added.is_known:
            return Figure(Value(added.emptiness) if added.emptiness else Value.empty(), readings=readings)
        partial = bool(added.missing) or any(figure.partial for figure in figures)
        return Figure(Value.of(added.total), partial, readings)

    def pair(self, indicator: Indicator, reporter: int, column: Column) -> tuple[Value, Value, bool]:
        """Numerator and denominator of a rate; partial when the numerator lacks something."""
        top = self.figure(self.indicators[indicator.numerator_id or 0], reporter, column)
        bottom = self.figure(self.indicators[indicator.denominator_id or 0], reporter, column)
        return top.value, bottom.value, top.partial

    def cell(self, indicator: Indicator, reporters: Sequence[Organisation], column: Column) -> Cell:
        """All the reporters together: added up with what is missing, pooled for a rate, side by side for words."""
        parts = [(each, self.figure(indicator, each.pk, column)) for each in reporters]
        parts = [
            (each, figure)
            for each, figure in parts
            if figure is not NOTHING or self.expects(each.pk, indicator, column)
        ]
        figures = [figure for _, figure in parts]
        return Cell(
            figure=self.together(indicator, parts, column),
            partial=any(figure.partial for figure in figures),
            readings=tuple(reading for figure in figures for reading in figure.readings),
            parts=tuple(parts),
        )

    def together(
        self, indicator: Indicator, parts: Sequence[tuple[Organisation, Figure]], column: Column
    ) -> Value | Sum | Ratio:
        values = [figure.value for _, figure in parts]
        if ValueType(indicator.value_type) == ValueType.RATE:
            pairs = (self.pair(indicator, each.pk, column)[:2] for each, _ in parts)
            return Ratio.pooled(pairs)
        if len(values) == 1:
            return values[0]
        if indicator.value_type == ValueType.SHARE:
            return Ratio.pooled(
                (value.numerator, value.denominator) if value.is_known else (value, value) for value in values
            )
        if indicator.across_places == AcrossPlaces.NONE:
            said = [f"{each}\u00a0: {figure.value}" for each, figure in parts if figure.value.is_known]
            return Value.text("\u00a0; ".join(said))
        return total(values)


class Cells(Sequence[Cell]):
    """The cells of a line, each made when it is asked for. `whole`: those of which they are a part."""

    def __init__(self, told: Told, indicator: Indicator, whole: "Cells | None") -> None:
        self.told, self.indicator, self.whole = told, indicator, whole
        self.made: dict[int, Cell] = {}

    def __len__(self) -> int:
        return len(self.told.columns)

    @overload
    def __getitem__(self, place: int) -> Cell: ...

    @overload
    def __getitem__(self, place: slice) -> list[Cell]: ...

    def __getitem__(self, place: int | slice) -> Cell | list[Cell]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        place = range(len(self))[place]
        if place not in self.made:
            cell = self.told.cell(self.indicator, self.told.shown, self.told.columns[place])
            self.made[place] = with_share(cell, self.whole[place]) if self.whole is not None else cell
        return self.made[place]


def follow_table(action: Action, at: AsOf = NOW, reporter: int | None = None) -> FollowTable:
    """What was told of a dispositif as of a date, added up over its reporters or for one of them (its key).

    Seven queries. Figures are those known at `at.known`, dates up to `at.day`.
    """
    series, readings = told_readings(action, at)
    asked = asked_indicators(action)
    indicators = with_told(asked, {indicator for indicator, _ in readings})
    follow_ups = list(
        FollowUp.objects.as_of(at)
        .filter(action=action)
        .select_related("reporter", "author", "organisation")
        .order_by("-valid_on", "reporter", "pk")
    )
    presence, reporters = reporting(action, at, follow_ups, series)
    shown = tuple(each for each in reporters if each.pk == reporter) or reporters
    days = {
        day for each in shown for (_, by), rows in readings.items() if by == each.pk for day in dates_of(rows)
    }
    days |= {one.valid_on for one in follow_ups if one.reporter in shown}
    columns = columns_of_days(days, by_month=len(shown) > 1)
    objectives = told_objectives(action, at)
    told = Told(readings, indicators, presence, shown, columns)
    blocks = tuple(
        BlockTable(
            block.block,
            tuple(line(one, told, objectives.get(one.pk, ())) for one in block.indicators),
            remarks(block.block, [one for one in follow_ups if one.reporter in shown]),
        )
        for block in in_blocks(indicators.values())
    )
    return FollowTable(action, at, columns, blocks, reporters, shown, tuple(follow_ups), readings)


def dates_of(rows: Sequence[Reading]) -> set[dt.date]:
    return {row.on for row in rows}


def line(indicator: Indicator, told: Told, objectives: Sequence[Objective]) -> Line:
    return Line(
        indicator,
        depth(indicator, told.indicators),
        told.cells(indicator),
        not told.is_told(indicator),
        tuple(objectives),
    )


def with_share(cell: Cell, whole: Cell) -> Cell:
    """A « dont » with its share of the whole, when both are told by the same reporters."""
    same = {each.pk for each, figure in cell.parts if figure.value.is_known} == {
        each.pk for each, figure in whole.parts if figure.value.is_known
    }
    # Of a nought that lacks a part, nothing is known: « 0 % » would say the contrary.
    unknown = cell.number is None or (not cell.number and cell.complete is None)
    if unknown or not whole.number or not same:
        return cell
    return Cell(cell.figure, cell.partial, ratio(cell.number, whole.number), cell.readings, cell.parts)


def columns_of_days(days: set[dt.date], *, by_month: bool) -> tuple[Column, ...]:
    if not by_month:
        return tuple(Column(day, day, exact=True) for day in sorted(days))
    months: dict[tuple[int, int], list[dt.date]] = defaultdict(list)
    for day in sorted(days):
        months[day.year, day.month].append(day)
    return tuple(Column(held[0].replace(day=1), held[-1], exact=False) for held in months.values())


def told_readings(action: Action, at: AsOf) -> tuple[dict[int, Any], dict[tuple[int, int], list[Reading]]]:
    """The reporters by key and every reading of theirs, oldest first. Two queries: rows are many, series few."""
    followed = {
        series.pk: series
        for series in Series.objects.filter(action=action, reporter__isnull=False).select_related(
            "indicator", "reporter"
        )
    }
    rows = Measurement.objects.told(at).filter(series__in=followed).order_by("valid_on", "measure", "pk")
    reporters: dict[int, Any] = {}
    readings: dict[tuple[int, int], list[Reading]] = defaultdict(list)
    for key, on, since, number, denominator, said, state, *more in rows.values_list(*COLUMNS):
        series: Any = followed[key]
        reporters[series.reporter_id] = series.reporter
        value = series.indicator.value(number, denominator=denominator, words=said, state=state)
        unchanged, reason, note, counts = more
        reading = Reading(on, value, since, unchanged, bool(reason), note, counts or since is None)
        told = readings[series.indicator_id, series.reporter_id]
        if told and told[-1].on == reading.on:
            told[-1] = reading  # what was counted takes the place of the estimate of the same day
        else:
            told.append(reading)
    if at.is_past:
        for key, told in readings.items():
            readings[key] = choose_again(told)
    return reporters, readings


COLUMNS = (
    "series_id",
    "valid_on",
    "since",
    "number",
    "denominator",
    "words",
    "state",
    "unchanged",
    "reason",
    "note",
    "counts",
)


def choose_again(readings: Sequence[Reading]) -> list[Reading]:
    """Which flows count among those known then: the stored choice knows of later ones."""
    flows = [reading for reading in readings if reading.since is not None]
    periods = [Period(flow.since or flow.on, flow.on, flow.value.number is not None) for flow in flows]
    counted = {id(flows[index]) for index in without_overlap(periods)}
    return [
        Reading(
            one.on,
            one.value,
            one.since,
            one.unchanged,
            one.corrected,
            one.note,
            one.since is None or id(one) in counted,
        )
        for one in readings
    ]


def with_told(asked: Sequence[AskedBlock], told: set[int]) -> dict[int, Indicator]:
    """The indicators asked now, and those told before (an older revision, a theme left): one query if any."""
    found = {one.pk: one for block in asked for one in block.indicators}
    if missing := told - found.keys():
        found |= {one.pk: one for one in Indicator.objects.filter(pk__in=missing)}
    linked = {
        pk
        for one in found.values()
        for pk in (one.parent_id, one.numerator_id, one.denominator_id)
        if pk and pk not in found
    }
    return found | {one.pk: one for one in Indicator.objects.filter(pk__in=linked)} if linked else found


def told_objectives(action: Action, at: AsOf) -> dict[int, list[Objective]]:
    """What the dispositif aims at, by indicator, nearest first; those to come are told too. One query."""
    found: dict[int, list[Objective]] = defaultdict(list)
    rows = Measurement.objects.known(at).filter(series__action=action, measure=Measure.OBJECTIVE)
    for fact in rows.select_related("series__indicator").order_by("valid_on", "pk"):
        value = fact.series.indicator.value(
            fact.number, denominator=fact.denominator, words=fact.words, state=fact.state
        )
        found[fact.series.indicator_id].append(Objective(fact.valid_on, value, fact.note))
    return found


def reporting(
    action: Action, at: AsOf, follow_ups: Sequence[FollowUp], told: Mapping[int, Organisation]
) -> tuple[dict[int, list[Participation]], tuple[Organisation, ...]]:
    """Who should have told and when, and everybody who did or should: operators first, the main one before."""
    parts = list(
        Participation.objects.as_of(at)
        .filter(action=action, role__in=[ParticipationRole.OPERATOR, ParticipationRole.PILOT])
        .select_related("participant")
        .order_by("-is_main", "valid_on", "pk")
    )
    operators = [part for part in parts if part.role == ParticipationRole.OPERATOR]
    presence: dict[int, list[Participation]] = defaultdict(list)
    for part in operators or parts:
        presence[part.participant_id].append(part)
    everybody = {part.participant_id: part.participant for part in operators or parts}
    everybody |= {one.reporter_id: one.reporter for one in follow_ups if one.reporter_id not in everybody}
    everybody |= {pk: one for pk, one in told.items() if pk not in everybody}
    return presence, tuple(everybody.values())


def remarks(block: Block, follow_ups: Sequence[FollowUp]) -> tuple[Remark, ...]:
    """Comments of a block, and the difficulties told with schooling, newest first."""
    found = []
    for one in follow_ups:
        difficulties = difficulty_words(one) if block == Block.SCHOOL else ()
        text = one.comments.get(block.value, "")
        if text or difficulties:
            found.append(Remark(one.valid_on, one.reporter, text, difficulties))
    return tuple(found)


def difficulty_words(follow_up: FollowUp) -> tuple[str, ...]:
    labels: list[str] = [
        str(Difficulty(code).label) for code in follow_up.difficulties if code != Difficulty.OTHER
    ]
    if Difficulty.OTHER in follow_up.difficulties or follow_up.difficulty_note:
        labels.append(follow_up.difficulty_note or str(Difficulty.OTHER.label))
    return tuple(labels)
