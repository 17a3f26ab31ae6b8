"""Nobody counted the inhabitants for long, or ever."""

from collections.abc import Iterator

from jalons.accounts.enums import Right
from jalons.core.values import format_number
from jalons.thresholds.enums import BOUNDS, ThresholdCode
from jalons.urgency.enums import RuleWeight
from jalons.urgency.ground import SitesInView
from jalons.urgency.rule import AlertRule, Rise, RuleLimit


def find(ground: SitesInView) -> Iterator[Rise]:
    delays = ground.delays(RULE)
    for site, row in ground.sites.items():
        if row.day is None:
            yield Rise(site, None)
        elif (age := ground.day - row.day) > delays[row.departement]:
            yield Rise(site, row.day, age.days)


def words(detail: int | None) -> str:
    return "jamais recensé" if detail is None else f"pas de recensement depuis {format_number(detail)} jours"


RULE = AlertRule(
    code="survey_stale",
    sentence="Plus de recensement",
    meaning="Le dernier recensement a plus de {}, ou le site n’a jamais été recensé.",
    right=Right.READ_SITES,
    weight=RuleWeight.SOME,
    find=find,
    words=words,
    limit=RuleLimit(BOUNDS[ThresholdCode.SURVEY_STALE], national=ThresholdCode.SURVEY_STALE),
    anchor="recensements",
)
