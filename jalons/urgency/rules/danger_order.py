"""The building or the ground was declared dangerous or insalubrious."""

from collections.abc import Iterator

from jalons.accounts.enums import Right
from jalons.sites.enums import ProcedureKind, ProcedureStatus
from jalons.urgency.enums import RuleWeight
from jalons.urgency.ground import SitesInView
from jalons.urgency.rule import AlertRule, Rise


def find(ground: SitesInView) -> Iterator[Rise]:
    for site, steps in ground.steps.items():
        orders = [step for step in steps if step.kind == ProcedureKind.INSALUBRITY]
        if orders and orders[-1].status not in (ProcedureStatus.NONE, ProcedureStatus.REFUSED):
            yield Rise(site, orders[-1].day)


def words(detail: None) -> str:
    return "arrêté d’insalubrité ou de péril"


RULE = AlertRule(
    code="danger_order",
    sentence="Arrêté d’insalubrité ou de péril",
    meaning="Un arrêté d’insalubrité ou de péril est enregistré dans les procédures.",
    right=Right.READ_JUSTICE,
    weight=RuleWeight.MUCH,
    find=find,
    words=words,
    anchor="procedures",
)
