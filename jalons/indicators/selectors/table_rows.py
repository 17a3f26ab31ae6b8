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
    periods = [Period(flow.since or flow.on, flow.on, is_counted(flow.value)) for flow in flows]
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
