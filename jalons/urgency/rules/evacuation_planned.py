"""An evacuation is planned: it is time to say where people will go. Without a diagnosis, another rule says so first."""

from collections.abc import Iterator

from jalons.accounts.enums import Right
from jalons.thresholds.enums import BOUNDS, ThresholdCode
from jalons.urgency.enums import RuleWeight
from jalons.urgency.ground import SitesInView
from jalons.urgency.rule import AlertRule, Rise, RuleLimit
from jalons.urgency.rules.evacuation import evacuation_words, is_blind, is_past


def find(ground: SitesInView) -> Iterator[Rise]:
    for site, step in ground.evacuations.items():
        near = step.evacuation_on is not None and step.evacuation_on <= ground.day + ground.delay(RULE, site)
        if near and not is_blind(ground, site, step):
            yield Rise(site, step.day, (step.evacuation_on, is_past(ground, step)))


RULE = AlertRule(
    code="evacuation_planned",
    sentence="Évacuation prévue",
    meaning="Une évacuation est prévue dans moins de {}, et la règle du diagnostic social ne le dit pas déjà.",
    right=Right.READ_JUSTICE,
    weight=RuleWeight.MUCH,
    find=find,
    words=evacuation_words,
    limit=RuleLimit(BOUNDS[ThresholdCode.EVACUATION_SOON], national=ThresholdCode.EVACUATION_SOON),
    anchor="procedures",
)
