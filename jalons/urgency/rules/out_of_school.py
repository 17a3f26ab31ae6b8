"""Minors of school age who do not go to school, in the count in use."""

from collections.abc import Iterator

from jalons.accounts.enums import Right
from jalons.core.values import format_number, plural
from jalons.thresholds.enums import Bounds
from jalons.urgency.enums import LimitUnit, RuleWeight
from jalons.urgency.ground import CountInUse, SitesInView
from jalons.urgency.rule import AlertRule, Rise, RuleLimit


def schoolable(figure: CountInUse) -> int | None:
    """From 3 to 16 when the ages are known; else all the minors; None when nothing says how many."""
    ages = (figure.minors_3_6, figure.minors_6_12, figure.minors_12_16)
    known = [count for count in ages if count is not None]
    return sum(known) if len(known) == len(ages) else figure.minors


def find(ground: SitesInView) -> Iterator[Rise]:
    for site, figure in ground.figures.items():
        expected = schoolable(figure)
        if expected is None or figure.minors_at_school is None:
            continue
        missing = expected - figure.minors_at_school
        if missing > 0 and missing >= ground.limit(RULE, site):
            yield Rise(site, figure.day, (missing, expected))


def words(detail: tuple[int, int]) -> str:
    missing, expected = detail
    verb = plural(missing, "mineur ne va", "mineurs ne vont")
    return f"{format_number(missing)} {verb} pas à l’école, sur {format_number(expected)}"


RULE = AlertRule(
    code="out_of_school",
    sentence="Mineurs non scolarisés",
    meaning="Au dernier recensement, au moins {} mineur en âge d’être scolarisé ne l’est pas.",
    right=Right.READ_SITES,
    weight=RuleWeight.SOME,
    find=find,
    words=words,
    limit=RuleLimit(Bounds(1, 1, 100), LimitUnit.COUNT),
    anchor="recensements",
)
