"""Everything that was told of a dispositif, added up cell by cell."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import overload

from jalons.accounts.models import Organisation
from jalons.actions.models import Participation
from jalons.core.values import Ratio, Sum, Value, ratio, total
from jalons.indicators.enums import AcrossPlaces, Relation, ValueType
from jalons.indicators.models import Indicator
from jalons.indicators.selectors.cell import NOTHING, Cell, Column, Figure, Reading, Readings, with_share


@dataclass
class Told:
    """Everything that was told of a dispositif, to be asked cell by cell."""

    readings: Readings
    indicators: dict[int, Indicator]
    presence: Mapping[int, Sequence[Participation]] = field(default_factory=dict)  # by reporter
    selected: Sequence[Organisation] = ()
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
        return any(self.readings.get((indicator.pk, organisation.pk)) for organisation in self.selected)

    @cached_property
    def by_column(self) -> dict[tuple[int, int], dict[Column, list[Reading]]]:
        """The readings of each indicator and reporter, column by column."""
        places = [column.first for column in self.columns]
        by_key: dict[tuple[int, int], dict[Column, list[Reading]]] = {}
        for key, readings in self.readings.items():
            held: dict[Column, list[Reading]] = defaultdict(list)
            for reading in readings:
                column = self.columns[bisect_right(places, reading.on) - 1] if places else None
                if column and column.holds(reading.on):
                    held[column].append(reading)
            by_key[key] = held
        return by_key

    @cached_property
    def parts(self) -> dict[int, list[Indicator]]:
        """The parts that make each computed sum whole."""
        parts: dict[int, list[Indicator]] = defaultdict(list)
        for indicator in self.indicators.values():
            if indicator.parent_id and indicator.relation == Relation.PART:
                parts[indicator.parent_id].append(indicator)
        return parts

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
            if (added := total(reading.value for reading in counted)).few > 1:
                return Figure(Value.text(str(added)), readings=tuple(here))
        return Figure(here[-1].value, readings=(here[-1],))

    def sum_of(self, indicator: Indicator, reporter: int, column: Column) -> Figure:
        figures = [self.figure(part, reporter, column) for part in self.parts.get(indicator.pk, ())]
        added = total(figure.value for figure in figures)
        readings = tuple(reading for figure in figures for reading in figure.readings)
        if not added.is_known and not readings:
            return NOTHING
        if added.few > 1 and added.few == added.missing:
            return Figure(Value.text(added.between()), readings=readings)
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
        parts = [(reporter, self.figure(indicator, reporter.pk, column)) for reporter in reporters]
        parts = [
            (reporter, figure)
            for reporter, figure in parts
            if figure is not NOTHING or self.expects(reporter.pk, indicator, column)
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
            pairs = (self.pair(indicator, reporter.pk, column)[:2] for reporter, _ in parts)
            return Ratio.pooled(pairs)
        if len(values) == 1:
            return values[0]
        if indicator.value_type == ValueType.SHARE:
            return Ratio.pooled(
                (value.numerator, value.denominator) if value.is_known else (value, value) for value in values
            )
        if indicator.across_places == AcrossPlaces.NONE:
            texts = [
                f"{reporter}\u00a0: {figure.value}" for reporter, figure in parts if figure.value.is_known
            ]
            return Value.text("\u00a0; ".join(texts))
        return total(values)


class Cells(Sequence[Cell]):
    """The cells of a line, each made when it is asked for. `whole`: those of which they are a part."""

    def __init__(self, figures: Told, indicator: Indicator, whole: "Cells | None") -> None:
        self.told, self.indicator, self.whole = figures, indicator, whole
        self.made: dict[int, Cell] = {}

    def __len__(self) -> int:
        return len(self.told.columns)

    @overload
    def __getitem__(self, place: int) -> Cell: ...

    @overload
    def __getitem__(self, place: slice) -> list[Cell]: ...

    def __getitem__(self, place: int | slice) -> Cell | list[Cell]:
        if isinstance(place, slice):
            return [self[index] for index in range(*place.indices(len(self)))]
        place = range(len(self))[place]
        if place not in self.made:
            cell = self.told.cell(self.indicator, self.told.selected, self.told.columns[place])
            self.made[place] = with_share(cell, self.whole[place]) if self.whole is not None else cell
        return self.made[place]
