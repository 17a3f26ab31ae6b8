"""A year of dispositifs, one line an operator: its own figures, and once what only the whole dispositif has.

The figures are those of the year (see `year`), before operators are added up: the sum of the lines of a dispositif is
its figure. Read by batches, in a number of queries that does not depend on the rows.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from jalons.accounts.models import Organisation
from jalons.actions.enums import ParticipationRole
from jalons.actions.models import Action, FollowUp
from jalons.core.values import Sum
from jalons.core.values.dates import local_day
from jalons.discussions.models import Comment
from jalons.history.querysets import AsOf
from jalons.indicators.models import Indicator
from jalons.indicators.selectors.year import Desk, merged, with_parts, year_desk, year_end
from jalons.indicators.selectors.year_rows import BATCH, Wanted, YearRow, read_batch

Figures = Mapping[str, Sum]  # by code of the socle


@dataclass(frozen=True, slots=True)
class OperatorPart:
    """What one operator did in a dispositif over a year. `operator` is None when there is none.

    `bears_whole`: the line of the main operator, where money and comments stand.
    """

    row: YearRow
    operator: Organisation | None
    main: Organisation | None
    bears_whole: bool
    figures: Figures
    comments: Sequence[Comment]
    changed_on: dt.date | None  # what describes the dispositif
    reported_on: dt.date | None  # the figures of this operator

    @property
    def action(self) -> Action:
        return self.row.action


@dataclass(frozen=True, slots=True)
class YearQuestion:
    """A year of the indicators to read: for each code, its revisions."""

    year: int
    indicators: Mapping[str, Sequence[Indicator]]
    at: AsOf
    money: bool


def operator_parts(user: Any, keys: Sequence[tuple[int, int]], asked: YearQuestion) -> Iterator[OperatorPart]:
    """Those of the dispositifs that ran in the year, in the order of `keys` (its primary key, that of its dates)."""
    for start in range(0, len(keys), BATCH):
        yield from parts_of_batch(user, keys[start : start + BATCH], asked)


def parts_of_batch(user: Any, keys: Sequence[tuple[int, int]], asked: YearQuestion) -> Iterator[OperatorPart]:
    wanted = Wanted(frozenset({asked.year}), money=asked.money)
    rows = [row for row in read_batch(user, keys, wanted, asked.at) if row.run.valid_on <= row.day]
    tellings = told_in([row.action for row in rows], asked)
    for row in rows:
        yield from lines_of(row, tellings, asked.at)


@dataclass(frozen=True, slots=True)
class YearTellings:
    """What was told of some dispositifs over a year. `fillers`: those who told a figure, by primary key."""

    figures: Mapping[int, Mapping[int, Figures]]  # by dispositif, then by reporter
    fillers: Mapping[int, Organisation]
    reports: Mapping[tuple[int, int], dt.datetime]  # by dispositif and reporter
    comments: Mapping[int, Sequence[Comment]]


def told_in(actions: Sequence[Action], asked: YearQuestion) -> YearTellings:
    pks = [action.pk for action in actions]
    figures = told_figures(pks, asked)
    fillers = {by for by_reporter in figures.values() for by in by_reporter}
    return YearTellings(
        figures=figures,
        fillers=Organisation.objects.in_bulk(fillers),
        reports=reports_of(pks, asked),
        comments=comments_of(actions, asked),
    )


def lines_of(row: YearRow, tellings: YearTellings, at: AsOf) -> Iterator[OperatorPart]:
    """The operators, the main one first, then whoever else told a figure (a pilot, one that left)."""
    pk, changed_at = row.action.pk, row.action.changed_at
    parts = [part for part in row.parts if part.role == ParticipationRole.OPERATOR]
    operators = {part.participant_id: part.participant for part in parts}
    figures = tellings.figures.get(pk, {})
    others = [tellings.fillers[by] for by in sorted(figures) if by not in operators]
    lines: list[Organisation | None] = [*operators.values(), *others]
    for place, operator in enumerate(lines or [None]):
        by = operator.pk if operator else 0
        reported_at = tellings.reports.get((pk, by))
        yield OperatorPart(
            row=row,
            operator=operator,
            main=next(iter(operators.values()), None),
            bears_whole=not place,
            figures=figures.get(by, {}),
            comments=tellings.comments.get(pk, ()),
            changed_on=local_day(changed_at) if at.had_seen(changed_at) else None,
            reported_on=local_day(reported_at) if reported_at else None,
        )


def told_figures(pks: Sequence[int], asked: YearQuestion) -> dict[int, dict[int, dict[str, Sum]]]:
    """By dispositif and reporter, what each told that is known, by code."""
    read = with_parts([revision for revisions in asked.indicators.values() for revision in revisions])
    desk = year_desk(pks, read, asked.year, asked.at)
    figures: dict[int, dict[int, dict[str, Sum]]] = defaultdict(lambda: defaultdict(dict))
    for pk in desk.present:
        for code, revisions in asked.indicators.items():
            for by, figure in figures_of(desk, pk, revisions).items():
                figures[pk][by][code] = figure
    return figures


def figures_of(desk: Desk, pk: int, revisions: Sequence[Indicator]) -> dict[int, Sum]:
    readings = merged([desk.counted(pk, desk.present[pk], revision) for revision in revisions])
    return {
        by: reading
        for by, reading in readings.items()
        if isinstance(reading, Sum) and (reading.is_known or reading.few)
    }


def reports_of(pks: Sequence[int], asked: YearQuestion) -> dict[tuple[int, int], dt.datetime]:
    """When each reporter last wrote a follow-up of the year, by dispositif and reporter."""
    follow_ups = FollowUp.objects.as_of(year_end(asked.year, asked.at)).filter(
        action__in=pks, valid_on__gte=dt.date(asked.year, 1, 1)
    )
    rows = follow_ups.order_by().values_list("action_id", "reporter_id").annotate(Max("recorded_at"))
    return {(pk, by): at for pk, by, at in rows}


def comments_of(actions: Sequence[Action], asked: YearQuestion) -> dict[int, list[Comment]]:
    """Those of the year, oldest first. A file has no comment kept for some: nobody knows who will read it."""
    by_action: dict[int, list[Comment]] = defaultdict(list)
    written = Comment.objects.for_everyone().about(*actions).standing().with_people()
    for comment in written.order_by("created_at", "pk"):
        if local_day(comment.created_at).year == asked.year and asked.at.had_seen(comment.created_at):
            by_action[comment.object_id].append(comment)
    return by_action
