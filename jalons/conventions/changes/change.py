"""One change between two dossiers: where it is, what it was, what it becomes."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from jalons.conventions.changes.describing import DescribedPart
from jalons.core.values import Number, exact, format_euros, format_number
from jalons.core.values.formats import MINUS
from jalons.core.values.numbers import add


class Area(StrEnum):
    """Which part of the convention a change is in."""

    SHEET = "sheet"
    TEXT = "text"
    PAYMENT_ARTICLE = "payment_article"
    HEADING = "heading"
    ANNEX = "annex"
    DELIBERATION = "deliberation"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is said otherwise. `sheet`: its key, empty when it is on none.

    `before`, `after`: in words, empty when nothing was said. `delta`: after minus before, in euros when `is_money`,
    None when one of them is no number. `part`: whose money (`part_etat`, `total`…).
    `follow_up`: what is written while the convention lives (accounts, figures so far, follow-up tables, signatures):
    nobody voted on it, and no amendment says it.
    """

    sheet: str
    where: str
    what: str
    before: str
    after: str
    delta: Number | None = None
    is_money: bool = False
    area: Area = Area.SHEET
    part: str = ""
    follow_up: bool = False

    @property
    def delta_words(self) -> str:
        """« +1 € », « −40 », nothing when there is no difference to tell."""
        return "" if self.delta is None else signed(self.delta, is_money=self.is_money)


def signed(delta: Number, *, is_money: bool = True) -> str:
    words = (format_euros if is_money else format_number)(abs(Decimal(delta)))
    return words if not delta else f"{'+' if delta > 0 else MINUS}{words}"


@dataclass(frozen=True, slots=True)
class ChangePlace:
    """Where the comparison stands."""

    area: Area
    sheet: str = ""
    where: str = ""
    follow_up: bool = False

    def at(self, where: str, *, follow_up: bool = False) -> "ChangePlace":
        return ChangePlace(self.area, self.sheet, where, self.follow_up or follow_up)


def change(
    place: ChangePlace, what: str, before: DescribedPart, after: DescribedPart, part: str = ""
) -> Change:
    comparable = before.number is not None and after.number is not None and before.unit == after.unit
    delta = None
    if comparable and before.number != after.number:
        delta = add(after.number or 0, exact(-Decimal(before.number or 0)))
    elif before.is_money or after.is_money:
        # An amount that appears or goes away counts whole.
        if after.number is not None and before.number is None:
            delta = after.number
        elif before.number is not None and after.number is None:
            delta = exact(-Decimal(before.number))
    same = before.words == after.words
    return Change(
        place.sheet,
        place.where,
        what[:1].upper() + what[1:],
        (before.printed or before.words) if same else before.words,
        (after.printed or after.words) if same else after.words,
        delta,
        before.is_money or after.is_money,
        place.area,
        part,
        place.follow_up,
    )


def cut(words: str, longest: int = 90) -> str:
    line = " ".join(str(words).split())
    return line if len(line) <= longest else f"{line[:longest].rstrip()}…"
