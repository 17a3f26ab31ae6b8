"""A step began long ago, and nobody says when it should end."""

import datetime as dt
from collections.abc import Iterator

from jalons.accounts.enums import Right
from jalons.core.values import format_date
from jalons.sites.enums import StepKind, StepState
from jalons.thresholds.enums import Bounds
from jalons.urgency.enums import RuleWeight
from jalons.urgency.ground import SitesInView
from jalons.urgency.rule import AlertRule, Rise, RuleLimit


def find(ground: SitesInView) -> Iterator[Rise]:
    """With a date foreseen it is late, or not yet: another rule says so."""
    for site, steps in ground.pending_steps.items():
        began = [
            (step.day, step.kind)
            for step in steps
            if step.state == StepState.UNDER_WAY
            and step.planned_on is None
            and step.day <= ground.day - ground.delay(RULE, site)
        ]
        if began:
            day, kind = min(began)
            yield Rise(site, day, (StepKind(kind).label, day))


def words(detail: tuple[str, dt.date]) -> str:
    step, day = detail
    return f"{step.lower()} : étape en cours depuis le {format_date(day)}, sans date prévue"


RULE = AlertRule(
    code="stuck_step",
    sentence="Étape de résorption qui dure",
    meaning="Une étape préparatoire est en cours depuis {} ou plus, sans date prévue pour finir.",
    right=Right.READ_SITES,
    weight=RuleWeight.LITTLE,
    find=find,
    words=words,
    limit=RuleLimit(Bounds(182, 30, 1095)),
    anchor="resorption",
)
