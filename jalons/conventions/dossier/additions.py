"""Amounts added up with what is missing."""

from collections.abc import Collection, Iterable

from jalons.conventions.dossier.content import TOTAL
from jalons.conventions.models import AnnexLine
from jalons.conventions.models.printed import euros
from jalons.core.values import (
    Emptiness,
    Number,
    Sum,
    format_euros,
    format_number,
    french_spaces,
    parse_cell,
    plural,
)
from jalons.core.values.numbers import add

Amounts = dict[str, Number | None]


def total_of(amounts: Iterable[Number | None]) -> Number | None:
    whole: Number | None = None
    for amount in amounts:
        whole = plus(whole, amount)
    return whole


def shares_without_total(amounts: Amounts) -> Amounts:
    return {share: amount for share, amount in amounts.items() if share != TOTAL}


def plus(left: Number | None, right: Number | None) -> Number | None:
    """A sum in which an amount that nobody said brings nothing, and that is unknown when nobody said any."""
    if left is None or right is None:
        return right if left is None else left
    return add(left, right)


class Addition:
    """Lines added up part by part. `lacks`: by part, the names of the lines that bring an amount nobody said; then
    `amounts` is only a lower bound.
    """

    def __init__(self, parts: Iterable[str]) -> None:
        self.amounts: Amounts = dict.fromkeys(parts)
        self.lacks: dict[str, list[str]] = {part: [] for part in self.amounts}

    def add(self, amounts: Amounts, name: str, blanks: Collection[str] = ()) -> None:
        """`blanks`: parts where a dash or « / » is printed, which bring nothing."""
        for part in self.amounts:
            self.amounts[part] = plus(self.amounts[part], amounts.get(part))
        for part in lacking({part: amounts.get(part) for part in self.amounts}) - set(blanks):
            self.lacks[part].append(name)

    def include(self, other: "Addition") -> None:
        """The lines of another sum too."""
        for part in self.amounts:
            self.amounts[part] = plus(self.amounts[part], other.amounts.get(part))
            self.lacks[part] += other.lacks.get(part, [])

    def complete(self, part: str) -> Number | None:
        """The sum of a part; None when it lacks an amount."""
        return None if self.lacks[part] else self.amounts[part]

    def least_words(self, part: str) -> str:
        """« ≥ 13 110 734 € »; nothing when nothing is known."""
        amount = self.amounts[part]
        return "" if amount is None else f"≥\u00a0{format_euros(amount)}"


def lacking(amounts: Amounts) -> set[str]:
    """The parts of a line of which nobody said the amount. A share left blank beside others that make the total, or
    where no total is said, brings nothing.
    """
    known, whole = total_of(shares_without_total(amounts).values()), amounts.get(TOTAL)
    if whole is None:
        return set(amounts) if known is None else {TOTAL} & set(amounts)
    if (known or 0) == whole:
        return set()
    return {part for part, amount in amounts.items() if amount is None}


def blanks_of(line: AnnexLine) -> set[str]:
    """The parts where the annex prints a dash or « / »: nothing is brought there, and that is known."""
    signs = (Emptiness.DASH, Emptiness.NA)
    return {
        part
        for part, figure in line.figures.items()
        if euros(figure) is None and parse_cell(str((figure or {}).get("raw") or "")).emptiness in signs
    }


def lacking_in(line: AnnexLine) -> set[str]:
    """The parts of a printed line of which nobody said the amount."""
    return lacking({part: line.euros(part) for part in line.figures}) - blanks_of(line)


def sum_of(amounts: Iterable[Number | None]) -> Sum:
    """The same, which says how many amounts nobody said."""
    whole = Sum()
    for amount in amounts:
        whole += Sum(empty=1) if amount is None else Sum(amount, known=1)
    return whole


def sum_words(amounts: Sum) -> str:
    """« 13 197 804 € », « ≥ 13 110 734 € (1 montant inconnu) »; nothing when nothing is known."""
    if not amounts.is_known or amounts.is_complete:
        return amounts.short(format_euros)
    count = (
        f"{format_number(amounts.missing)} {plural(amounts.missing, 'montant inconnu', 'montants inconnus')}"
    )
    return french_spaces(f"{amounts.short(format_euros)} ({count})")
