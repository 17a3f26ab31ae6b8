"""What a report said before it was corrected: one entry for each correction, with every figure that changed."""

from collections import defaultdict
from typing import Any

from jalons.actions.models import FollowUp
from jalons.core.ui import Change, Entry
from jalons.core.values import format_date, format_value
from jalons.indicators.models import Measurement
from jalons.indicators.selectors.last import blocks_in_words, value_of

NOTHING = ""


def versions_of(follow_up: FollowUp) -> list[Entry]:
    """Newest first: who recorded it, then who corrected what and why. Two queries."""
    versions = list(FollowUp.objects.versions_of(follow_up.lineage).select_related("author", "organisation"))
    figures = changes_of_figures(versions)
    entries = []
    for place, version in enumerate(versions):
        before = versions[place - 1] if place else None
        changes = [] if before is None else [*words_changed(before, version), *figures[place]]
        entries.append(
            Entry(
                when=version.recorded_at,
                who=str(version.author),
                organisation=str(version.organisation),
                what=deed(before, version),
                changes=changes,
                reason=version.reason if before else "",
            )
        )
    return entries[::-1]


def deed(before: FollowUp | None, version: FollowUp) -> str:
    day = format_date((before or version).valid_on)
    if before is None:
        return f"a enregistré le point de suivi du {day}"
    return (
        f"a retiré le point de suivi du {day}"
        if version.withdrawn
        else f"a corrigé le point de suivi du {day}"
    )


def words_changed(before: FollowUp, after: FollowUp) -> list[Change]:
    changes = []
    if before.valid_on != after.valid_on:
        changes.append(Change("Date", format_date(before.valid_on), format_date(after.valid_on)))
    for code in dict.fromkeys((*before.comments, *after.comments)):
        old, new = before.comments.get(code, ""), after.comments.get(code, "")
        if old != new:
            changes.append(Change(f"Commentaire, {blocks_in_words([code])[0]}", old, new))
    return changes


def changes_of_figures(versions: list[FollowUp]) -> dict[int, list[Change]]:
    """The figures that changed with each version of a report, by its place among them."""
    changes: dict[int, list[Change]] = defaultdict(list)
    days = {version.valid_on for version in versions}
    measurements: Any = Measurement.objects.contenders().filter(
        series__action=versions[0].action_id, series__reporter=versions[0].reporter_id, valid_on__in=days
    )
    rows = measurements.select_related("series__indicator").order_by(
        "series__indicator__position", "recorded_at", "pk"
    )
    of_lineage: dict[Any, list[Measurement]] = defaultdict(list)
    for row in rows:
        of_lineage[row.lineage].append(row)
    for facts in of_lineage.values():
        before: Measurement | None = None
        for fact in facts:
            place = sum(version.recorded_at <= fact.recorded_at for version in versions) - 1
            old = format_value(value_of(before)) if before else NOTHING
            new = NOTHING if fact.withdrawn else format_value(value_of(fact))
            if place > 0 and old != new:
                changes[place].append(Change(fact.series.indicator.label, old, new))
            before = fact
    return changes
