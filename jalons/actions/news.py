"""News of dispositifs: what an operator reported."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from jalons.actions.models import Action, FollowUp, Intervention
from jalons.core.values import format_date
from jalons.discussions.activity import ActivityItem, ActivityQuestion
from jalons.discussions.enums import ActivityKind, NewsKind
from jalons.discussions.news import NewsItem


def action_news(since: dt.datetime, until: dt.datetime) -> Iterator[NewsItem]:
    reports = FollowUp.objects.known().filter(recorded_at__gte=since, recorded_at__lt=until)
    for row in reports.select_related("action__departement", "organisation"):
        yield NewsItem(
            key=f"follow_up/{row.pk}",
            kind=NewsKind.FIGURES,
            thing=row.action,
            sentence=f"{row.organisation} a rempli le suivi au {format_date(row.valid_on)}",
            moment=row.recorded_at,
            author_id=row.author_id or 0,
            themes=row.action.themes,
        )


# --- the activity ----------------------------------------------------------------------------------------------


def action_activity(asked: ActivityQuestion) -> Iterator[ActivityItem]:
    """Dispositifs declared, closed, reopened; follow-ups: two queries and one."""
    actions = Action.objects.visible_to(asked.user).order_by()
    if not asked.territory.everywhere:
        actions = actions.in_territory(asked.territory)
    where = {"action__in": actions.values("pk"), "recorded_at__gte": asked.start, "withdrawn": False}
    if asked.asks(ActivityKind.ACTIONS):
        for row, before in interventions(where, asked.limit):
            if sentence := intervention_sentence(row, before):
                yield item_of(row, f"intervention/{row.pk}", ActivityKind.ACTIONS, sentence)
    if asked.asks(ActivityKind.FOLLOW_UPS):
        reports = FollowUp.objects.known().filter(**where).order_by("-recorded_at", "-pk")
        for report in reports.select_related("action", "organisation")[: asked.limit]:
            sentence = f"{report.organisation} a rempli le suivi au {format_date(report.valid_on)}"
            yield item_of(report, f"follow_up/{report.pk}", ActivityKind.FOLLOW_UPS, sentence)


def item_of(row: Any, key: str, kind: ActivityKind, sentence: str) -> ActivityItem:
    return ActivityItem(key, kind, row.action, sentence, row.recorded_at)


def interventions(where: dict[str, Any], limit: int) -> Iterator[tuple[Intervention, Intervention | None]]:
    """The newest versions of the dates of dispositifs, each with the one it replaced."""
    rows = Intervention.objects.filter(**where).select_related("action", "organisation")
    newest = list(rows.order_by("-recorded_at", "-pk")[:limit])
    versions: dict[Any, list[Intervention]] = {}
    lineages = {row.lineage for row in newest}
    for version in Intervention.objects.filter(lineage__in=lineages).order_by("recorded_at", "pk"):
        versions.setdefault(version.lineage, []).append(version)
    for row in newest:
        older = [each for each in versions[row.lineage] if each.recorded_at < row.recorded_at]
        yield row, older[-1] if older else None


def intervention_sentence(row: Intervention, before: Intervention | None) -> str:
    """« DDETS du Nord a fermé le dispositif le 12/12/2025 »; nothing for another change of its dates."""
    if before is None:
        return f"{row.organisation} a déclaré ce dispositif, commencé le {format_date(row.valid_on)}"
    if row.ended_on and not before.ended_on:
        return f"{row.organisation} a fermé ce dispositif le {format_date(row.ended_on)}"
    return f"{row.organisation} a rouvert ce dispositif" if before.ended_on and not row.ended_on else ""
