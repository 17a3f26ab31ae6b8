"""Nobody assessed the risk of fire, and we know it: an unknown answer says nothing."""

from collections.abc import Iterator
from typing import Any

from jalons.accounts.enums import Right
from jalons.sites.enums import Condition, Theme
from jalons.sites.models import LivingConditions
from jalons.sites.questions import NO
from jalons.urgency.enums import RuleWeight
from jalons.urgency.ground import SitesInView
from jalons.urgency.rule import AlertRule, Rise


def find(ground: SitesInView) -> Iterator[Rise]:
    # « Non » to the diagnosis makes the state one of these two: no other row is opened.
    poor = ground.standing(LivingConditions, Right.READ_SITES).filter(
        fire__in=[Condition.BAD, Condition.TO_IMPROVE], **{f"answers__{Theme.FIRE.value}__diagnostic": NO}
    )
    for site, day in poor.values_list("site_id", "valid_on"):
        yield Rise(site, day)


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
