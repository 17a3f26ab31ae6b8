"""What some dispositifs achieved over a year, indicator by indicator, with what is missing.

A stock is the last value that stands at the end of the year, of those who take part then. A flow is the sum of
the periods that end in the year and do not overlap, of those who told them. A sum and a rate are computed from
their parts, operator by operator. Aggregated by the base: one row a series, never one a measurement.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.db.models import Exists, OuterRef, Q

from jalons.accounts.models import Organisation
from jalons.actions.enums import ParticipationRole
from jalons.actions.models import Action, Intervention, Participation
from jalons.core.values import Number, Ratio, Sum, Value, total
from jalons.history.querysets import NOW, AsOf
from jalons.indicators.enums import AcrossPlaces, AcrossTime, Relation, ValueType
from jalons.indicators.models import Indicator, Measurement
from jalons.indicators.selectors.readings import (
    Key,
    Reading,
    flow_readings,
    followed_series,
    former,
    stock_readings,
)

UNASKED = Sum(na=1)
UNTOLD = Sum(empty=1)
UNREAD = Sum(unread=1)
DAY = dt.timedelta(days=1)
FILLERS = (ParticipationRole.OPERATOR, ParticipationRole.PILOT)


@dataclass(frozen=True, slots=True)
class YearFigure:
    """What one dispositif has for one indicator: a `Sum` over its operators, a `Ratio` for a rate or a share, a
    `Value` for words. `partial`: the numerator of a rate lacks something (a `Sum` says by itself what it lacks).
    """

    figure: Sum | Ratio | Value
    partial: bool = False

    @property
    def is_complete(self) -> bool:
        if isinstance(self.figure, Ratio):
            return not self.partial and 0 < self.figure.known == self.figure.expected
        if isinstance(self.figure, Sum):
            return self.figure.is_complete
        return self.figure.is_known


@dataclass(frozen=True, slots=True)
class YearFigures:
    """The figures of `year` for some dispositifs, as they stand at `at` (its last day, or the day looked at).

    A figure that was not asked of a dispositif that year is « sans objet »; one that was and is not told is empty.
    """

    year: int
    at: AsOf
    indicators: tuple[Indicator, ...]
    cells: Mapping[tuple[int, int], YearFigure]

    def of(self, action: int, indicator: Indicator) -> YearFigure:
        """By primary key of the dispositif."""
        return self.cells.get((action, indicator.pk), NOT_ASKED)


NOT_ASKED = YearFigure(UNASKED)


def year_figures(
    actions: Iterable[int], year: int, at: AsOf = NOW, *, indicators: Sequence[Indicator] | None = None
) -> YearFigures:
    """The figures of a calendar year of dispositifs given by primary key. A dozen queries, whatever their number.

    `at`: what was known then, and the day after which nothing is looked at. `indicators`: those wanted, the
    socle of that year otherwise; what a sum or a rate is made of is read by itself. Give some hundreds of
    dispositifs at a time: the figures stay in memory, one an operator and indicator.
    """
    pks = sorted(set(actions))
    wanted = tuple(indicators if indicators is not None else socle_of_years(year, year))
    desk = year_desk(pks, with_parts(wanted), year, at)
    cells = {
        (pk, indicator.pk): figure
        for pk, presence in desk.present.items()
        for indicator in wanted
        if (figure := desk.cell(pk, presence, indicator)) is not None
    }
    return YearFigures(year, year_end(year, at), wanted, cells)


def year_desk(pks: Sequence[int], read: Mapping[int, Indicator], year: int, at: AsOf) -> "Desk":
    """Everything told of dispositifs over a year of the indicators to read, by primary key."""
    first, end = dt.date(year, 1, 1), year_end(year, at)
    series = followed_series(pks, read)
    readings = flow_readings(series, read, first, end, at) | stock_readings(series, read, first, end)
    return Desk(read, readings, presences(pks, first, end))


def year_end(year: int, at: AsOf = NOW) -> AsOf:
    """The point of time at which a year is looked at: its last day, or the day of `at` when it is before."""
    return replace(at, valid=min(dt.date(year, 12, 31), at.day))


def socle_of_years(first: int, last: int) -> list[Indicator]:
    """The national indicators, with the former revisions under which something was told in these years."""
    reported = Measurement.objects.known().filter(
        series__indicator=OuterRef("pk"),
        valid_on__range=(dt.date(first, 1, 1), dt.date(last, 12, 31)),
    )
    present = Indicator.objects.national().values("pk")
    return list(
        Indicator.objects.exclude(code="")
        .filter(Q(pk__in=present) | Q(Exists(reported)))
        .select_related("parent__parent", "numerator", "denominator")
        .order_by("position", "revision", "pk")
    )


def with_parts(wanted: Sequence[Indicator]) -> dict[int, Indicator]:
    """With what their sums and rates are made of, and the other revisions of the same codes."""
    by_pk = {indicator.pk: indicator for indicator in wanted}
    rates = {
        pk
        for indicator in wanted
        if indicator.value_type == ValueType.RATE
        for pk in (indicator.numerator_id, indicator.denominator_id)
    }
    sums = {indicator.pk for indicator in wanted if indicator.value_type == ValueType.SUM} | rates
    codes = {indicator.code for indicator in wanted if indicator.code}
    # Without saying that there is a code, its index, which is partial, would not serve.
    linked = Q(pk__in=rates - {None}) | (~Q(code="") & Q(code__in=codes))
    linked |= Q(parent__in=sums - {None}, relation=Relation.PART)
    by_pk |= {
        indicator.pk: indicator for indicator in Indicator.objects.filter(linked) if indicator.pk not in by_pk
    }
    return by_pk


# --- who should have told --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Presence:
    """A dispositif in a year: what it is asked, and who takes part. Blocks by reporter; none means all of them.

    `last`: those who fill in on its last day of the year; `ever`: during the year; `around`: everybody who could
    tell on the last day, operator or pilot.
    """

    blocks: frozenset[str]
    last: Mapping[int, frozenset[str]]
    ever: Mapping[int, frozenset[str]]
    around: frozenset[int]


def presences(pks: Sequence[int], first: dt.date, end: AsOf) -> dict[int, Presence]:
    """Those that ran in the year, by dispositif. Three queries."""
    runs = {run.action_id: run for run in Intervention.objects.as_of(end).filter(action__in=pks)}
    parts: dict[int, list[Participation]] = defaultdict(list)
    known = Participation.objects.as_of(end).filter(action__in=list(runs), role__in=FILLERS)
    for part in known.order_by("pk"):
        parts[part.action_id].append(part)
    by_action = {}
    for action in Action.objects.filter(pk__in=list(runs)).only("themes"):
        run = runs[action.pk]
        last = end.day if run.ended_on is None else min(end.day, max(run.ended_on - DAY, run.valid_on))
        if last >= first:
            by_action[action.pk] = presence(action, parts[action.pk], first, last)
    return by_action


def presence(action: Action, parts: Sequence[Participation], first: dt.date, last: dt.date) -> Presence:
    during = [
        part for part in parts if part.valid_on <= last and (not part.ended_on or part.ended_on > first)
    ]
    then = [part for part in during if not part.ended_on or part.ended_on > last]
    return Presence(
        blocks=frozenset(action.theme_blocks),
        last=fillers(then),
        ever=fillers(during),
        around=frozenset(part.participant_id for part in then),
    )


def fillers(parts: Sequence[Participation]) -> dict[int, frozenset[str]]:
    """The operators and what they fill in; the pilots when there is none."""
    operators = [part for part in parts if part.role == ParticipationRole.OPERATOR]
    return {part.participant_id: frozenset(part.blocks) for part in operators or parts}


# --- adding up -------------------------------------------------------------------------------------------------


@dataclass
class Desk:
    """Everything told of some dispositifs over a year, to be asked figure by figure."""

    indicators: Mapping[int, Indicator]
    readings: Mapping[Key, Reading]
    present: Mapping[int, Presence]
    made: dict[tuple[int, int], dict[int, Reading]] = field(default_factory=dict)

    @cached_property
    def reported(self) -> dict[tuple[int, int], dict[int, Reading]]:
        """By dispositif and indicator: what each reporter told."""
        by_indicator: dict[tuple[int, int], dict[int, Reading]] = defaultdict(dict)
        for (action, indicator, reporter), reading in self.readings.items():
            by_indicator[action, indicator][reporter] = reading
        return by_indicator

    @cached_property
    def former(self) -> set[int]:
        return former(self.indicators)

    @cached_property
    def revisions(self) -> dict[int, tuple[int, ...]]:
        """The other revisions of each indicator."""
        by_code: dict[str, list[int]] = defaultdict(list)
        for pk, indicator in self.indicators.items():
            by_code[indicator.code or f"#{pk}"].append(pk)
        return {pk: tuple(other for other in pks if other != pk) for pks in by_code.values() for pk in pks}

    @cached_property
    def parts(self) -> dict[int, list[tuple[int, ...]]]:
        """What makes each sum whole: for every part, its revisions."""
        parts: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for pk, indicator in self.indicators.items():
            if indicator.parent_id and indicator.relation == Relation.PART:
                parts[indicator.parent_id][indicator.code or f"#{pk}"].append(pk)
        return {pk: [tuple(pks) for pks in by_code.values()] for pk, by_code in parts.items()}

    @cached_property
    def names(self) -> dict[int, Organisation]:
        """Those who told words, which are shown side by side."""
        words = {by for (_, _, by), reading in self.readings.items() if isinstance(reading, Value)}
        return Organisation.objects.in_bulk(words)

    def cell(self, action: int, presence: Presence, indicator: Indicator) -> YearFigure | None:
        """None when it was neither asked nor told."""
        asked = indicator.block in presence.blocks and indicator.pk not in self.former
        if not asked and (action, indicator.pk) not in self.reported and not indicator.is_computed:
            return None
        if indicator.value_type == ValueType.RATE:
            return self.rate(action, presence, indicator, asked=asked)
        counted = self.counted(action, presence, indicator)
        elsewhere = self.told_otherwise(action, indicator) if asked else set()
        untold = self.expected(presence, indicator) - counted.keys() - elsewhere if asked else ()
        if not counted and not untold:
            return YearFigure(Sum()) if asked and not elsewhere else None
        if indicator.across_places == AcrossPlaces.NONE:
            return YearFigure(self.side_by_side(counted))
        if indicator.value_type == ValueType.SHARE:
            return YearFigure(pooled([*counted.values(), *(UNTOLD for _ in untold)]))
        readings = [reading if isinstance(reading, Sum) else UNREAD for reading in counted.values()]
        whole = readings[0] if len(readings) == 1 else sum(readings, Sum())
        return YearFigure(whole + Sum(empty=len(untold)) if untold else whole)

    def counted(self, action: int, presence: Presence, indicator: Indicator) -> Mapping[int, Reading]:
        """What each reporter told; of a stock, those who are still there."""
        readings = self.by_reporter(action, indicator)
        if readings and indicator.across_time == AcrossTime.LAST and not readings.keys() <= presence.around:
            return {by: reading for by, reading in readings.items() if by in presence.around}
        return readings

    def told_otherwise(self, action: int, indicator: Indicator) -> set[int]:
        """Those who told it under another revision."""
        others = self.revisions[indicator.pk]
        return {by for pk in others for by in self.reported.get((action, pk), ())} if others else set()

    def expected(self, presence: Presence, indicator: Indicator) -> set[int]:
        """Who should tell: those who take part, for the blocks that they fill in."""
        there = presence.last if indicator.across_time == AcrossTime.LAST else presence.ever
        return {by for by, blocks in there.items() if not blocks or indicator.block in blocks}

    def by_reporter(self, action: int, indicator: Indicator) -> Mapping[int, Reading]:
        """What each reporter told; a sum is made of its parts."""
        if indicator.value_type != ValueType.SUM:
            return self.reported.get((action, indicator.pk), {})
        key = (action, indicator.pk)
        if key not in self.made:
            parts = self.parts.get(indicator.pk, ())
            readings = [
                merged([self.reported.get((action, pk), {}) for pk in revisions]) for revisions in parts
            ]
            reporters = {by for by_reporter in readings for by in by_reporter}
            self.made[key] = {
                by: added([by_reporter.get(by, UNTOLD) for by_reporter in readings]) for by in reporters
            }
        return self.made[key]

    def rate(
        self, action: int, presence: Presence, indicator: Indicator, *, asked: bool
    ) -> YearFigure | None:
        """Pooled over the reporters who told both parts. One who lacks some of the denominator told no rate."""
        top = self.by_reporter(action, self.indicators[indicator.numerator_id or 0])
        bottom = self.by_reporter(action, self.indicators[indicator.denominator_id or 0])
        tellers = {*top, *bottom}
        if indicator.across_time == AcrossTime.LAST:
            tellers &= presence.around
        if asked:
            tellers |= self.expected(presence, indicator)
        if not (tellers or asked):
            return None
        whole, partial = Ratio(), False
        for by in tellers:
            over, under = top.get(by, UNTOLD), bottom.get(by, UNTOLD)
            lacks = isinstance(under, Sum) and under.is_known and under.missing
            whole += Ratio.pooled([(value_of(over), Value.nd() if lacks else value_of(under))])
            partial |= isinstance(over, Sum) and over.is_known and bool(over.missing)
        return YearFigure(whole, partial)

    def side_by_side(self, readings: Mapping[int, Reading]) -> Value:
        """« Les amis : Oui ; Solidarité : En partie »; alone, what was answered."""
        values = {by: reading for by, reading in readings.items() if isinstance(reading, Value)}
        known = {by: value for by, value in values.items() if value.is_known}
        if len(known) < 2:
            return next(iter(known.values() or values.values()), Value.empty())
        return Value.text(
            "\u00a0; ".join(f"{self.names[by]}\u00a0: {value}" for by, value in sorted(known.items()))
        )


def merged(readings: Sequence[Mapping[int, Reading]]) -> Mapping[int, Reading]:
    """What was told under several revisions of one indicator, as one."""
    if len(readings) == 1:
        return readings[0]
    sums: dict[int, Reading] = {}
    for revision in readings:
        for by, reading in revision.items():
            sums[by] = added([sums[by], reading]) if by in sums else reading
    return sums


def added(readings: Sequence[Reading]) -> Sum:
    """The parts of one reporter, that count as one figure: what it lacks are the parts not told."""
    whole = sum((reading for reading in readings if isinstance(reading, Sum)), Sum())
    if whole.is_known:
        return Sum(whole.total, known=1, nd=whole.nd, empty=whole.empty, few=whole.few)
    if whole.few:
        return whole
    return total([Value(whole.emptiness)]) if whole.emptiness else UNTOLD


def value_of(reading: Reading) -> Value:
    if not isinstance(reading, Sum):
        return Value.nd()
    if reading.few:  # of what is withheld, no rate
        return Value.nd()
    number: Number = reading.total
    return Value(reading.emptiness) if reading.emptiness else Value.of(number)


def pooled(readings: Iterable[Reading]) -> Ratio:
    whole = Ratio()
    for reading in readings:
        if isinstance(reading, Ratio):
            whole += reading
        elif isinstance(reading, Sum) and reading.missing:
            whole += Ratio(expected=1)
    return whole
