"""What a dispositif cost by household and month, against a naive count, day by day."""

import datetime as dt
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from jalons.alike.costs import CostedRun, household_cost
from jalons.core.values import Sum

FIRST = dt.date(2023, 11, 15)
DAYS = st.integers(0, 900).map(lambda days: FIRST + dt.timedelta(days=days))
COUNTS = st.lists(
    st.dictionaries(DAYS, st.none() | st.integers(0, 30), max_size=5).map(lambda told: sorted(told.items())),
    max_size=3,
)
SPENT = st.dictionaries(
    st.integers(2023, 2026),
    st.lists(st.none() | st.integers(0, 50_000), min_size=1, max_size=3),
    max_size=4,
)


def by_hand(run: CostedRun, spent: Any, counts: Any) -> tuple[float, float, int, int, int]:
    """Day by day: the last day that it ran in each month, and what each operator had said by then."""
    ends: dict[tuple[int, int], dt.date] = {}
    day = run.since
    while day < run.until:
        ends[day.year, day.month] = day
        day += dt.timedelta(days=1)
    euros = household_months = 0.0
    years = known_months = all_months = 0
    for year in sorted({year for year, _ in ends}):
        households: list[float | None] = []
        for (of_year, _), end in ends.items():
            if of_year == year:
                last = [[number for on, number in told if on <= end] for told in counts]
                begun = [numbers[-1] for numbers in last if numbers]
                households.append(None if not begun or None in begun else float(sum(begun)))
        known = [number for number in households if number is not None]
        amounts = [amount for amount in spent.get(year, []) if amount is not None]
        if not amounts or not sum(known):
            continue
        euros += sum(amounts)
        household_months += sum(known) / len(known) * len(households)
        years, known_months, all_months = years + 1, known_months + len(known), all_months + len(households)
    return euros, household_months, years, known_months, all_months


@given(st.integers(0, 900), st.integers(1, 800), SPENT, COUNTS)
@example(0, 1, {2023: [100]}, [[(FIRST, 4)]])
@example(0, 17, {2023: [100]}, [[(FIRST, 4)]])  # the first of December
@example(47, 31, {2024: [None, 500]}, [[(FIRST, 4)], [(dt.date(2024, 1, 31), None)]])
def test_a_cost_is_what_was_executed_over_households_and_months(
    start: int, length: int, spent: Any, counts: Any
) -> None:
    since = FIRST + dt.timedelta(days=start)
    run = CostedRun(since, since + dt.timedelta(days=length))
    sums = {
        year: sum((Sum(amount, known=1) if amount is not None else Sum(empty=1) for amount in lines), Sum())
        for year, lines in spent.items()
    }
    cost = household_cost(run, sums, counts)
    euros, household_months, years, known, months = by_hand(run, spent, counts)
    assert (float(cost.spent.total), cost.years, cost.months, cost.all_months) == (
        euros,
        years,
        known,
        months,
    )
    assert abs(cost.household_months - household_months) < 1e-6
    assert cost.is_known == bool(cost.text) == bool(years)


def test_what_is_said() -> None:
    run = CostedRun(dt.date(2024, 1, 1), dt.date(2026, 1, 1))
    counts = [[(dt.date(2024, 7, 1), 10)]]
    cost = household_cost(run, {2024: Sum(12_000, known=1), 2025: Sum(6_000, known=1, empty=1)}, counts)
    assert cost.text == "≥\u00a075\u00a0€ par ménage et par mois"
    assert cost.coverage == (
        "exécuté connu pour 2 lignes de financement sur 3\u00a0; ménages connus 18 mois sur 24\u00a0; 2 années sur 2"
    )
    unknown = household_cost(run, {2024: Sum(empty=1)}, counts)
    assert (unknown.text, unknown.years, unknown.all_years) == ("", 0, 2)
    assert household_cost(run, {2024: Sum(9_000, known=1)}, []).text == ""
