"""No water that people can use: the living condition says bad."""

from collections.abc import Iterator
from typing import Any

from jalons.accounts.enums import Right
from jalons.sites.enums import Theme
from jalons.urgency.enums import RuleWeight
from jalons.urgency.ground import SitesInView
from jalons.urgency.rule import AlertRule, Rise


def find(ground: SitesInView) -> Iterator[Rise]:
    for site, day in ground.where_bad(Theme.WATER):
        yield Rise(site, day)


def words(detail: Any) -> str:
    return "pas d’accès correct à l’eau"


RULE = AlertRule(
    code="no_water",
    sentence="Pas d’eau",
    meaning="La condition « eau » est mauvaise : pas d’accès, ou trop loin, ou seulement des bouteilles.",
    right=Right.READ_SITES,
    weight=RuleWeight.FIRST,
    find=find,
    words=words,
    anchor="conditions",
)
