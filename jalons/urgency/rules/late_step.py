"""A step that prepares the resorption of the site should be done by now."""

import datetime as dt
from collections.abc import Iterator

from jalons.accounts.enums import Right
from jalons.core.values import format_date
from jalons.sites.enums import StepKind
from jalons.thresholds.enums import Bounds
from jalons.urgency.enums import RuleWeight
from jalons.urgency.ground import SitesInView
from jalons.urgency.rule import AlertRule, Rise, RuleLimit


def find(ground: SitesInView) -> Iterator[Rise]:
    """The step late for longest. One foreseen today is not late: the shortest delay is a day."""
    for site, steps in ground.pending_steps.items():
        last = ground.day - ground.delay(RULE, site)
        late = [(step.planned_on, step.kind) for step in steps if step.planned_on and step.planned_on <= last]
        if late:
            planned_on, kind = min(late)
            yield Rise(site, planned_on, (StepKind(kind).label, planned_on, len(late) - 1))


def words(detail: tuple[str, dt.date, int]) -> str:
    step, planned_on, others = detail
    more = f", et {others} autre{'s' if others > 1 else ''} en retard" if others else ""
    return f"{step.lower()} : étape prévue le {format_date(planned_on)}, pas encore faite{more}"


RULE = AlertRule(
    code="late_step",
    sentence="Étape de résorption en retard",
    meaning="Une étape préparatoire prévue ou en cours a dépassé sa date prévue de {} ou plus.",
    right=Right.READ_SITES,
    weight=RuleWeight.SOME,
    find=find,
    words=words,
    limit=RuleLimit(Bounds(1, 1, 365)),
    anchor="resorption",
)
