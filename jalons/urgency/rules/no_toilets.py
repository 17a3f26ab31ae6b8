"""No toilets in working order: the living condition says bad."""

from collections.abc import Iterator
from typing import Any

from jalons.accounts.enums import Right
from jalons.sites.enums import Theme
from jalons.urgency.enums import RuleWeight
from jalons.urgency.ground import SitesInView
from jalons.urgency.rule import AlertRule, Rise


def find(ground: SitesInView) -> Iterator[Rise]:
    for site, day in ground.where_bad(Theme.SANITATION):
        yield Rise(site, day)


def words(detail: Any) -> str:
    return "pas de toilettes en état"


RULE = AlertRule(
    code="no_toilets",
    sentence="Pas de toilettes",
    meaning="Pas de toilettes en état, ou défécation à l’air libre : la condition « toilettes » est mauvaise.",
    right=Right.READ_SITES,
    weight=RuleWeight.MUCH,
    find=find,
    words=words,
    anchor="conditions",
)
