"""The count begins to be old. Beyond the longer delay another rule says so, instead of this one."""

from collections.abc import Iterator

from jalons.accounts.enums import Right
from jalons.core.values import format_number
from jalons.thresholds.enums import BOUNDS, ThresholdCode
from jalons.urgency.enums import RuleWeight
from jalons.urgency.ground import SitesInView
from jalons.urgency.rule import AlertRule, Rise, RuleLimit
from jalons.urgency.rules.survey_stale import RULE as STALE


def find(ground: SitesInView) -> Iterator[Rise]:
    delays, stale = ground.delays(RULE), ground.delays(STALE)
    for site, figure in ground.figures.items():
        age = ground.day - figure.day
        if delays[figure.departement] < age <= stale[figure.departement]:
            yield Rise(site, figure.day, age.days)


def words(detail: int) -> str:
    return f"recensement à mettre à jour : il a {format_number(detail)} jours"


RULE = AlertRule(
    code="survey_due",
    sentence="Recensement à mettre à jour",
    meaning="Le dernier recensement a plus de {}.",
    right=Right.READ_SITES,
    weight=RuleWeight.LITTLE,
    find=find,
    words=words,
    limit=RuleLimit(BOUNDS[ThresholdCode.SURVEY_DUE], national=ThresholdCode.SURVEY_DUE),
    anchor="recensements",
)
