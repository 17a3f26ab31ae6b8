"""What the chain is made of: two amounts that must be the same, and what they say when they are not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from jalons.conventions.dossier import ledger
from jalons.conventions.dossier.additions import sum_words
from jalons.conventions.dossier.content import TOTAL
from jalons.conventions.models import AnnexLine
from jalons.core.values import Number, Sum, french_spaces

ROUNDING = 1  # euro a share: above, it is no rounding any more


class MoneyLinkState(StrEnum):
    """In the order of what to look at first."""

    GAP = "gap"
    WARNING = "warning"
    UNKNOWN = "unknown"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class MoneyLink:
    """Two amounts that must be the same. `where` in words; `share` in words (« part de l’État »); `sheet`: its key.

    `gap`: expected minus found, None when one of them is unknown. `note`: what more there is to say.
    """

    where: str
    share: str = ""
    expected: Number | None = None
    found: Number | None = None
    sheet: str = ""
    note: str = ""
    forced: MoneyLinkState | None = None

    @property
    def gap(self) -> Decimal | None:
        if self.expected is None or self.found is None:
            return None
        return Decimal(self.expected) - Decimal(self.found)

    @property
    def state(self) -> MoneyLinkState:
        if self.forced is not None:
            return self.forced
        gap = self.gap
        if gap is None:
            return MoneyLinkState.UNKNOWN
        if not gap:
            return MoneyLinkState.RIGHT
        return MoneyLinkState.WARNING if abs(gap) <= ROUNDING else MoneyLinkState.GAP


@dataclass(frozen=True, slots=True)
class ChainStep:
    """A link of the chain: between `left` and `right`, every amount that must be the same."""

    key: str
    title: str
    left: str
    right: str
    links: Sequence[MoneyLink]
    notes: Sequence[str] = ()
    amount: Number | None = None  # what stands at the end of this step, for the State
    lacks: int = 0  # amounts that nobody said, and that `amount` leaves out

    @property
    def state(self) -> MoneyLinkState:
        """The worst of its links; unknown without any."""
        states = {link.state for link in self.links}
        return next(
            (link_state for link_state in MoneyLinkState if link_state in states), MoneyLinkState.UNKNOWN
        )

    def count(self, state: MoneyLinkState) -> int:
        return sum(link.state == state for link in self.links)


@dataclass(frozen=True, slots=True)
class Chain:
    steps: Sequence[ChainStep]
    equations: Sequence[str] = field(default_factory=tuple)

    def step(self, key: str) -> ChainStep:
        return next(step for step in self.steps if step.key == key)

    @property
    def links(self) -> list[MoneyLink]:
        return [link for step in self.steps for link in step.links]

    @property
    def gaps(self) -> list[MoneyLink]:
        return [link for link in self.links if link.state in (MoneyLinkState.GAP, MoneyLinkState.WARNING)]

    @property
    def is_right(self) -> bool:
        return bool(self.links) and all(link.state == MoneyLinkState.RIGHT for link in self.links)


def known_total(amounts: Sum) -> Number | None:
    """What a sum is at least; None when nothing is known of it."""
    return amounts.total if amounts.is_known else None


def link_of_sums(where: str, share: str, expected: Sum, actual: Sum) -> MoneyLink:
    """A sum that lacks an amount is compared with nothing: it says what it lacks."""
    lacking = next((side for side in (expected, actual) if side.missing), None)
    if lacking is None or not (expected.is_known and actual.is_known):
        return MoneyLink(where, share, known_total(expected), known_total(actual))
    note = french_spaces(f"La somme n’est pas complète : {sum_words(lacking)}.")
    left, right = (None if side.missing else known_total(side) for side in (expected, actual))
    return MoneyLink(where, share, left, right, note=note, forced=MoneyLinkState.UNKNOWN)


def ordered(shares: Iterable[str]) -> list[str]:
    """State, Départements, others, total."""
    return sorted(
        shares,
        key=lambda share: (
            share == TOTAL,
            share != ledger.STATE,
            not share.startswith(ledger.COUNCIL),
            share,
        ),
    )


def line_words(line: AnnexLine) -> str:
    label = line.label[:90] + ("…" if len(line.label) > 90 else "")
    return label or (f"Fiche {line.number}" if line.number else "Ligne sans intitulé")
