"""A site that grew or emptied quickly: two counts of one source in a row, never of two."""

from collections.abc import Iterator

from jalons.accounts.enums import Right
from jalons.core.values import format_number
from jalons.thresholds.enums import Bounds
from jalons.thresholds.selectors import limits_in_force
from jalons.urgency.enums import LimitUnit, RuleWeight
from jalons.urgency.ground import SitesInView
from jalons.urgency.rule import AlertRule, Rise, RuleLimit


def find(ground: SitesInView) -> Iterator[Rise]:
    """Of the counts that are still up to date. One that only said again « rien n’a changé » is no count."""
    since = ground.day - limits_in_force().survey_stale
    limits = ground.limits(RULE)
    for site, figure in ground.figures.items():
        before = figure.people_before
        if not before or figure.day < since:
            continue
        if 100 * abs(figure.people - before) >= limits[figure.departement] * before:
            yield Rise(site, figure.day, (before, figure.people))


def words(detail: tuple[int, int]) -> str:
    before, people = detail
    share = round(100 * abs(people - before) / before)
    verb = "de plus" if people > before else "de moins"
    counts = f"de {format_number(before)} à {format_number(people)} personnes"
    return f"{format_number(share)}\u00a0% {verb} qu’au recensement d’avant de la même source ({counts})"


RULE = AlertRule(
    code="growth",
    sentence="Forte variation du nombre d’habitants",
    meaning="Entre deux recensements de la même source, le nombre de personnes a varié d’au moins {}.",
    right=Right.READ_SITES,
    weight=RuleWeight.SOME,
    find=find,
    words=words,
    limit=RuleLimit(Bounds(30, 5, 100), LimitUnit.PERCENT),
    anchor="recensements",
)
