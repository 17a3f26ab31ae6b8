"""The money of a dispositif goes faster or slower than its time. Only where what was spent is told."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Sum

from jalons.accounts.enums import Right
from jalons.actions.models import FundingLine
from jalons.core.values import format_number
from jalons.history.querysets import NOW
from jalons.thresholds.enums import Bounds
from jalons.urgency.enums import LimitUnit, RuleWeight
from jalons.urgency.ground import RunningAction, SitesInView
from jalons.urgency.rule import AlertRule, Rise, RuleLimit


def elapsed(run: RunningAction, today: dt.date) -> Decimal | None:
    """The share, in percent, of this year’s days of a dispositif that are past; None when it has none."""
    first = max(run.since, dt.date(today.year, 1, 1))
    last = min(run.planned_end or dt.date.max, dt.date(today.year, 12, 31))
    days = (last - first).days + 1
    return 100 * Decimal(min((today - first).days + 1, days)) / days if days > 0 else None


def find(ground: SitesInView) -> Iterator[Rise]:
    """Lines where both the planned and the executed amounts are numbers: « ND » and « sans objet » say nothing."""
    runs = ground.runs_with(Right.READ_FUNDING)
    lines = FundingLine.objects.known(NOW).filter(
        year=ground.day.year, planned__gt=0, executed__isnull=False, action__in=list(runs)
    )
    sums = (
        lines.order_by().values_list("action_id").annotate(planned=Sum("planned"), executed=Sum("executed"))
    )
    gaps: dict[int, tuple[str, int, int]] = {}
    for action, planned, executed in sums:
        share = elapsed(runs[action], ground.day)
        if share is not None:
            spent = 100 * executed / planned
            gaps[action] = (runs[action].name, round(spent), round(share))
    for site, action in ground.covered_by(gaps):
        _, money, time = gaps[action]
        if abs(money - time) >= ground.limit(RULE, site):
            yield Rise(site, ground.day, gaps[action])


def words(detail: tuple[str, int, int]) -> str:
    name, spent, share = detail
    money, time = f"{format_number(spent)}\u00a0%", f"{format_number(share)}\u00a0%"
    return f"« {name} » : {money} de dépenses pour {time} du temps de l’année"


RULE = AlertRule(
    code="spending",
    sentence="Dépenses décalées du temps écoulé",
    meaning="Les dépenses de l’année d’un dispositif du site s’écartent d’au moins {} du temps écoulé.",
    right=Right.READ_FUNDING,
    weight=RuleWeight.LITTLE,
    find=find,
    words=words,
    limit=RuleLimit(Bounds(20, 5, 100), LimitUnit.PERCENT),
    anchor="dispositifs",
)
