"""The concours de la force publique is granted, or the delay to answer ends: an evacuation may come at any time."""

import datetime as dt
from collections.abc import Iterator

from jalons.accounts.enums import Right
from jalons.core.values import format_date
from jalons.sites.enums import ProcedureKind, ProcedureStatus
from jalons.thresholds.enums import Bounds
from jalons.urgency.enums import RuleWeight
from jalons.urgency.ground import SitesInView
from jalons.urgency.rule import AlertRule, Rise, RuleLimit

# Silence is a refusal after two months (code des procédures civiles d’exécution, article R. 153-1).
ANSWERED_WITHIN = dt.timedelta(days=61)


def find(ground: SitesInView) -> Iterator[Rise]:
    for site, steps in ground.steps.items():
        requests = [step for step in steps if step.kind == ProcedureKind.CFP]
        if not requests:
            continue
        last = requests[-1]
        ends = last.day + ANSWERED_WITHIN
        if last.status == ProcedureStatus.GRANTED:
            yield Rise(site, last.day)
        elif last.status == ProcedureStatus.REQUESTED and timed(ends, ground.day, ground.delay(RULE, site)):
            yield Rise(site, last.day, ends)


def timed(ends: dt.date, today: dt.date, notice: dt.timedelta) -> bool:
    """The answer is due within the notice, and not past."""
    return today <= ends <= today + notice


def words(detail: dt.date | None) -> str:
    if detail is None:
        return "concours de la force publique obtenu"
    return f"concours de la force publique demandé, réponse attendue le {format_date(detail)} au plus tard"


RULE = AlertRule(
    code="public_force",
    sentence="Concours de la force publique",
    meaning="Il est obtenu, ou demandé et la réponse est attendue dans moins de {}.",
    right=Right.READ_JUSTICE,
    weight=RuleWeight.FIRST,
    find=find,
    words=words,
    limit=RuleLimit(Bounds(30, 1, 61)),
    anchor="procedures",
)
