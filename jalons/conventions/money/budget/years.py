"""The budgets of a convention over its years."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jalons.conventions.dossier.additions import plus, sum_of, sum_words
from jalons.conventions.enums import Stage
from jalons.conventions.models import BudgetAmount, BudgetLine, Commitment
from jalons.core.values import Number, Sum, format_euros

TOTAL = "total"


@dataclass(frozen=True, slots=True)
class BudgetOfYear:
    """The budget of a year. `sheets`: how many sheets it adds up, of `asked`. `stated`: what the text says, if it does.

    Everything that is added says what it lacks: an amount that nobody said is never 0.
    """

    year: int
    planned_sum: Sum = field(default_factory=Sum)
    executed_sum: Sum = field(default_factory=Sum)
    sheets: int = 0
    asked: int = 0
    stated: Number | None = None

    @property
    def planned(self) -> Number | None:
        """In euros; None: nobody said it."""
        if self.stated is not None:
            return self.stated
        return self.planned_sum.total if self.planned_sum.is_known else None

    @property
    def planned_words(self) -> str:
        return format_euros(self.stated) if self.stated is not None else sum_words(self.planned_sum)

    @property
    def executed_words(self) -> str:
        return sum_words(self.executed_sum)


# By sheet and year: planned, executed.
Sums = Mapping[tuple[int, int], tuple[Sum, Sum]]


def money_of(commitments: Sequence[Commitment]) -> Sums:
    by_pk = {commitment.pk: commitment for commitment in commitments}
    lines = {
        budget_line.pk: budget_line
        for budget_line in BudgetLine.objects.filter(commitment__in=list(by_pk), dropped=False)
    }
    by_line: dict[tuple[int, str], dict[str, Number | None]] = defaultdict(dict)
    amounts = BudgetAmount.objects.known().filter(line__in=list(lines))
    for amount in amounts.only("line_id", "part", "stage", "amount"):
        by_line[amount.line_id, amount.stage][amount.part] = amount.euros
    money: dict[tuple[int, int], tuple[Sum, Sum]] = {}
    for pk, line in lines.items():
        commitment = by_pk[line.commitment_id]
        year = line.year or commitment.convention.year
        if year is None:
            continue
        planned, executed = money.get((commitment.pk, year), (Sum(), Sum()))
        money[commitment.pk, year] = (
            planned + sum_of([whole(by_line[pk, Stage.PLANNED])]),
            executed + sum_of([whole(by_line[pk, Stage.EXECUTED])]),
        )
    return money


def whole(parts: Mapping[str, Number | None]) -> Number | None:
    """The sum of the shares; the printed total without any."""
    total: Number | None = None
    for part, amount in parts.items():
        if part != TOTAL:
            total = plus(total, amount)
    return parts.get(TOTAL) if total is None else total


def money_of_sheet(
    commitment: Commitment, commitments: Sequence[Commitment], money: Sums
) -> list[BudgetOfYear]:
    """The years of a sheet: what its own year says of each, else what another year recalls."""
    same = same_sheet(commitment, commitments)
    budget_by_year: dict[int, BudgetOfYear] = {}
    for sheet in same:  # oldest first
        for (pk, year), (planned, executed) in money.items():
            own = sheet.convention.year == year
            if pk == sheet.pk and (own or year not in budget_by_year):
                budget_by_year[year] = BudgetOfYear(year, planned, executed)
    return [budget_by_year[year] for year in sorted(budget_by_year)]


def same_sheet(commitment: Commitment, commitments: Sequence[Commitment]) -> list[Commitment]:
    """A sheet and those it was opened from or became; by its numbers when nobody linked them. Oldest first."""
    by_pk = {commitment.pk: commitment for commitment in commitments}
    linked, above = {commitment.pk}, commitment.previous_id
    while above in by_pk:
        linked.add(above)
        above = by_pk[above].previous_id
    grew = True
    while grew:
        after = {commitment.pk for commitment in commitments if commitment.previous_id in linked} - linked
        linked |= after
        grew = bool(after)
    years = {by_pk[pk].convention_id for pk in linked}
    linked |= {
        candidate.pk
        for candidate in commitments
        if candidate.convention_id not in years
        and candidate.numbers == commitment.numbers
        and candidate.numbers
        and not candidate.parent_id
        and not commitment.parent_id
    }
    return sorted((by_pk[pk] for pk in linked), key=lambda item: item.convention.year or 0)


def money_of_all(
    commitments: Sequence[Commitment], money: Sums, stated: Mapping[int, Number] | None = None
) -> list[BudgetOfYear]:
    """Each convention of the chain for its own year; a theme is part of its mother, and counted once.

    `stated`: by year, the global amount that the text of the convention states.
    """
    budget_by_year: dict[int, BudgetOfYear] = {}
    for commitment in commitments:
        year = commitment.convention.year
        if year is None or commitment.parent_id:
            continue
        planned, executed = money.get((commitment.pk, year), (Sum(empty=1), Sum(empty=1)))
        before = budget_by_year.get(year, BudgetOfYear(year))
        budget_by_year[year] = BudgetOfYear(
            year,
            before.planned_sum + planned,
            before.executed_sum + executed,
            before.sheets + planned.is_known,
            before.asked + 1,
            (stated or {}).get(year),
        )
    return [budget_by_year[year] for year in sorted(budget_by_year)]
