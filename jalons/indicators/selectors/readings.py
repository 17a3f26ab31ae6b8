"""What each series says over a stretch of time, aggregated by the base: one reading a series."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, FloatField, OuterRef, Subquery
from django.db.models import Sum as SqlSum
from django.db.models.functions import Cast

from jalons.core.values import Emptiness, Number, Ratio, Sum, Value, exact
from jalons.history.querysets import AsOf
from jalons.indicators.aggregation import Period, without_overlap
from jalons.indicators.enums import AcrossTime, ValueType
from jalons.indicators.models import Indicator, Measurement, Series, was_counted

Key = tuple[int, int, int]  # dispositif, indicator, reporter
# A figure with what it lacks, a share, or words; that of one reporter counts as one.
Reading = Sum | Ratio | Value

ABSENT = {
    "nd": Sum(nd=1),
    "na": Sum(na=1),
    "dash": Sum(dash=1),
    "empty": Sum(empty=1),
    "few": Sum(few=1),
}
WORDS = (ValueType.TEXT, ValueType.CHOICE)


@dataclass(frozen=True, slots=True)
class Followed:
    """Series: their keys by primary key, and what selects them in a query."""

    keys: Mapping[int, Key]
    selected: Any

    def across(self, time: AcrossTime, indicators: Mapping[int, Indicator]) -> "Followed":
        """Those that add up over time in one way."""
        pks = {pk for pk, indicator in indicators.items() if indicator.across_time == time}
        keys = {pk: key for pk, key in self.keys.items() if key[1] in pks}
        return Followed(keys, self.selected.filter(indicator__in=pks))


def followed_series(actions: Iterable[int], indicators: Iterable[int]) -> Followed:
    """The series of some dispositifs and indicators that somebody tells. One query."""
    series = Series.objects.order_by().filter(
        action__in=list(actions), indicator__in=list(indicators), reporter__isnull=False
    )
    rows = series.values_list("pk", "action_id", "indicator_id", "reporter_id")
    keys = {pk: (action, indicator, by) for pk, action, indicator, by in rows}
    return Followed(keys, series.values("pk"))


def as_float(name: str) -> Cast:
    """Reading decimals one by one costs as much as all the rest; these have at most fourteen digits."""
    return Cast(name, FloatField())


def figure(number: Any) -> Number:
    """A number that comes as a float. Nearly all of them are whole."""
    whole = int(number)
    return whole if whole == number else exact(number)


# --- flows -----------------------------------------------------------------------------------------------------


def flow_readings(
    series: Followed, indicators: Mapping[int, Indicator], first: dt.date, end: AsOf, at: AsOf
) -> dict[Key, Reading]:
    """The periods to add up that end from `first` to the day of `end`, as known at `at`.

    Today the stored choice answers; in a view of the past, which knows less, it is made again.
    """
    flows = series.across(AcrossTime.SUM, indicators)
    shares = {pk for pk, indicator in indicators.items() if indicator.value_type == ValueType.SHARE}
    window = (first, end.day)
    chosen: dict[int, list[Any]] = {}
    if at.is_past:
        tangled = tangled_series(flows, window, at)
        chosen = {pk: chosen_of(rows, window) for pk, rows in periods_of(tangled, at).items()}
    if at.known is None:
        counted = Measurement.objects.flows_between(*window)
    else:  # a period that overlaps no other always counts
        counted = Measurement.objects.actuals(at).filter(since__isnull=False, valid_on__range=window)
    counted = counted.filter(series__in=flows.selected)
    read = grouped(counted, shares=bool(shares))
    readings = {flows.keys[pk]: reading for pk, reading in read.items() if pk not in chosen}
    for pk, rows in chosen.items():
        if rows:
            readings[flows.keys[pk]] = reading_of(rows, share=flows.keys[pk][1] in shares)
    return readings


def grouped(counted: Any, *, shares: bool) -> dict[int, Reading]:
    """By series. One query; another one for the few periods told without a figure, and for shares."""
    by_series = counted.order_by().values_list("series_id")
    rows = by_series.annotate(top=SqlSum(as_float("number")), known=Count("number"), told=Count("pk"))
    bottoms: dict[int, Any] = {}
    if shares:
        under = by_series.filter(denominator__isnull=False)
        bottoms = dict(under.annotate(bottom=SqlSum(as_float("denominator"))))
    readings: dict[int, Reading] = {}
    lacking: dict[int, tuple[Any, int]] = {}
    for pk, top, known, count in rows.iterator(chunk_size=5000):
        if known < count:
            lacking[pk] = top, known
        elif pk in bottoms:
            readings[pk] = Ratio(figure(top), figure(bottoms[pk]), 1, 1)
        else:
            readings[pk] = Sum(figure(top), known=1)
    if lacking:
        states: dict[int, list[str]] = defaultdict(list)
        without = counted.order_by().filter(number__isnull=True)
        for pk, state in without.values_list("series_id", "state"):
            states[pk].append(state)
        readings |= {pk: of_one(*lacking[pk], bottoms.get(pk), states[pk]) for pk in lacking}
    return readings


def of_one(top: Any, known: int, bottom: Any, states: Iterable[str]) -> Reading:
    """One reporter: a sum that says how many of its periods are missing, or why there is none."""
    absent = sum((ABSENT.get(state, ABSENT["empty"]) for state in states), Sum())
    if known and bottom is not None:
        return Ratio(figure(top), figure(bottom), 1, 1 + bool(absent.missing))
    if known:
        return Sum(figure(top), known=1, nd=absent.nd, empty=absent.empty, few=absent.few)
    if absent.few > 1:
        return absent
    return ABSENT[(absent.emptiness or Emptiness.EMPTY).value]


def tangled_series(flows: Followed, window: tuple[dt.date, dt.date], at: AsOf) -> set[int]:
    """The series of which the stored choice, or all the periods, may not be what added up then.

    As we know it now, those in which a period to come overlaps one of before: the others are chosen apart (see
    `without_overlap`). As it was known on a past day, those in which two periods overlap.
    """
    then = Measurement.objects.actuals(at)
    others = then.filter(
        series=OuterRef("series"), since__lte=OuterRef("valid_on"), valid_on__gte=OuterRef("since")
    )
    if at.known is None:
        known = Measurement.objects.known().contenders()
        suspects = known.filter(valid_on__gt=at.day, since__lte=at.day)
    else:
        suspects = then.filter(since__isnull=False, valid_on__range=window)
        others = others.exclude(pk=OuterRef("pk"))
    tangled = suspects.filter(Exists(others), series__in=flows.selected).order_by()
    return set(tangled.values_list("series_id", flat=True))


def periods_of(series: Iterable[int], at: AsOf) -> dict[int, list[Any]]:
    """Every period known then, oldest first; of two told for the same days, the one that stands comes last."""
    rows_by_series: dict[int, list[Any]] = {pk: [] for pk in series}
    rows = Measurement.objects.actuals(at).filter(series__in=list(rows_by_series), since__isnull=False)
    for row in rows.order_by("valid_on", "measure", "recorded_at", "pk"):
        rows_by_series[row.series_id].append(row)
    return rows_by_series


def chosen_of(rows: list[Any], window: tuple[dt.date, dt.date]) -> list[Any]:
    first, last = window
    periods = [Period(row.since, row.valid_on, was_counted(row)) for row in rows]
    chosen = [rows[index] for index in without_overlap(periods)]
    return [row for row in chosen if first <= row.valid_on <= last]


def reading_of(rows: list[Any], *, share: bool) -> Reading:
    known = [row for row in rows if row.number is not None]
    states = [row.state for row in rows if row.number is None]
    bottom = sum(row.denominator for row in known) if share and known else None
    return of_one(sum(row.number for row in known), len(known), bottom, states)


# --- stocks ----------------------------------------------------------------------------------------------------


def stock_readings(
    series: Followed, indicators: Mapping[int, Indicator], first: dt.date, end: AsOf
) -> dict[Key, Reading]:
    """The value that stands on the day of `end`. Told under two revisions of one indicator, the last one stands."""
    stocks, gone = series.across(AcrossTime.LAST, indicators), former(indicators)
    newest: dict[tuple[int, str, int], tuple[dt.date, int]] = {}
    readings: dict[Key, Reading] = {}
    rows = standing(stocks.selected, end).values_list(
        "series_id", "valid_on", as_float("number"), as_float("denominator"), "words", "state"
    )
    for pk, on, *columns in rows.iterator(chunk_size=5000):
        action, indicator, by = stocks.keys[pk]
        if indicator in gone and on < first:
            continue
        code = indicators[indicator].code or f"#{indicator}"
        before = newest.get((action, code, by))
        if before and before >= (on, indicator):
            continue
        if before:
            del readings[action, before[1], by]
        newest[action, code, by] = on, indicator
        readings[action, indicator, by] = stock(indicators[indicator], *columns)
    return readings


def former(indicators: Mapping[int, Indicator]) -> set[int]:
    """Those not asked any more: retired, or told under a newer revision. They stand only in a year when told."""
    newest: dict[str, int] = {}
    for indicator in indicators.values():
        newest[indicator.code] = max(indicator.revision, newest.get(indicator.code, 0))
    return {
        pk
        for pk, indicator in indicators.items()
        if indicator.retired_on or (indicator.code and indicator.revision < newest[indicator.code])
    }


def standing(selected: Any, end: AsOf) -> Any:
    """Of each series. For what was known on a past day, one index probe a series."""
    if end.known is None:
        return Measurement.objects.standing_on(end).filter(series__in=selected)
    then = Measurement.objects.actuals(end).filter(series=OuterRef("pk")).ranked().values("pk")[:1]
    ranked = Series.objects.filter(pk__in=selected).annotate(standing=Subquery(then))
    return Measurement.objects.filter(pk__in=ranked.order_by().values("standing"))


def stock(indicator: Indicator, number: Any, denominator: Any, words: str, state: str) -> Reading:
    if indicator.value_type in WORDS:
        return indicator.value(number, words=words, state=state)
    if number is None:
        return ABSENT.get(state, ABSENT["empty"])
    if indicator.value_type == ValueType.SHARE:
        return Ratio(figure(number), figure(denominator or 0), 1, 1)
    return Sum(figure(number), known=1)
