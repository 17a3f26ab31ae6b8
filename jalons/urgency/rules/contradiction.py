"""Figures that contradict each other: two sources close in time, or the parts of one count and its whole."""

from collections.abc import Iterator

from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from jalons.accounts.enums import Right
from jalons.core.values import format_number
from jalons.sites.models import Survey
from jalons.sites.warnings import count_warnings
from jalons.thresholds.enums import Bounds
from jalons.thresholds.selectors import limits_in_force
from jalons.urgency.enums import LimitUnit, RuleWeight
from jalons.urgency.ground import SitesInView
from jalons.urgency.rule import AlertRule, Rise, RuleLimit

# What the parts of a count may exceed.
PARTS = {
    "people": ("households", "women", "minors"),
    "minors": ("girls", "minors_at_school"),
}
AGES = ("minors_0_3", "minors_3_6", "minors_6_12", "minors_12_16", "minors_16_18")


def find(ground: SitesInView) -> Iterator[Rise]:
    yield from counts_that_do_not_add_up(ground)
    yield from disagreeing_sources(ground)


def counts_that_do_not_add_up(ground: SitesInView) -> Iterator[Rise]:
    """Some part is greater than its whole: one query, which returns these alone."""
    wrong = Q()
    for whole, parts in PARTS.items():
        for part in parts:
            wrong |= Q(**{f"figure__{part}__gt": F(f"figure__{whole}")})
    wrong |= Q(figure__minors__lt=sum((Coalesce(F(f"figure__{age}"), 0) for age in AGES), Value(0)))
    columns = ("pk", "figure__valid_on", *(f"figure__{name}" for name in Survey.COUNTS))
    for site, day, *counts in ground.counted_sites().filter(wrong).values_list(*columns):
        warnings = count_warnings(dict(zip(Survey.COUNTS, counts, strict=True)))
        yield Rise(site, day, warnings[0][1])


def disagreeing_sources(ground: SitesInView) -> Iterator[Rise]:
    """Only around counts that are still up to date: the one of another source that differs most."""
    since = ground.day - limits_in_force().survey_stale
    for site, figure in ground.figures.items():
        other = figure.people_apart
        if other is None or figure.day < since:
            continue
        if 100 * abs(other - figure.people) > ground.limit(RULE, site) * figure.people:
            yield Rise(site, figure.day, (figure.people, other))


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
