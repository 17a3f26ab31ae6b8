"""What each series says over a stretch of time, aggregated by the base: one reading a series."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models import Sum as SqlSum

from jalons.core.values import Emptiness, Ratio, Sum, Value, exact
from jalons.history.querysets import AsOf
from jalons.indicators.aggregation import Period, without_overlap
from jalons.indicators.enums import AcrossTime, ValueType
from jalons.indicators.models import Indicator, Measurement, Series

Key = tuple[int, int, int]  # dispositif, indicator, reporter
# A figure with what it lacks, a share, or words; that of one reporter counts as one.
Reading = Sum | Ratio | Value
Followed = Mapping[int, Key]  # by primary key of the series

ABSENT = {"nd": Sum(nd=1), "na": Sum(na=1), "dash": Sum(dash=1), "empty": Sum(empty=1)}
WORDS = (ValueType.TEXT, ValueType.CHOICE)


def of_time(followed: Followed, indicators: Mapping[int, Indicator], across: AcrossTime) -> list[int]:
    return [pk for pk, (_, indicator, _) in followed.items() if indicators[indicator].across_time == across]


# --- flows -----------------------------------------------------------------------------------------------------


def flow_readings(
    followed: Followed, indicators: Mapping[int, Indicator], first: dt.date, end: AsOf, at: AsOf
) -> dict[Key, Reading]:
    """The periods to add up that end from `first` to the day of `end`, as known at `at`.

    Today the stored choice answers; in a view of the past, which knows less, it is made again.
    """
    series = of_time(followed, indicators, AcrossTime.SUM)
    if at.is_past:
        then = Measurement.objects.told(at).filter(since__isnull=False)
        counted, chosen = clean_then(then, series, first, end.day), chosen_then(then, series, first, end.day)
    else:
        counted, chosen = Measurement.objects.flows_between(first, end.day).filter(series__in=series), {}
    shares = any(indicators[followed[pk][1]].value_type == ValueType.SHARE for pk in series)
    found = {followed[pk]: reading for pk, reading in grouped(counted, shares=shares).items()}
    for pk, rows in chosen.items():
        found[followed[pk]] = reading_of(
            rows, share=indicators[followed[pk][1]].value_type == ValueType.SHARE
        )
    return found


def grouped(counted: Any, *, shares: bool) -> dict[int, Reading]:
    """By series. One query; another one for the few periods told without a figure."""
    figures = {"top": SqlSum("number"), "known": Count("number"), "rows": Count("pk")}
    if shares:
        figures["bottom"] = SqlSum("denominator")
    found: dict[int, Reading] = {}
    lacking: dict[int, tuple[Any, int, Any]] = {}
    for row in counted.order_by().values("series_id").annotate(**figures).iterator(chunk_size=5000):
        known, bottom = row["known"], row.get("bottom")
        if known < row["rows"]:
            lacking[row["series_id"]] = row["top"], known, bottom
        elif bottom is not None:
            found[row["series_id"]] = Ratio(exact(row["top"]), exact(bottom), 1, 1)
        else:
            found[row["series_id"]] = Sum(exact(row["top"]), known=1)
    states: dict[int, list[str]] = defaultdict(list)
    without = counted.order_by().filter(series__in=list(lacking), number__isnull=True)
    for pk, state in without.values_list("series_id", "state"):
        states[pk].append(state)
    return found | {pk: told(*lacking[pk], states[pk]) for pk in lacking}


def told(top: Any, known: int, bottom: Any, states: Iterable[str]) -> Reading:
    """One reporter: a sum that says how many of its periods are missing, or why there is none."""
    absent = sum((ABSENT.get(state, ABSENT["empty"]) for state in states), Sum())
    if bottom is not None:
        return Ratio(exact(top), exact(bottom), 1, 1 + bool(absent.missing))
    if known:
        return Sum(exact(top), known=1, nd=absent.nd, empty=absent.empty)
    return ABSENT[(absent.emptiness or Emptiness.EMPTY).value]


def overlapping(then: Any) -> Exists:
    """Another period of the same series that has a day in common."""
    others = then.filter(
        series=OuterRef("series"), since__lte=OuterRef("valid_on"), valid_on__gte=OuterRef("since")
    )
    return Exists(others.exclude(pk=OuterRef("pk")))


def clean_then(then: Any, series: list[int], first: dt.date, last: dt.date) -> Any:
    """The periods of the window that overlap no other: each of them counts. `then`: all those known."""
    return then.filter(~overlapping(then), series__in=series, valid_on__range=(first, last))


def chosen_then(then: Any, series: list[int], first: dt.date, last: dt.date) -> dict[int, list[Any]]:
    """The periods to add up of the series in which some overlap in the window, chosen among all those known."""
    tangled = then.filter(overlapping(then), series__in=series, valid_on__range=(first, last)).order_by()
    of_series: dict[int, list[Any]] = defaultdict(list)
    rows = then.filter(series__in=list(tangled.values_list("series_id", flat=True).distinct()))
    # The one that stands comes last: of two told for the same days, the last of them is kept.
    for row in rows.order_by("valid_on", "measure", "recorded_at", "pk"):
        of_series[row.series_id].append(row)
    return {pk: chosen(known, first, last) for pk, known in of_series.items()}


def chosen(rows: list[Any], first: dt.date, last: dt.date) -> list[Any]:
    periods = [Period(row.since, row.valid_on, row.number is not None) for row in rows]
    kept = [rows[index] for index in without_overlap(periods)]
    return [row for row in kept if first <= row.valid_on <= last]


def reading_of(rows: list[Any], *, share: bool) -> Reading:
    known = [row for row in rows if row.number is not None]
    states = [row.state for row in rows if row.number is None]
    top = sum(row.number for row in known)
    bottom = sum(row.denominator for row in known) if share and known else None
    return told(top, len(known), bottom, states)


# --- stocks ----------------------------------------------------------------------------------------------------

STOCK = ("series_id", "valid_on", "number", "denominator", "words", "state")


def stock_readings(
    followed: Followed, indicators: Mapping[int, Indicator], first: dt.date, end: AsOf
) -> dict[Key, Reading]:
    """The value that stands on the day of `end`. Told under two revisions of one indicator, the last one stands."""
    series = of_time(followed, indicators, AcrossTime.LAST)
    newest: dict[tuple[int, str, int], tuple[dt.date, int]] = {}
    found: dict[Key, Reading] = {}
    gone = former(indicators)
    for pk, on, *columns in standing(series, end).values_list(*STOCK).iterator(chunk_size=5000):
        action, indicator, by = followed[pk]
        if indicator in gone and on < first:
            continue
        code = indicators[indicator].code or f"#{indicator}"
        before = newest.get((action, code, by))
        if before and before >= (on, indicator):
            continue
        if before:
            found.pop((action, before[1], by), None)
        newest[action, code, by] = on, indicator
        found[action, indicator, by] = stock(indicators[indicator], *columns)
    return found


def former(indicators: Mapping[int, Indicator]) -> set[int]:
    """Those that are not asked any more: retired, or told under a newer revision. They stand only if told since."""
    newest: dict[str, int] = {}
    for one in indicators.values():
        newest[one.code] = max(one.revision, newest.get(one.code, 0))
    return {
        pk
        for pk, one in indicators.items()
        if one.retired_on or (one.code and one.revision < newest[one.code])
    }


def standing(series: list[int], end: AsOf) -> Any:
    """Of each series. For what was known on a past day, one index probe a series."""
    if end.known is None:
        return Measurement.objects.standing_on(end).filter(series__in=series)
    then = Measurement.objects.told(end).filter(series=OuterRef("pk")).ranked().values("pk")[:1]
    chosen = Series.objects.filter(pk__in=series).annotate(standing=Subquery(then))
    return Measurement.objects.filter(pk__in=chosen.order_by().values("standing"))


def stock(indicator: Indicator, number: Any, denominator: Any, words: str, state: str) -> Reading:
    if indicator.value_type in WORDS:
        return indicator.value(number, words=words, state=state)
    if number is None:
        return ABSENT.get(state, ABSENT["empty"])
    if indicator.value_type == ValueType.SHARE:
        return Ratio(exact(number), exact(denominator or 0), 1, 1)
    return Sum(exact(number), known=1)
