"""Figures that contradict each other: two sources close in time, or the parts of one count and its whole."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import ExpressionWrapper, F, FloatField, Q

from jalons.accounts.enums import Right
from jalons.core.values import format_number
from jalons.history.querysets import NOW
from jalons.sites.checks import DISAGREEMENT_DAYS
from jalons.sites.models import Survey
from jalons.sites.warnings import count_warnings
from jalons.thresholds.enums import Bounds
from jalons.thresholds.selectors import limits_in_force
from jalons.urgency.enums import LimitUnit, RuleWeight
from jalons.urgency.ground import SitesInView
from jalons.urgency.rule import AlertRule, Rise, RuleLimit

CLOSE = dt.timedelta(days=DISAGREEMENT_DAYS)


def find(ground: SitesInView) -> Iterator[Rise]:
    for site, figure in ground.figures.items():
        if figure.may_not_add_up:
            yield Rise(site, figure.day, count_warnings(figure._asdict())[0][1])
    yield from disagreeing_sources(ground)


def disagreeing_sources(ground: SitesInView) -> Iterator[Rise]:
    """Only around counts that are still up to date. The database keeps those that differ by the least limit."""
    least = min(ground.scales.limits(RULE)) / 100
    beyond = Q(people__gt=around(1 + least)) | Q(people__lt=around(1 - least))
    since = ground.day - limits_in_force().survey_stale
    others = Survey.objects.as_of(NOW).filter(
        ground.reach(Right.READ_SITES),
        Survey.CONTENDS,
        beyond,
        valid_on__gte=since - CLOSE,
        site__surveys__valid_on__gte=since,
        site__surveys__valid_on__lte=ground.day,
        site__surveys__holds_until__gt=ground.day,
    )
    names = ("site_id", "valid_on", "people", "source_kind", "source_id", "pk")
    for site, day, people, kind, source, pk in others.order_by("valid_on").values_list(*names):
        figure = ground.figures.get(site)
        if figure is None or pk == figure.pk or (kind, source) == (figure.source_kind, figure.source):
            continue
        gap = 100 * abs(people - figure.people)
        if abs(day - figure.day) <= CLOSE and gap > ground.limit(RULE, site) * figure.people:
            yield Rise(site, day, (figure.people, people))


def around(share: float) -> Any:
    return ExpressionWrapper(F("site__surveys__people") * share, output_field=FloatField())


def words(detail: tuple[int, int] | str) -> str:
    if isinstance(detail, str):
        return detail[0].lower() + detail[1:].rstrip(".")
    figure, people = detail
    return f"{format_number(figure)} personnes selon une source, {format_number(people)} selon une autre"


RULE = AlertRule(
    code="contradiction",
    sentence="Chiffres qui se contredisent",
    meaning="Deux sources à moins de trente jours diffèrent de plus de {}, ou un recensement ne tombe pas juste.",
    right=Right.READ_SITES,
    weight=RuleWeight.LITTLE,
    find=find,
    words=words,
    limit=RuleLimit(Bounds(10, 1, 100), LimitUnit.PERCENT),
    anchor="recensements",
)
