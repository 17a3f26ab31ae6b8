"""What a dispositif cost, by household and by month. Pure: what was spent and counted in, one figure out.

Year after year, what was executed over the households followed times the months that it ran; the years of which either
is unknown are left out, and said. Nothing is ever guessed from what was planned.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jalons.core.values import Number, Sum, format_euros, format_number, plural
from jalons.core.values.text import NBSP

NOTHING = Sum()
# Of one operator: the days it counted and how many households, oldest first; None, it could not say.
Counts = Sequence[tuple[dt.date, Number | None]]


@dataclass(frozen=True, slots=True)
class CostedRun:
    """From `since` to `until`, excluded."""

    since: dt.date
    until: dt.date

    def month_ends(self) -> list[dt.date]:
        """The last day that it ran of each month, oldest first."""
        ends, first = [], self.since.replace(day=1)
        while first < self.until:
            following = (first + dt.timedelta(days=32)).replace(day=1)
            ends.append(min(following, self.until) - dt.timedelta(days=1))
            first = following
        return ends


@dataclass(frozen=True, slots=True)
class HouseholdCost:
    """`spent`: the lines of the years that count. `household_months`: those of the same years. `years` of `all_years`
    count; in them the households are known in `months` of `all_months`.
    """

    spent: Sum = NOTHING
    household_months: float = 0.0
    years: int = 0
    all_years: int = 0
    months: int = 0
    all_months: int = 0

    @property
    def is_known(self) -> bool:
        return self.household_months > 0

    @property
    def text(self) -> str:
        """« 312 € par ménage et par mois », « ≥ 312 € » when lines are missing; empty when it is not known."""
        if not self.is_known:
            return ""
        euros = round(float(self.spent.total) / self.household_months)
        return f"{self.spent.bound}{format_euros(euros)} par ménage et par mois"

    @property
    def coverage(self) -> str:
        """« exécuté connu pour 5 lignes de financement sur 6 ; ménages connus 20 mois sur 24 ; 2 années sur 3 »."""
        lines = self.spent.coverage("ligne de financement", "lignes de financement")
        months = f"ménages connus {format_number(self.months)} mois sur {format_number(self.all_months)}"
        years = f"{format_number(self.years)} {plural(self.years, 'année', 'années')}"
        return (
            f"exécuté connu pour {lines}{NBSP}; {months}{NBSP}; {years} sur {format_number(self.all_years)}"
        )


def household_cost(run: CostedRun, spent: Mapping[int, Sum], counts: Iterable[Counts]) -> HouseholdCost:
    """`spent`: what was executed, by year. `counts`: those of each operator, whose households add up."""
    series = [[*days] for days in counts]
    months_by_year: dict[int, list[Number | None]] = {}
    for end in run.month_ends():
        months_by_year.setdefault(end.year, []).append(households_on(series, end))
    total_spent, household_months = Sum(), 0.0
    years = months = all_months = 0
    for year, households in months_by_year.items():
        known = [float(number) for number in households if number is not None]
        executed = spent.get(year, Sum())
        if not (known and sum(known) and executed.is_known):
            continue
        total_spent += executed
        household_months += sum(known) / len(known) * len(households)
        years, months, all_months = years + 1, months + len(known), all_months + len(households)
    return HouseholdCost(
        spent=total_spent,
        household_months=household_months,
        years=years,
        all_years=len(months_by_year),
        months=months,
        all_months=all_months,
    )


def households_on(series: Sequence[Counts], day: dt.date) -> Number | None:
    """The last count of each operator by then, added up; None while one of those who had begun to count could not say,
    or nobody counted.
    """
    total: Number | None = None
    for counts in series:
        place = bisect_right(counts, day, key=lambda count: count[0])
        if not place:
            continue
        number = counts[place - 1][1]
        if number is None:
            return None
        total = number if total is None else total + number
    return total
