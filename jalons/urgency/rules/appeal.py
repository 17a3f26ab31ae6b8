"""A court decided: whoever wants to appeal has little time left."""

import datetime as dt
from collections.abc import Iterator

from jalons.accounts.enums import Right
from jalons.core.values import format_date
from jalons.sites.enums import ProcedureKind, TriState
from jalons.thresholds.enums import Bounds
from jalons.urgency.enums import RuleWeight
from jalons.urgency.ground import SitesInView
from jalons.urgency.rule import AlertRule, Rise, RuleLimit


def find(ground: SitesInView) -> Iterator[Rise]:
    """On the last decision, unless an appeal is already known. The delay is that of an appeal: one month by default
    (code de procédure civile, article 538; fifteen days after a référé, article 490).
    """
    for site, steps in ground.steps.items():
        decisions = [step for step in steps if step.kind == ProcedureKind.DECISION]
        if not decisions or decisions[-1].appeal == TriState.YES:
            continue
        ends = decisions[-1].day + ground.delay(RULE, site)
        if ends >= ground.day:
            yield Rise(site, decisions[-1].day, ends)


def words(detail: dt.date) -> str:
    return f"décision de justice : le délai d’appel court sans doute jusqu’au {format_date(detail)}"


RULE = AlertRule(
    code="appeal",
    sentence="Délai d’appel qui court",
    meaning="Une décision de justice a moins de {} et aucun appel n’est connu.",
    right=Right.READ_JUSTICE,
    weight=RuleWeight.MUCH,
    find=find,
    words=words,
    limit=RuleLimit(Bounds(30, 10, 90)),
    anchor="procedures",
)
