"""The year aimed at for the resorption comes near, and nobody wrote that anything prepares it."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from jalons.accounts.enums import Right
from jalons.history.querysets import NOW
from jalons.sites.models import PreparatoryStep
from jalons.thresholds.enums import Bounds
from jalons.urgency.enums import RuleWeight
from jalons.urgency.ground import SitesInView
from jalons.urgency.rule import AlertRule, Rise, RuleLimit


def find(ground: SitesInView) -> Iterator[Rise]:
    """The target is reached at the latest on the last day of its year. A step of any kind is enough."""
    last_year = (ground.day + ground.longest(RULE)).year
    steps = PreparatoryStep.objects.in_force(NOW).filter(site=OuterRef("pk")).order_by()
    targeted = ground.open_sites().filter(~Exists(steps), resorption_target__lte=last_year)
    for site, year in targeted.values_list("pk", "resorption_target"):
        if dt.date(year, 12, 31) <= ground.day + ground.delay(RULE, site):
            yield Rise(site, None, year)


def words(detail: int) -> str:
    return f"objectif de résorption {detail} : aucune étape préparatoire n’est notée"


RULE = AlertRule(
    code="no_step",
    sentence="Objectif de résorption sans étape",
    meaning="L’année visée pour la résorption finit dans {} ou moins, et aucune étape préparatoire n’est notée.",
    right=Right.READ_SITES,
    weight=RuleWeight.LITTLE,
    find=find,
    words=words,
    limit=RuleLimit(Bounds(365, 30, 1095)),
    anchor="resorption",
)
