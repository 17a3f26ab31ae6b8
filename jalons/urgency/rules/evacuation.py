"""People may be put out soon, and nobody knows who they are or where they could go."""

import datetime as dt
from collections.abc import Iterator

from jalons.accounts.enums import Right
from jalons.core.values import format_date
from jalons.sites.enums import DiagnosisStatus
from jalons.sites.models import SocialDiagnosis
from jalons.thresholds.enums import Bounds
from jalons.urgency.enums import RuleWeight
from jalons.urgency.ground import SitesInView
from jalons.urgency.rule import AlertRule, Rise, RuleLimit


def find(ground: SitesInView) -> Iterator[Rise]:
    """A date that passed while the site is still open counts as well: nothing says that it was given up."""
    planned = {
        site: step
        for site, steps in ground.steps.items()
        for step in steps
        if step.plans and step.evacuation_on <= ground.day + ground.delay(RULE, site)  # type: ignore[operator]
    }
    if not planned:
        return
    diagnosed = ground.standing(SocialDiagnosis, Right.READ_SITES).filter(status=DiagnosisStatus.DONE)
    done = set(diagnosed.values_list("site_id", flat=True))
    for site, step in planned.items():
        if site not in done:
            yield Rise(site, step.day, (step.evacuation_on, step.evacuation_on < ground.day))  # type: ignore[operator]


def words(detail: tuple[dt.date, bool]) -> str:
    on, passed = detail
    when = "dépassée depuis le" if passed else "prévue le"
    return f"évacuation {when} {format_date(on)}, sans diagnostic social réalisé"


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
