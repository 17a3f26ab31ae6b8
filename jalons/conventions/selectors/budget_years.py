"""The budgets of a convention over its years."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jalons.conventions.enums import Stage
from jalons.conventions.ledger import plus
from jalons.conventions.models import BudgetAmount, BudgetLine, Commitment
from jalons.core.values import Number

TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Money:
    """The budget of a year, in euros; None: nobody said it. `sheets`: how many sheets it adds up, of `asked`."""

    year: int
    planned: Number | None = None
    executed: Number | None = None
    sheets: int = 0
    asked: int = 0


# By sheet and year: planned, executed.
Sums = Mapping[tuple[int, int], tuple[Number | None, Number | None]]


def money_of(commitments: Sequence[Commitment]) -> Sums:
    by_pk = {each.pk: each for each in commitments}
    lines = {each.pk: each for each in BudgetLine.objects.filter(commitment__in=list(by_pk), dropped=False)}
    by_line: dict[tuple[int, str], dict[str, Number | None]] = defaultdict(dict)
    amounts = BudgetAmount.objects.known().filter(line__in=list(lines))
    for amount in amounts.only("line_id", "part", "stage", "amount"):
        by_line[amount.line_id, amount.stage][amount.part] = amount.euros
    found: dict[tuple[int, int], tuple[Number | None, Number | None]] = {}
    for pk, line in lines.items():
        commitment = by_pk[line.commitment_id]
        year = line.year or commitment.convention.year
        if year is None:
            continue
        planned, executed = found.get((commitment.pk, year), (None, None))
        found[commitment.pk, year] = (
            plus(planned, whole(by_line[pk, Stage.PLANNED])),
            plus(executed, whole(by_line[pk, Stage.EXECUTED])),
        )
    return found


def whole(parts: Mapping[str, Number | None]) -> Number | None:
    """The sum of the shares; the printed total without any."""
    found: Number | None = None
    for part, amount in parts.items():
        if part != TOTAL:
            found = plus(found, amount)
    return parts.get(TOTAL) if found is None else found


def money_of_sheet(commitment: Commitment, commitments: Sequence[Commitment], money: Sums) -> list[Money]:
    """The years of a sheet: what its own year says of each, else what another year recalls."""
    same = same_sheet(commitment, commitments)
    found: dict[int, Money] = {}
    for each in same:  # oldest first
        for (pk, year), (planned, executed) in money.items():
            own = each.convention.year == year
            if pk == each.pk and (own or year not in found):
                found[year] = Money(year, planned, executed)
    return [found[year] for year in sorted(found)]


def same_sheet(commitment: Commitment, commitments: Sequence[Commitment]) -> list[Commitment]:
    """A sheet and those it was opened from or became; by its numbers when nobody linked them. Oldest first."""
    by_pk = {each.pk: each for each in commitments}
    linked, above = {commitment.pk}, commitment.previous_id
    while above in by_pk:
        linked.add(above)
        above = by_pk[above].previous_id
    grew = True
    while grew:
        after = {each.pk for each in commitments if each.previous_id in linked} - linked
        linked |= after
        grew = bool(after)
    years = {by_pk[pk].convention_id for pk in linked}
    linked |= {
        each.pk
        for each in commitments
        if each.convention_id not in years
        and each.numbers == commitment.numbers
        and each.numbers
        and not each.parent_id
        and not commitment.parent_id
    }
    return sorted((by_pk[pk] for pk in linked), key=lambda each: each.convention.year or 0)


def money_of_all(commitments: Sequence[Commitment], money: Sums) -> list[Money]:
    """Each convention of the chain for its own year; a theme is part of its mother, and counted once."""
    found: dict[int, Money] = {}
    for each in commitments:
        year = each.convention.year
        if year is None or each.parent_id:
            continue
        planned, executed = money.get((each.pk, year), (None, None))
        before = found.get(year, Money(year))
        found[year] = Money(
            year,
            plus(before.planned, planned),
            plus(before.executed, executed),
            before.sheets + (planned is not None),
            before.asked + 1,
        )
    return [found[year] for year in sorted(found)]
