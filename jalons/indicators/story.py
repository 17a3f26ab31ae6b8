"""What the history of a dispositif tells of its follow-up: reports, values corrected, objectives, own indicators."""

import uuid
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q

from jalons.actions.enums import Block
from jalons.actions.models import Action, FollowUp
from jalons.core.ui import Change, Entry
from jalons.core.values import Emptiness, format_date, format_long_date
from jalons.history.models import Fact
from jalons.history.selectors import changes_between, fact_verb, history_entries, told_fields
from jalons.indicators.enums import Measure
from jalons.indicators.models import Indicator, Measurement, Series

# What a report says by the values that it holds, or that is told elsewhere in the same entry.
COMPUTED = {"blocks", "unchanged", "reporter", "action"}


def follow_story(action: Action) -> list[Entry]:
    """Five queries. The values of a first report are in the tab « Suivi »: only what was corrected is told."""
    corrected = corrections(action)
    reports = list(
        FollowUp.objects.filter(action=action)
        .select_related("author", "organisation", "reporter")
        .order_by("recorded_at", "pk")
    )
    return [
        *report_entries(reports, shared_out(corrected, reports)),
        *objective_entries(action),
        *history_entries(
            Indicator.history.filter(action=action),
            label=lambda row: f"l’indicateur «\u00a0{row.label}\u00a0»",
        ),
    ]


# --- values corrected ------------------------------------------------------------------------------------------


def corrections(action: Action) -> list[tuple[Measurement, Change]]:
    """Each version that changed a value already told, was added to a past report, or withdrew one. Two queries.

    The keys of the series come first: asked through the join, the « or » below has a database read the measurements
    of every dispositif to keep those of one.
    """
    series = list(Series.objects.filter(action=action, reporter__isnull=False).values_list("pk", flat=True))
    rows = Measurement.objects.filter(series__in=series)
    before = FollowUp.objects.filter(
        action=action,
        reporter=OuterRef("series__reporter"),
        valid_on=OuterRef("valid_on"),
        superseded_at__lte=OuterRef("recorded_at"),
    )
    replaced = rows.filter(superseded_at__isnull=False).values("lineage")
    versions = rows.annotate(late=Exists(before)).filter(Q(lineage__in=replaced) | Q(late=True))
    corrected: list[tuple[Measurement, Change]] = []
    former: Any = None
    for version in versions.select_related("series__indicator").order_by("lineage", "recorded_at", "pk"):
        if former is not None and former.lineage != version.lineage:
            former = None
        change = Change(version.series.indicator.heading, value_words(former), value_words(version))
        if (former is not None or version.late) and change.before != change.after:
            corrected.append((version, change))
        former = version
    return corrected


def value_words(fact: Measurement | None) -> str:
    """The value in words; empty before it was told, once it is withdrawn, and when nothing was written."""
    if fact is None or fact.withdrawn:
        return ""
    value = fact.series.indicator.value(
        fact.number, denominator=fact.denominator, words=fact.words, state=fact.state
    )
    return "" if value.emptiness is Emptiness.EMPTY else str(value)


def shared_out(
    corrected: Iterable[tuple[Measurement, Change]], reports: Iterable[FollowUp]
) -> dict[int, list[Change]]:
    """The changes under the version of the report that brought them: the last one of the same reporter before."""
    by_reporter: dict[int, list[FollowUp]] = defaultdict(list)
    for report in reports:
        by_reporter[report.reporter_id].append(report)
    changes_by_report: dict[int, list[Change]] = defaultdict(list)
    for fact, change in corrected:
        versions = by_reporter[fact.series.reporter_id or 0]
        place = bisect_right([version.recorded_at for version in versions], fact.recorded_at)
        if place:
            changes_by_report[versions[place - 1].pk].append(change)
    return changes_by_report


# --- reports ---------------------------------------------------------------------------------------------------


def report_entries(reports: Iterable[FollowUp], changes: dict[int, list[Change]]) -> Iterator[Entry]:
    """Every version of every report, in the order in which they were recorded."""
    fields = [field for field in told_fields(FollowUp) if field.name not in COMPUTED]
    former: dict[uuid.UUID, FollowUp] = {}
    for report in reports:
        before = former.get(report.lineage)
        told_of = before or report
        whose = "" if told_of.reporter_id == report.organisation_id else f" pour {told_of.reporter}"
        words = changes_between(before, report, fields, comments_in_words) if before else []
        yield Entry(
            when=report.recorded_at,
            who=str(report.author),
            organisation=str(report.organisation),
            what=f"{verb(before, report)} le suivi{whose} au {format_long_date(told_of.valid_on)}",
            changes=[*words, *changes.get(report.pk, ())],
            reason=report.reason if before else "",
        )
        former[report.lineage] = report


def verb(before: Fact | None, after: Fact) -> str:
    return fact_verb(before, after, "a rempli")


def comments_in_words(report: FollowUp) -> dict[str, str]:
    labels = dict(Block.choices)
    return {f"Commentaire, {labels.get(code, code)}": text for code, text in report.comments.items()}


# --- objectives ------------------------------------------------------------------------------------------------


def objective_entries(action: Action) -> Iterator[Entry]:
    rows = Measurement.objects.filter(series__action=action, measure=Measure.OBJECTIVE)
    people = rows.select_related("series__indicator", "author", "organisation")
    former: dict[uuid.UUID, Any] = {}
    for objective in people.order_by("recorded_at", "pk"):
        before = former.get(objective.lineage)
        label = f"l’objectif «\u00a0{objective.series.indicator.label}\u00a0» au {format_date(objective.valid_on)}"
        change = Change("Objectif", value_words(before), value_words(objective))
        yield Entry(
            when=objective.recorded_at,
            who=str(objective.author),
            organisation=str(objective.organisation),
            what=f"{fact_verb(before, objective, 'a fixé')} {label}",
            changes=[change] if change.before != change.after else [],
            reason=objective.reason,
        )
        former[objective.lineage] = objective
