"""The figures that follow-ups tell, added up over dispositifs and over a period."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.db.models import Sum as SqlSum

from jalons.accounts.enums import Right
from jalons.actions.enums import ActionTheme
from jalons.actions.figures import actions_of
from jalons.actions.models import Intervention
from jalons.actions.querysets import ActionQuerySet
from jalons.core.values import Emptiness, Sum
from jalons.core.values.numbers import Number, add, exact
from jalons.figures.enums import FigureKind
from jalons.figures.readings import FigureReading
from jalons.figures.registry import ONE_ACTION, Family, Figure, FigureQuestion
from jalons.history.querysets import AsOf
from jalons.indicators.aggregation import Period, without_overlap
from jalons.indicators.models import Indicator, Measurement

HOUSED, HIRED = "logement-personnes", "contrats"
# Which dispositifs are asked for a flow of the socle: those of its theme.
ASKED_BY = {HOUSED: ActionTheme.HOUSING, HIRED: ActionTheme.WORK}


@dataclass(slots=True)
class FlowTotal:
    """What was told of one flow. `known`: the dispositifs that gave a figure; `tellers`: with those of « 1 à 4 »;
    `unasked`: of them, those not asked for it. `few`: how many times « 1 à 4 » was said.
    """

    total: Number | None = None
    known: int = 0
    tellers: int = 0
    unasked: int = 0
    few: int = 0
    latest: dt.date | None = None
    earliest: dt.date | None = None


def read_flows(asked: FigureQuestion) -> Mapping[str, FigureReading]:
    """Two queries, one more in the past. A period counts whole on its last day."""
    actions, since = actions_of(asked, ever=True), asked.days[0]
    counts = counts_of(actions, since, asked.at)
    totals = (
        flows_then(actions, since, asked.at) if asked.at.is_past else flows_now(actions, since, asked.at.day)
    )
    return {code: reading_of(totals[code], counts[code]) for code in ASKED_BY}


def reading_of(flow: FlowTotal, asked: int) -> FigureReading:
    # One that told without being asked, or after its end, is expected too: nothing is known of nothing.
    missing = asked + flow.unasked - flow.tellers
    total = Sum(flow.total or 0, known=flow.known, empty=missing, few=flow.few)
    return FigureReading(total, flow.latest, flow.earliest)


def rows_of_flow(code: str) -> Callable[[FigureQuestion], ActionQuerySet]:
    """The dispositifs asked for a flow, and those that told it without being asked."""

    def rows(asked: FigureQuestion) -> ActionQuerySet:
        actions, since = actions_of(asked, ever=True), asked.days[0]
        if asked.at.is_past:
            tellers: Any = {
                action
                for flow_code, action, *_ in periods_then(actions, since, asked.at)
                if flow_code == code
            }
        else:
            measurements = told_flows(actions, since, asked.at.day).filter(series__indicator__code=code)
            tellers = measurements.values("series__action")
        begun = Q(intervention__valid_on__lte=asked.at.day)
        concerned = (begun & lived_since(since) & asks(code)) | Q(pk__in=tellers)
        return actions.declared(asked.at).filter(concerned)

    return rows


def asks(code: str) -> Q:
    return Q(themes__contains=f"|{ASKED_BY[code]}|")


def counts_of(actions: ActionQuerySet, since: dt.date, at: AsOf) -> dict[str, int]:
    """Of how many that were in progress since `since` each flow is asked: one query."""
    housed, hired = (Count("pk", filter=lived_since(since) & asks(code)) for code in (HOUSED, HIRED))
    counts = actions.on(at).order_by().aggregate(housed=housed, hired=hired)
    return {HOUSED: counts["housed"], HIRED: counts["hired"]}


def lived_since(since: dt.date) -> Q:
    return Q(intervention__ended_on__isnull=True) | Q(intervention__ended_on__gt=since)


def asked_for() -> Any:
    """The keys of these indicators: their series are then read by them, not through every series of the dispositifs."""
    return Indicator.objects.filter(code__in=ASKED_BY).order_by().values("pk")


def told_flows(actions: ActionQuerySet, since: dt.date, until: dt.date) -> Any:
    """The periods to add up, with a figure or « 1 à 4 », that end between two days, as we know them now."""
    return (
        Measurement.objects.flows_between(since, until)
        .filter(series__indicator__in=asked_for(), series__action__in=actions.order_by().values("pk"))
        .filter(Q(number__isnull=False) | Q(state=Emptiness.FEW))
        .order_by()
    )


def flows_now(actions: ActionQuerySet, since: dt.date, until: dt.date) -> dict[str, FlowTotal]:
    """As we know it now: what is to be added up was chosen when it was written. One query."""
    over = Intervention.objects.known().filter(ended_on__lte=since).values("action")
    unasked = Q(series__action__in=over)
    for code, theme in ASKED_BY.items():
        unasked |= Q(series__indicator__code=code) & ~Q(series__action__themes__contains=f"|{theme}|")
    rows: Any = (
        told_flows(actions, since, until)
        .values("series__indicator__code")
        .annotate(
            total=SqlSum("number"),
            known=Count("series__action", distinct=True, filter=Q(number__isnull=False)),
            tellers=Count("series__action", distinct=True),
            beyond=Count("series__action", distinct=True, filter=unasked),
            few=Count("pk", filter=Q(number__isnull=True)),
            latest=Max("valid_on"),
            earliest=Min("since"),
        )
        .values_list(
            "series__indicator__code", "total", "known", "tellers", "beyond", "few", "latest", "earliest"
        )
    )
    totals = {code: FlowTotal(exact(total), *more) for code, total, *more in rows}
    return {code: totals.get(code, FlowTotal()) for code in ASKED_BY}


def flows_then(actions: ActionQuerySet, since: dt.date, at: AsOf) -> dict[str, FlowTotal]:
    """As it stood on a day: the periods to add up are chosen again among those known then. Two queries."""
    themes = dict(actions.on(at).filter(lived_since(since)).order_by().values_list("pk", "themes"))
    totals = {code: FlowTotal() for code in ASKED_BY}
    tellers: dict[str, set[int]] = defaultdict(set)
    known: dict[str, set[int]] = defaultdict(set)
    for code, action, first, on, number in periods_then(actions, since, at):
        flow = totals[code]
        if number is None:
            flow.few += 1
        else:
            flow.total = add(flow.total or 0, exact(number))
            known[code].add(action)
        flow.latest, flow.earliest = max(flow.latest or on, on), min(flow.earliest or first, first)
        tellers[code].add(action)
    for code, flow in totals.items():
        flow.known, flow.tellers = len(known[code]), len(tellers[code])
        flow.unasked = sum(ASKED_BY[code] not in themes.get(action, ()) for action in tellers[code])
    return totals


def periods_then(
    actions: ActionQuerySet, since: dt.date, at: AsOf
) -> Iterable[tuple[str, int, dt.date, dt.date, Any]]:
    """Code, dispositif, first and last day, number of each period that added up then, with a figure; None for
    « 1 à 4 ».
    """
    for code, action, readings in told_series(actions, since, at):
        periods = [Period(first, on, is_told(number, state)) for first, on, number, state in readings]
        for first, on, number, state in (readings[index] for index in without_overlap(periods)):
            if on >= since and is_told(number, state):
                yield code, action, first, on, number


def is_told(number: Any, state: str) -> bool:
    return number is not None or state == Emptiness.FEW


ToldPeriod = tuple[dt.date, dt.date, Any, str]  # first day, last day, number, state
ToldSeries = tuple[str, int, list[ToldPeriod]]  # code, dispositif, periods
# How far before the first day periods are read at once: further back, only what overlaps them could matter.
REACH = dt.timedelta(days=45)


def told_series(actions: ActionQuerySet, since: dt.date, at: AsOf) -> Iterable[ToldSeries]:
    """Of each series told since `since`, the periods known on a day among which to choose: one query, another where
    they overlap some that ended long before.
    """
    known = Measurement.objects.actuals(at).filter(
        series__indicator__in=asked_for(),
        series__action__in=actions.order_by().values("pk"),
        since__isnull=False,
    )
    first = since - REACH
    by_series = {
        series: of_series
        for series, of_series in in_series(known.filter(valid_on__gte=first)).items()
        if any(on >= since for _, on, *_ in of_series[2])
    }
    long = [series for series, (*_, periods) in by_series.items() if chain_start(periods, since) < first]
    if long:
        by_series |= in_series(known.filter(series__in=long))
    return by_series.values()


def in_series(rows: Any) -> dict[int, ToldSeries]:
    """In the order of `derive`, so that of two periods as good as each other the same one is chosen."""
    columns = ("series", "series__indicator__code", "series__action", "since", "valid_on", "number", "state")
    by_series: dict[int, ToldSeries] = {}
    for series, code, action, *reading in rows.ranked().values_list(*columns):
        by_series.setdefault(series, (code, action, []))[2].append(tuple(reading))
    return by_series


def chain_start(periods: Sequence[ToldPeriod], since: dt.date) -> dt.date:
    """The first day of those that end from `since` on, with all that overlap them, one after the other."""
    start = since
    for first, on, *_ in sorted(periods, key=lambda period: period[1], reverse=True):
        if on < since and on < start:
            break
        start = min(start, first)
    return start


def told_by_follow_ups(key: str, label: str, sentence: str) -> Figure:
    return Figure(
        key=key,
        label=label,
        sentence=sentence,
        right=Right.READ_ACTIONS,
        rows=rows_of_flow(key),
        kind=FigureKind.FLOW,
        opens="actions:list",
        covers=ONE_ACTION,
        none="0 signalée",
    )


FAMILIES = (
    Family(
        "suivi",
        (
            told_by_follow_ups(
                HOUSED,
                "Personnes sorties en logement",
                "Les personnes entrées en logement, d’après les suivis dont la période finit entre les deux dates.",
            ),
            told_by_follow_ups(
                HIRED,
                "Contrats de travail signés",
                "Les contrats signés, d’après les suivis dont la période finit entre les deux dates.",
            ),
        ),
        read_flows,
    ),
)
