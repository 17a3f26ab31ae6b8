"""News of dispositifs: what an operator reported."""

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from jalons.accounts.enums import Right
from jalons.accounts.permissions import territory_of
from jalons.actions.models import Action, FollowUp, Intervention
from jalons.core.values import format_date
from jalons.discussions.activity import ActivityItem, ActivityQuestion, ActivityRows
from jalons.discussions.enums import ActivityKind, NewsKind
from jalons.discussions.news import NewsItem
from jalons.history.selectors import fact_verb, with_replaced


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


def action_activity(asked: ActivityQuestion) -> Iterator[ActivityRows]:
    """The dates of dispositifs and their follow-ups, with what was corrected."""
    where: dict[str, Any] = {"recorded_at__gte": asked.start}
    if not (asked.territory.everywhere and territory_of(asked.user, Right.READ_ACTIONS).everywhere):
        actions = Action.objects.visible_to(asked.user).in_territory(asked.territory).order_by()
        where["action__in"] = actions.values("pk")
    for kind, model in RECOUNTED:
        if asked.asks(kind):
            yield ActivityRows(model.objects.filter(**where), partial(tell_versions, kind, model))


def tell_versions(kind: ActivityKind, model: Any, pks: Sequence[int]) -> Iterator[tuple[int, ActivityItem]]:
    sentence = follow_up_sentence if kind == ActivityKind.FOLLOW_UPS else intervention_sentence
    for row, before in with_replaced(model, pks, "action", "organisation"):
        key = f"{model._meta.model_name}/{row.pk}"
        yield row.pk, ActivityItem(key, kind, row.action, sentence(row, before), row.recorded_at)


RECOUNTED: tuple[tuple[ActivityKind, Any], ...] = (
    (ActivityKind.ACTIONS, Intervention),
    (ActivityKind.FOLLOW_UPS, FollowUp),
)


def follow_up_sentence(report: FollowUp, before: FollowUp | None) -> str:
    verb = fact_verb(before, report, "a rempli")
    return f"{report.organisation} {verb} le suivi au {format_date(report.valid_on)}"


def intervention_sentence(row: Intervention, before: Intervention | None) -> str:
    """« DDETS du Nord a fermé ce dispositif le 12/12/2025 », « … a corrigé ses dates : fin prévue le … »."""
    if before is None:
        return f"{row.organisation} a déclaré ce dispositif, commencé le {format_date(row.valid_on)}"
    if row.withdrawn:
        return f"{row.organisation} a retiré les dates de ce dispositif"
    if row.ended_on and not before.ended_on:
        return f"{row.organisation} a fermé ce dispositif le {format_date(row.ended_on)}"
    if before.ended_on and not row.ended_on:
        return f"{row.organisation} a rouvert ce dispositif"
    changes = [
        f"{label} {format_date(now)}" if now else "sans fin prévue"
        for label, was, now in (
            ("début le", before.valid_on, row.valid_on),
            ("fin prévue le", before.planned_end, row.planned_end),
            ("fermé le", before.ended_on, row.ended_on),
        )
        if was != now
    ]
    if not changes:
        return f"{row.organisation} a corrigé le bilan final de ce dispositif"
    return f"{row.organisation} a corrigé les dates de ce dispositif\u00a0: {', '.join(changes)}"
