"""The year aimed at for the resorption comes near, and nobody wrote that anything prepares it."""

import datetime as dt
from collections.abc import Iterator

from jalons.accounts.enums import Right
from jalons.thresholds.enums import Bounds
from jalons.urgency.enums import RuleWeight
from jalons.urgency.ground import SitesInView
from jalons.urgency.rule import AlertRule, Rise, RuleLimit


def find(ground: SitesInView) -> Iterator[Rise]:
    """The target is reached at the latest on the last day of its year. A step of any kind is enough."""
    delays = ground.delays(RULE)
    for site, place, year in ground.without_step():
        if dt.date(year, 12, 31) <= ground.day + delays[place]:
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
