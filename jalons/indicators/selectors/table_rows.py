"""The rows that the follow-up of a dispositif is made of: readings, objectives, who reports."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jalons.accounts.models import Organisation
from jalons.actions.enums import ParticipationRole
from jalons.actions.models import Action, FollowUp, Participation
from jalons.core.values import Value
from jalons.history.querysets import AsOf
from jalons.indicators.aggregation import Period, without_overlap
from jalons.indicators.enums import Measure
from jalons.indicators.models import Indicator, Measurement, Series, is_counted
from jalons.indicators.selectors.asked import AskedBlock
from jalons.indicators.selectors.cell import Reading


@dataclass(frozen=True, slots=True)
class Objective:
    on: dt.date
    value: Value
    note: str = ""


def told_readings(action: Action, at: AsOf) -> tuple[dict[int, Any], dict[tuple[int, int], list[Reading]]]:
    """The reporters by key and every reading of theirs, oldest first. Two queries: rows are many, series few."""
    followed = {
        series.pk: series
        for series in Series.objects.filter(action=action, reporter__isnull=False).select_related(
            "indicator", "reporter"
        )
    }
    rows = Measurement.objects.actuals(at).filter(series__in=followed).order_by("valid_on", "measure", "pk")
    reporters: dict[int, Any] = {}
    readings: dict[tuple[int, int], list[Reading]] = defaultdict(list)
    for key, on, since, number, denominator, words, state, *more in rows.values_list(*COLUMNS):
        series: Any = followed[key]
        reporters[series.reporter_id] = series.reporter
        value = series.indicator.value(number, denominator=denominator, words=words, state=state)
        unchanged, reason, note, counts = more
        reading = Reading(on, value, since, unchanged, bool(reason), note, counts or since is None)
        of_series = readings[series.indicator_id, series.reporter_id]
        if of_series and of_series[-1].on == reading.on:
            of_series[-1] = reading  # what was counted takes the place of the estimate of the same day
        else:
            of_series.append(reading)
    if at.is_past:
        for key, of_series in readings.items():
            readings[key] = choose_again(of_series)
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
    periods = [Period(flow.since or flow.on, flow.on, is_counted(flow.value)) for flow in flows]
    counted = {id(flows[index]) for index in without_overlap(periods)}
    return [
        Reading(
            reading.on,
            reading.value,
            reading.since,
            reading.unchanged,
            reading.corrected,
            reading.note,
            reading.since is None or id(reading) in counted,
        )
        for reading in readings
    ]


def with_told(asked_blocks: Sequence[AskedBlock], reported: set[int]) -> dict[int, Indicator]:
    """The indicators asked now, and those told before (an older revision, a theme left): one query if any."""
    by_pk = {indicator.pk: indicator for block in asked_blocks for indicator in block.indicators}
    if missing := reported - by_pk.keys():
        by_pk |= {indicator.pk: indicator for indicator in Indicator.objects.filter(pk__in=missing)}
    linked = {
        pk
        for indicator in by_pk.values()
        for pk in (indicator.parent_id, indicator.numerator_id, indicator.denominator_id)
        if pk and pk not in by_pk
    }
    return (
        by_pk | {indicator.pk: indicator for indicator in Indicator.objects.filter(pk__in=linked)}
        if linked
        else by_pk
    )


def told_objectives(action: Action, at: AsOf) -> dict[int, list[Objective]]:
    """What the dispositif aims at, by indicator, nearest first; those to come are told too. One query."""
    objectives: dict[int, list[Objective]] = defaultdict(list)
    rows = Measurement.objects.known(at).filter(series__action=action, measure=Measure.OBJECTIVE)
    for fact in rows.select_related("series__indicator").order_by("valid_on", "pk"):
        value = fact.series.indicator.value(
            fact.number, denominator=fact.denominator, words=fact.words, state=fact.state
        )
        objectives[fact.series.indicator_id].append(Objective(fact.valid_on, value, fact.note))
    return objectives


def reporting(
    action: Action, at: AsOf, follow_ups: Sequence[FollowUp], organisations: Mapping[int, Organisation]
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
    everybody |= {
        follow_up.reporter_id: follow_up.reporter
        for follow_up in follow_ups
        if follow_up.reporter_id not in everybody
    }
    everybody |= {pk: organisation for pk, organisation in organisations.items() if pk not in everybody}
    return presence, tuple(everybody.values())
