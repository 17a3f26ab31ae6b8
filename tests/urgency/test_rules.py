"""Each rule of alert: a case that rises, one that does not, one at the limit."""

import datetime as dt
from collections import Counter

import pytest

from jalons.accounts.enums import Right
from jalons.sites.models import Site
from jalons.sites.warnings import count_warnings, odd_counts
from jalons.urgency.engine import priorities
from jalons.urgency.enums import LimitUnit
from jalons.urgency.rules import RULES
from tests import factories
from tests.factories import LILLE, Cast, make_site
from tests.urgency.cases import CASES, Case

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.what}")
def test_rule(cast: Cast, case: Case) -> None:
    site, neighbour = make_site("Rue du Moulin"), make_site("Rue des Fleurs")
    for fact in case.facts:
        fact(site)
    ranking = priorities(cast.correspondent59)
    reasons = [reason for reason in ranking.reasons_on(site.pk) if reason.rule.code == case.rule]
    assert not ranking.broken
    assert bool(reasons) == case.holds
    assert all(reason.words for reason in reasons)
    # What is said of a site is not said of the one beside it.
    bare = priorities(cast.correspondent59, only=[neighbour.pk])
    assert {reason.rule.code for reason in bare.reasons_on(neighbour.pk)} == {"survey_stale", "no_action"}


def test_every_rule_has_both_verdicts() -> None:
    verdicts = Counter((case.rule, case.holds) for case in CASES)
    assert {(code, holds) for code in RULES for holds in (True, False)} <= set(verdicts)
    assert all(verdicts[code, True] + verdicts[code, False] >= 3 for code in RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_what_a_rule_declares(rule: object) -> None:
    declared = RULES[rule.code]  # type: ignore[attr-defined]
    assert len(declared.code) <= 30, "la colonne d’une mise en sourdine"
    assert declared.right in (Right.READ_SITES, Right.READ_JUSTICE, Right.READ_ACTIONS, Right.READ_FUNDING)
    assert ("{}" in declared.meaning) == (declared.limit is not None)
    if declared.limit:
        bounds = declared.limit.bounds
        assert bounds.least <= bounds.default <= bounds.most
        assert declared.limit.unit != LimitUnit.PERCENT or bounds.most <= 100


def test_a_count_is_odd_in_the_database_where_a_warning_says_so(cast: Cast) -> None:
    """`odd_counts` and `count_warnings` read the same wholes: at their limit, past it, where nothing is known."""
    site = factories.make_site("Rue du Moulin", LILLE)
    counts: list[dict[str, int | None]] = [
        {"people": 20, "minors": 20, "women": 20, "households": 20},
        *({"people": 20, part: 21} for part in ("minors", "women", "households")),
        *(
            {"people": 20, "minors": 8, part: number}
            for part in ("girls", "minors_at_school")
            for number in (8, 9)
        ),
        {"people": 20, "minors": 8, "minors_0_3": 4, "minors_6_12": 4},
        {"people": 20, "minors": 8, "minors_0_3": 4, "minors_6_12": 5},
        {"people": 20, "minors_0_3": 40},
        {"people": 0, "minors_at_school": 3},
    ]
    surveys = [
        factories.make_survey(site, dt.date(2024, 1, 1) + dt.timedelta(days=day), **values)
        for day, values in enumerate(counts)
    ]
    odd = set(Site.objects.filter(odd_counts("surveys")).values_list("surveys", flat=True))
    said = {
        survey.pk
        for survey in surveys
        if count_warnings({name: getattr(survey, name) for name in survey.COUNTS})
    }
    assert odd == said
    assert len(said) == 6
