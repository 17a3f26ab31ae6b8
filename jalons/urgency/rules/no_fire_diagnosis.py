"""Nobody assessed the risk of fire, and we know it: an unknown answer says nothing."""

from collections.abc import Iterator
from typing import Any

from jalons.accounts.enums import Right
from jalons.sites.questions import NO
from jalons.urgency.enums import RuleWeight
from jalons.urgency.ground import SitesInView
from jalons.urgency.rule import AlertRule, Rise


def find(ground: SitesInView) -> Iterator[Rise]:
    for site, row in ground.sites.items():
        if row.sdis == NO:
            yield Rise(site, row.seen_on)


def words(detail: Any) -> str:
    return "le SDIS n’a pas fait de diagnostic incendie"


RULE = AlertRule(
    code="no_fire_diagnosis",
    sentence="Pas de diagnostic incendie",
    meaning="À la question « le SDIS a-t-il fait un diagnostic ? », la dernière réponse est non.",
    right=Right.READ_SITES,
    weight=RuleWeight.SOME,
    find=find,
    words=words,
    anchor="conditions",
)
