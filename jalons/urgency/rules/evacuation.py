"""People may be put out soon, and nobody knows who they are or where they could go."""

import datetime as dt
from collections.abc import Iterator

from jalons.accounts.enums import Right
from jalons.core.values import format_date
from jalons.thresholds.enums import Bounds
from jalons.urgency.enums import RuleWeight
from jalons.urgency.ground import ProcedureStep, SitesInView
from jalons.urgency.rule import AlertRule, Rise, RuleLimit


def find(ground: SitesInView) -> Iterator[Rise]:
    """A date that passed while the site is still open counts as well: nothing says that it was given up."""
    for site, step in ground.evacuations.items():
        if is_blind(ground, site, step):
            yield Rise(site, step.day, (step.evacuation_on, is_past(ground, step)))


def is_blind(ground: SitesInView, site: int, step: ProcedureStep) -> bool:
    """It is near, and no social diagnosis is done."""
    near = step.evacuation_on is not None and step.evacuation_on <= ground.day + ground.delay(RULE, site)
    return near and site not in ground.diagnosed


def is_past(ground: SitesInView, step: ProcedureStep) -> bool:
    return step.evacuation_on is not None and step.evacuation_on < ground.day


def words(detail: tuple[dt.date, bool]) -> str:
    return f"{evacuation_words(detail)}, sans diagnostic social réalisé"


def evacuation_words(detail: tuple[dt.date, bool]) -> str:
    on, passed = detail
    return f"évacuation {'dépassée depuis le' if passed else 'prévue le'} {format_date(on)}"


RULE = AlertRule(
    code="evacuation",
    sentence="Évacuation proche sans diagnostic social",
    meaning="Une évacuation est prévue dans moins de {} et aucun diagnostic social n’est réalisé.",
    right=Right.READ_JUSTICE,
    weight=RuleWeight.FIRST,
    find=find,
    words=words,
    limit=RuleLimit(Bounds(60, 7, 365)),
    anchor="procedures",
)
