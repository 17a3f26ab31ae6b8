"""A dispositif covers the site, and nobody tells how it goes."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Max

from jalons.accounts.enums import Right
from jalons.actions.models import FollowUp
from jalons.core.values import format_number
from jalons.history.querysets import NOW
from jalons.thresholds.enums import Bounds
from jalons.urgency.enums import RuleWeight
from jalons.urgency.ground import FEW, SitesInView
from jalons.urgency.rule import AlertRule, Rise, RuleLimit


def last_news(ground: SitesInView) -> dict[int, dt.date]:
    """Since when a dispositif that may be quiet for too long says nothing: its last follow-up, else its start. Those
    that told something within the shortest delay are left aside at once. Two queries.
    """
    reports = FollowUp.objects.as_of(NOW).order_by()
    recent = reports.filter(valid_on__gte=ground.day - ground.shortest(RULE)).values_list(
        "action_id", flat=True
    )
    quiet = ground.runs.keys() - set(recent.distinct())
    if not quiet:
        return {}
    before = reports.filter(action__in=list(quiet)) if len(quiet) <= FEW else reports
    days = dict(before.values_list("action_id").annotate(day=Max("valid_on")))
    return {action: days.get(action, ground.runs[action].since) for action in quiet}


def find(ground: SitesInView) -> Iterator[Rise]:
    if not ground.runs:
        return
    days = last_news(ground)
    for site, action in ground.covered_by(days):
        quiet = ground.day - days[action]
        if quiet > ground.delay(RULE, site):
            yield Rise(site, days[action], (ground.runs[action].name, quiet.days))


def words(detail: tuple[str, int]) -> str:
    name, days = detail
    return f"pas de nouvelles de « {name} » depuis {format_number(days)} jours"


RULE = AlertRule(
    code="quiet_action",
    sentence="Dispositif sans nouvelles",
    meaning="Un dispositif du site n’a pas de suivi depuis plus de {}.",
    right=Right.READ_ACTIONS,
    weight=RuleWeight.SOME,
    find=find,
    words=words,
    limit=RuleLimit(Bounds(182, 30, 365)),
    anchor="dispositifs",
)
