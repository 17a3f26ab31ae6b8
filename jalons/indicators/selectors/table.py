"""The follow-up of one dispositif as a table: one column a date, one line an indicator, every operator's part.

With one reporter a column is the date of a follow-up. With several, who never report on the same day, a column
is a month: of each reporter the last stock of the month and the sum of its flows, added up with what is missing.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from jalons.accounts.models import Organisation
from jalons.actions.enums import Block, Difficulty
from jalons.actions.models import Action, FollowUp
from jalons.history.querysets import NOW, AsOf
from jalons.indicators.models import Indicator
from jalons.indicators.selectors.asked import asked_indicators, depth, in_blocks
from jalons.indicators.selectors.cell import Column, Reading, Readings
from jalons.indicators.selectors.table_figures import Cells, Told
from jalons.indicators.selectors.table_rows import (
    Objective,
    reporting,
    told_objectives,
    told_readings,
    with_told,
)


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
    """`reporters`: everybody who told something or should; `selected`: those that the cells add up."""

    action: Action
    at: AsOf
    columns: tuple[Column, ...]
    blocks: tuple[BlockTable, ...]
    reporters: tuple[Organisation, ...]
    selected: tuple[Organisation, ...]
    follow_ups: tuple[FollowUp, ...]  # newest first
    readings: "Readings"

    @property
    def is_empty(self) -> bool:
        return not self.columns

    @property
    def is_by_month(self) -> bool:
        return any(not column.exact for column in self.columns)


def follow_table(action: Action, at: AsOf = NOW, reporter: int | None = None) -> FollowTable:
    """What was told of a dispositif as of a date, added up over its reporters or for one of them (its key).

    Seven queries. Figures are those known at `at.known`, dates up to `at.day`.
    """
    series, readings = told_readings(action, at)
    asked_blocks = asked_indicators(action)
    indicators = with_told(asked_blocks, {indicator for indicator, _ in readings})
    follow_ups = list(
        FollowUp.objects.as_of(at)
        .filter(action=action)
        .select_related("reporter", "author", "organisation")
        .order_by("-valid_on", "reporter", "pk")
    )
    presence, reporters = reporting(action, at, follow_ups, series)
    visible = tuple(organisation for organisation in reporters if organisation.pk == reporter) or reporters
    days = {
        day
        for organisation in visible
        for (_, by), rows in readings.items()
        if by == organisation.pk
        for day in dates_of(rows)
    }
    days |= {follow_up.valid_on for follow_up in follow_ups if follow_up.reporter in visible}
    columns = columns_of_days(days, by_month=len(visible) > 1)
    objectives = told_objectives(action, at)
    figures = Told(readings, indicators, presence, visible, columns)
    blocks = tuple(
        BlockTable(
            block.block,
            tuple(
                line(indicator, figures, objectives.get(indicator.pk, ())) for indicator in block.indicators
            ),
            remarks(block.block, [follow_up for follow_up in follow_ups if follow_up.reporter in visible]),
        )
        for block in in_blocks(indicators.values())
    )
    return FollowTable(action, at, columns, blocks, reporters, visible, tuple(follow_ups), readings)


def dates_of(rows: Sequence[Reading]) -> set[dt.date]:
    return {row.on for row in rows}


def line(indicator: Indicator, figures: Told, objectives: Sequence[Objective]) -> Line:
    return Line(
        indicator,
        depth(indicator, figures.indicators),
        figures.cells(indicator),
        not figures.is_told(indicator),
        tuple(objectives),
    )


def columns_of_days(days: set[dt.date], *, by_month: bool) -> tuple[Column, ...]:
    if not by_month:
        return tuple(Column(day, day, exact=True) for day in sorted(days))
    months: dict[tuple[int, int], list[dt.date]] = defaultdict(list)
    for day in sorted(days):
        months[day.year, day.month].append(day)
    return tuple(Column(held[0].replace(day=1), held[-1], exact=False) for held in months.values())


def remarks(block: Block, follow_ups: Sequence[FollowUp]) -> tuple[Remark, ...]:
    """Comments of a block, and the difficulties met, newest first."""
    lines = []
    for follow_up in follow_ups:
        difficulties = difficulty_words(follow_up) if block.asks_difficulties else ()
        text = follow_up.comments.get(block.value, "")
        if text or difficulties:
            lines.append(Remark(follow_up.valid_on, follow_up.reporter, text, difficulties))
    return tuple(lines)


def difficulty_words(follow_up: FollowUp) -> tuple[str, ...]:
    labels: list[str] = [
        str(Difficulty(code).label) for code in follow_up.difficulties if code != Difficulty.OTHER
    ]
    if Difficulty.OTHER in follow_up.difficulties or follow_up.difficulty_note:
        labels.append(follow_up.difficulty_note or str(Difficulty.OTHER.label))
    return tuple(labels)
