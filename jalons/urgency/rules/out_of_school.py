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
    small, young, old = figure.minors_3_6, figure.minors_6_12, figure.minors_12_16
    return figure.minors if small is None or young is None or old is None else small + young + old


def find(ground: SitesInView) -> Iterator[Rise]:
    limits = ground.limits(RULE)
    for site, figure in ground.figures.items():
        at_school, expected = figure.minors_at_school, schoolable(figure)
        if expected is None or at_school is None:
            continue
        missing = expected - at_school
        if missing > 0 and missing >= limits[figure.departement]:
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
