"""Accounting lines of a deliberation: which whole sheets make them. Exact subset sums, met in the middle, bounded."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from jalons.conventions.alerts.engine import Finding, euros_gap, rule
from jalons.conventions.alerts.rules.money import known_amounts
from jalons.conventions.dossier import additions, ledger
from jalons.conventions.dossier.annex_model import Pair, pairs
from jalons.conventions.dossier.content import TOTAL, DeliberationContent, Dossier
from jalons.conventions.dossier.places import listed, place
from jalons.conventions.enums import AlertLevel, AlertScope
from jalons.conventions.models import AccountingLine
from jalons.core.values import Number, exact, format_euros

DELIBERATION = AlertScope.DELIBERATION
# Above, chance alone would explain any line, and the search would be long.
MOST_ITEMS = 24
LAST = 1_000


@dataclass(frozen=True, slots=True)
class Item:
    """Something whole that a line may contain. `cents`: its amount; `rank`: where it stands in the convention."""

    label: str
    cents: int
    rank: int = 0


def cents_of(amount: Number) -> int:
    return int(Decimal(amount) * 100)


def sums_of(items: list[Item]) -> dict[int, int]:
    """Every sum of some of them → which ones (bits of their positions)."""
    sums = {0: 0}
    for position, item in enumerate(items):
        for amount, chosen in list(sums.items()):
            sums.setdefault(amount + item.cents, chosen | 1 << position)
    return sums


class Sums:
    """The sums of some of `items`, prepared once for several targets."""

    def __init__(self, items: list[Item]) -> None:
        self.items = sorted(items, key=lambda item: -item.cents)
        self.half = len(self.items) // 2
        self.left, self.right = sums_of(self.items[: self.half]), sums_of(self.items[self.half :])
        self.ordered = sorted(self.right)

    def nearest(self, cents: int) -> tuple[int, list[Item]]:
        """The sum nearest to `cents`, and what makes it."""
        best, chosen = 0, 0
        for amount, bits in self.left.items():
            at = bisect_left(self.ordered, cents - amount)
            for other in self.ordered[max(0, at - 1) : at + 1]:
                if abs(amount + other - cents) < abs(best - cents):
                    best, chosen = amount + other, bits | self.right[other] << self.half
        chosen_items = [item for position, item in enumerate(self.items) if chosen >> position & 1]
        return best, sorted(chosen_items, key=lambda item: item.rank)


@rule(
    "accounting_total", AlertLevel.WARNING, DELIBERATION, "Les lignes comptables font les montants autorisés."
)
def accounting_total(dossier: Dossier) -> Iterator[Finding]:
    for content in dossier.deliberations:
        expected = additions.total_of(amount.euros for amount in content.amounts)
        total = additions.total_of(line.proposed for line in content.lines)
        if expected is not None and total is not None:
            yield from euros_gap(
                place(f"Délibération {content.deliberation.number}", "lignes comptables"),
                expected,
                total,
                "Les lignes comptables ne font pas les montants autorisés",
                tolerance=max(1, len(content.lines)),
            )


@rule(
    "accounting_line",
    AlertLevel.WARNING,
    DELIBERATION,
    "Une ligne comptable est une somme de fiches entières.",
)
def accounting_line(dossier: Dossier) -> Iterator[Finding]:
    """By the State's shares first: a line that other shares of whole sheets explain is explained as well."""
    if not any(content.lines for content in dossier.deliberations):
        return
    known_pairs = pairs(dossier)
    for content in dossier.deliberations:
        ways = [sums for sums in map(Sums, ways_of(known_pairs, content, dossier)) if sums.items]
        for line in content.lines:
            if ways and line.proposed:
                yield from unexplained(line, content, ways)


def ways_of(pairs: list[Pair], content: DeliberationContent, dossier: Dossier) -> Iterator[list[Item]]:
    """The amounts that may add up to a line: one share of each number, and the amounts of the other conventions."""
    beside = [
        Item(amount.convention_key or "autre montant autorisé", cents_of(amount.euros), LAST)
        for amount in content.amounts
        if amount.convention_key != dossier.convention.slug and amount.euros
    ]
    known = [(pair.number, known_amounts(pair, dossier)) for pair in pairs]
    shares = dict.fromkeys(
        [ledger.STATE, *(share for _, amounts in known for share in amounts if share != TOTAL), TOTAL]
    )
    for share in shares:
        amounts = [(number, amounts.get(share)) for number, amounts in known]
        items = [
            Item(f"fiche {number}", cents_of(amount), rank)
            for rank, (number, amount) in enumerate(amounts)
            if amount
        ]
        if items and len(items) + len(beside) <= MOST_ITEMS:
            yield items + beside


def unexplained(
    line: AccountingLine, content: DeliberationContent, ways: Iterable[Sums]
) -> Iterator[Finding]:
    amount = line.proposed or 0
    cents = cents_of(amount)
    near = [sums.nearest(cents) for sums in ways]
    if any(best == cents for best, _ in near):
        return
    best, items = near[0]
    nearest = exact(Decimal(best) / 100)
    words = " / ".join(filter(None, (line.operation, line.envelope)))
    yield Finding(
        place(f"Délibération {content.deliberation.number}", f"ligne comptable {words}".strip()),
        f"Aucun ensemble de fiches entières ne fait {format_euros(amount)}. Le plus proche fait "
        f"{format_euros(nearest)}" + (f" ({listed([item.label for item in items], 20)})." if items else "."),
        format_euros(nearest),
        format_euros(amount),
        Decimal(nearest) - Decimal(amount),
    )
