"""The figures of a territory: its dispositifs, what they cover, what was told of the last days, with coverage."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.db.models import Sum as SqlSum

from jalons.accounts.enums import Right
from jalons.accounts.permissions import Territory, territory_of
from jalons.actions.enums import ActionTheme
from jalons.actions.models import Action, Intervention
from jalons.actions.querysets import ActionQuerySet
from jalons.actions.selectors.coverage import coverage
from jalons.core.values import Ratio, Sum
from jalons.core.values.numbers import Number, add, exact
from jalons.history.querysets import NOW, AsOf
from jalons.indicators.aggregation import Period, without_overlap
from jalons.indicators.models import Measurement

# How long the last figures reach back, both days included.
WINDOW_DAYS = 30
HOUSED, HIRED = "logement-personnes", "contrats"
# Which dispositifs are asked for a flow of the socle: those of its theme.
ASKED_BY = {HOUSED: ActionTheme.HOUSING, HIRED: ActionTheme.WORK}


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow of the last days, added up over dispositifs.

    `total.known` counts the dispositifs that told it, `total.expected` those of which it is asked. `latest`: the
    last day told; `earliest`: the first day of the longest period, which may begin before the window.
    """

    total: Sum
    latest: dt.date | None = None
    earliest: dt.date | None = None


@dataclass(frozen=True, slots=True)
class TerritoryFigures:
    """`running`: dispositifs in progress; `sites`: the share of open sites that they cover."""

    since: dt.date
    until: dt.date
    running: int
    sites: Ratio
    housed: Flow
    hired: Flow

    @property
    def reaches_back(self) -> dt.date | None:
        """The first day of a period that counts here and began before the window, if there is one."""
        days = [flow.earliest for flow in (self.housed, self.hired) if flow.earliest]
        return first if days and (first := min(days)) < self.since else None


@dataclass(slots=True)
class Told:
    """What was told of one flow. `known`: the dispositifs that gave a figure, `unasked`: those not asked for it."""

    total: Number | None = None
    known: int = 0
    unasked: int = 0
    latest: dt.date | None = None
    earliest: dt.date | None = None


def territory_figures(
    user: Any, territory: Territory, at: AsOf = NOW, chosen: ActionQuerySet | None = None
) -> TerritoryFigures:
    """The figures that `user` may see of a territory, on a date. Three queries, one more in the past.

    `chosen`: the dispositifs that a search found, when the figures are those of a search.
    """
    since = at.day - dt.timedelta(days=WINDOW_DAYS - 1)
    actions = Action.objects.visible_to(user).in_territory(territory)
    if chosen is not None:
        # By their keys: the search has joins of its own. A search by name may look beyond the territory.
        actions = Action.objects.visible_to(user).filter(pk__in=chosen.order_by().values("pk"))
    counts = counts_of(actions, since, at)
    told = flows_then(actions, since, at) if at.is_past else flows_now(actions, since, at.day)
    sites = territory.q() & territory_of(user, Right.READ_SITES).q()
    return TerritoryFigures(
        since=since,
        until=at.day,
        running=counts["running"],
        sites=coverage(sites, at, actions if chosen is not None else None),
        housed=flow_of(told[HOUSED], counts["housed"]),
        hired=flow_of(told[HIRED], counts["hired"]),
    )


def flow_of(told: Told, asked: int) -> Flow:
    # One that told without being asked, or after its end, is expected too: nothing is known of nothing.
    total = Sum.from_counts(told.total, known=told.known, expected=asked + told.unasked)
    return Flow(total, told.latest, told.earliest)


def asks(code: str) -> Q:
    return Q(themes__contains=f"|{ASKED_BY[code]}|")


def counts_of(actions: ActionQuerySet, since: dt.date, at: AsOf) -> dict[str, int]:
    """How many are in progress, and of how many that were so since `since` each flow is asked: one query."""
    never = Q(intervention__ended_on__isnull=True)
    lived = never | Q(intervention__ended_on__gt=since)
    return (
        actions.on(at)
        .order_by()
        .aggregate(
            running=Count("pk", filter=never | Q(intervention__ended_on__gt=at.day)),
            housed=Count("pk", filter=lived & asks(HOUSED)),
            hired=Count("pk", filter=lived & asks(HIRED)),
        )
    )


def flows_now(actions: ActionQuerySet, since: dt.date, until: dt.date) -> dict[str, Told]:
    """As we know it now: what is to be added up was chosen when it was written. One query."""
    over = Intervention.objects.known().filter(ended_on__lte=since).values("action")
    unasked = Q(series__action__in=over)
    for code, theme in ASKED_BY.items():
        unasked |= Q(series__indicator__code=code) & ~Q(series__action__themes__contains=f"|{theme}|")
    rows: Any = (
        Measurement.objects.flows_between(since, until)
        .filter(series__indicator__code__in=ASKED_BY, series__action__in=actions.values("pk"))
        .filter(number__isnull=False)
        .order_by()
        .values("series__indicator__code")
        .annotate(
            total=SqlSum("number"),
            known=Count("series__action", distinct=True),
            beyond=Count("series__action", distinct=True, filter=unasked),
            latest=Max("valid_on"),
            earliest=Min("since"),
        )
        .values_list("series__indicator__code", "total", "known", "beyond", "latest", "earliest")
    )
    told = {code: Told(exact(total), *more) for code, total, *more in rows}
    return {code: told.get(code, Told()) for code in ASKED_BY}


def flows_then(actions: ActionQuerySet, since: dt.date, at: AsOf) -> dict[str, Told]:
    """As it stood on a day: the periods to add up are chosen again among those known then. Two queries."""
    lived = Q(intervention__ended_on__isnull=True) | Q(intervention__ended_on__gt=since)
    themes = dict(actions.on(at).filter(lived).order_by().values_list("pk", "themes"))
    found = {code: Told() for code in ASKED_BY}
    tellers: dict[str, set[int]] = defaultdict(set)
    for code, action, readings in told_series(actions, since, at):
        periods = [Period(first, on, number is not None) for first, on, number in readings]
        for first, on, number in (readings[index] for index in without_overlap(periods)):
            if on >= since and number is not None:
                told = found[code]
                told.total = add(told.total or 0, exact(number))
                told.latest, told.earliest = max(told.latest or on, on), min(told.earliest or first, first)
                tellers[code].add(action)
    for code, told in found.items():
        told.known = len(tellers[code])
        told.unasked = sum(ASKED_BY[code] not in themes.get(action, ()) for action in tellers[code])
    return found


Reading = tuple[dt.date, dt.date, Any]  # first day, last day, number


def told_series(
    actions: ActionQuerySet, since: dt.date, at: AsOf
) -> Iterable[tuple[str, int, list[Reading]]]:
    """Code, dispositif and every period known on a day, of each series told since `since`."""
    known = Measurement.objects.told(at).filter(
        series__indicator__code__in=ASKED_BY, series__action__in=actions.values("pk"), since__isnull=False
    )
    recent = known.filter(valid_on__gte=since).values("series")
    columns = ("series", "series__indicator__code", "series__action", "since", "valid_on", "number")
    # In the order of `derive`, so that of two periods as good as each other the same one is kept.
    rows = known.filter(series__in=recent).ranked().values_list(*columns)
    found: dict[int, tuple[str, int, list[Reading]]] = {}
    for series, code, action, *reading in rows:
        found.setdefault(series, (code, action, []))[2].append(tuple(reading))
    return found.values()
