"""Figures that contradict each other: two sources close in time, or the parts of one count and its whole."""

from collections.abc import Iterator

from jalons.accounts.enums import Right
from jalons.core.values import format_number
from jalons.sites.models import Survey
from jalons.sites.warnings import count_warnings, odd_counts
from jalons.thresholds.enums import Bounds
from jalons.thresholds.selectors import limits_in_force
from jalons.urgency.enums import LimitUnit, RuleWeight
from jalons.urgency.ground import FEW, SitesInView
from jalons.urgency.rule import AlertRule, Rise, RuleLimit


def find(ground: SitesInView) -> Iterator[Rise]:
    yield from counts_that_do_not_add_up(ground)
    yield from disagreeing_sources(ground)


def counts_that_do_not_add_up(ground: SitesInView) -> Iterator[Rise]:
    """Some part is greater than its whole: one query, of these alone."""
    odd = [site for site, row in ground.sites.items() if row.is_odd]
    rows = ground.counted_sites()
    rows = rows.filter(pk__in=odd) if len(odd) <= FEW else rows.filter(odd_counts("figure"))
    columns = ("pk", "figure__valid_on", *(f"figure__{name}" for name in Survey.COUNTS))
    for site, day, *counts in rows.values_list(*columns) if odd else ():
        warnings = count_warnings(dict(zip(Survey.COUNTS, counts, strict=True)))
        yield Rise(site, day, warnings[0][1])


def disagreeing_sources(ground: SitesInView) -> Iterator[Rise]:
    """Only around counts that are still up to date: the one of another source that differs most."""
    since = ground.day - limits_in_force().survey_stale
    limits = ground.limits(RULE)
    for site, figure in ground.figures.items():
        other = figure.people_apart
        if other is None or figure.day < since:
            continue
        if 100 * abs(other - figure.people) > limits[figure.departement] * figure.people:
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
