"""The follow-up of a dispositif told of children refused at school, and no later one says otherwise."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Max

from jalons.accounts.enums import Right
from jalons.actions.enums import Block, Difficulty
from jalons.actions.models import FollowUp
from jalons.history.querysets import NOW
from jalons.thresholds.enums import Bounds
from jalons.urgency.enums import RuleWeight
from jalons.urgency.ground import SitesInView
from jalons.urgency.rule import AlertRule, Rise, RuleLimit


def refusals(ground: SitesInView) -> dict[int, dt.date]:
    """The day of the last report on school of each dispositif, when it told of a refusal. Two queries."""
    reports = FollowUp.objects.as_of(NOW).filter(valid_on__gte=ground.day - ground.longest(RULE)).order_by()
    refused = reports.filter(difficulties__contains=f"|{Difficulty.REFUSAL.value}|")
    days = {
        action: day
        for action, day in refused.values_list("action_id").annotate(day=Max("valid_on"))
        if action in ground.runs
    }
    if not days:
        return {}
    later = reports.filter(blocks__contains=f"|{Block.SCHOOL.value}|", action__in=list(days))
    last = dict(later.values_list("action_id").annotate(day=Max("valid_on")))
    return {action: day for action, day in days.items() if last.get(action, day) <= day}


def find(ground: SitesInView) -> Iterator[Rise]:
    days = refusals(ground)
    for site, action in ground.covered_by(days):
        if ground.day - days[action] <= ground.delay(RULE, site):
            yield Rise(site, days[action], ground.runs[action].name)


def words(detail: str) -> str:
    return f"refus de scolarisation signalé dans « {detail} »"


RULE = AlertRule(
    code="school_refusal",
    sentence="Refus de scolarisation",
    meaning="Le dernier suivi d’un dispositif du site, depuis moins de {}, signale un refus de scolarisation.",
    right=Right.READ_ACTIONS,
    weight=RuleWeight.MUCH,
    find=find,
    words=words,
    limit=RuleLimit(Bounds(182, 30, 365)),
    anchor="dispositifs",
)
