"""Sums and shares that say what they cover."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Self

from jalons.core.values.cells import LEAST_FEW, MOST_FEW, Emptiness, Kind, Value
from jalons.core.values.formats import format_number
from jalons.core.values.numbers import Number, add
from jalons.core.values.text import NBSP, plural

_MEASURES = (Kind.NUMBER, Kind.AMOUNT, Kind.DURATION, Kind.COMPOSITE)


class MixedUnitsError(ValueError):
    """Days and months, euros and persons: there is no sum."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A total and how many figures it has, lacks, or never expected. `Sum()` is the identity of `+`.

    unread: something was said that cannot be added (a text, a percentage, several measures in one cell).
    few: told as « 1 à 4 »; the total leaves them out, the words give both bounds.
    Figures are taken as never negative when a partial sum says « ≥ ».
    """

    total: Number = 0
    known: int = 0
    nd: int = 0
    empty: int = 0
    unread: int = 0
    na: int = 0
    dash: int = 0
    few: int = 0

    @classmethod
    def from_counts(
        cls, total: Number | None, known: int, expected: int, nd: int = 0, na: int = 0, dash: int = 0
    ) -> Self:
        """From a SQL aggregate, where SUM of nothing is null. `expected` leaves out `na` and `dash`.

        What is expected and neither known nor ND is empty. ValueError when the counts do not fit.
        """
        empty = expected - known - nd
        fits = total is not None if known else not total
        if not fits or min(known, nd, na, dash, empty) < 0:
            raise ValueError(f"counts do not fit: {total=} {known=} {nd=} {expected=}")
        return cls(total or 0, known=known, nd=nd, empty=empty, na=na, dash=dash)

    @property
    def missing(self) -> int:
        return self.nd + self.empty + self.unread + self.few

    @property
    def expected(self) -> int:
        """Figures that should be there; « sans objet » and dashes are not."""
        return self.known + self.missing

    @property
    def is_known(self) -> bool:
        """At least one figure was added; otherwise there is no total, not even 0."""
        return self.known > 0

    @property
    def is_complete(self) -> bool:
        return self.is_known and not self.missing

    @property
    def emptiness(self) -> Emptiness | None:
        """What to say when nothing is known. None too for several « 1 à 4 », which `display` adds up."""
        if self.known or self.few > 1:
            return None
        if self.few and self.few == self.missing:
            return Emptiness.FEW
        if self.nd:
            return Emptiness.ND
        if self.missing or not (self.na or self.dash):
            return Emptiness.EMPTY
        return Emptiness.NA if self.na else Emptiness.DASH

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(
            total=add(self.total, other.total),
            known=self.known + other.known,
            nd=self.nd + other.nd,
            empty=self.empty + other.empty,
            unread=self.unread + other.unread,
            na=self.na + other.na,
            dash=self.dash + other.dash,
            few=self.few + other.few,
        )

    def __str__(self) -> str:
        return self.display()

    def display(self, form: Callable[[Number], str] = format_number) -> str:
        """« 1 240 » when complete, « ≥ 680 (1 ND) », « 0 (1 ND) » when not; words, never 0, when nothing is known.

        « 681 à 684 » when all that it lacks was told as « 1 à 4 ».
        """
        if self.emptiness:
            return self.emptiness.words
        if self.is_complete:
            return form(self.total)
        if self.few == self.missing:
            return self.between(form)
        lacks = (
            (self.nd, "ND", "ND"),
            (self.few, f"de 1 à{NBSP}4", f"de 1 à{NBSP}4"),
            (self.empty, "non renseigné", "non renseignés"),
            (self.unread, "non chiffré", "non chiffrés"),
        )
        lacking = ", ".join(
            f"{format_number(n)}{NBSP}{plural(n, singular, many)}" for n, singular, many in lacks if n
        )
        return f"{self.bound}{form(self.least)} ({lacking})"

    @property
    def least(self) -> Number:
        """The total, and the least that each « 1 à 4 » may be."""
        return add(self.total, self.few * LEAST_FEW)

    def between(self, form: Callable[[Number], str] = format_number) -> str:
        """Both bounds of a total that lacks nothing but « 1 à 4 »."""
        return f"{form(self.least)} à{NBSP}{form(add(self.total, self.few * MOST_FEW))}"

    @property
    def bound(self) -> str:
        """« ≥ » before a total that lacks figures. Not before 0: « at least 0 » says nothing that ND does not say."""
        return f"≥{NBSP}" if self.missing and self.least else ""

    def short(self, form: Callable[[Number], str] = format_number) -> str:
        """The same without saying what is missing: « 1 240 », « ≥ 680 »; nothing when nothing is known."""
        if self.few and self.few == self.missing:
            return self.between(form)
        return f"{self.bound}{form(self.least)}" if self.is_known or self.few else ""

    def coverage(self, singular: str, several: str) -> str:
        """« 37 sites sur 51 »."""
        counted = f"{format_number(self.known)} {plural(self.known, singular, several)}"
        return f"{counted} sur {format_number(self.expected)}"


def total(values: Iterable[Value]) -> Sum:
    """Sum of the figures known, with its coverage. MixedUnitsError when they do not measure the same thing.

    A composite counts by its main number; without one nothing is guessed (see `Value.breakdown`).
    """
    whole, measures = Sum(), set()
    for value in values:
        if value.emptiness:
            whole += _ABSENT[value.emptiness]
        elif value.number is None or value.kind not in _MEASURES:
            whole += Sum(unread=1)
        else:
            whole += Sum(value.number, known=1)
            kind = Kind.NUMBER if value.kind is Kind.COMPOSITE else value.kind
            measures.add((kind, value.unit))
    if len(measures) > 1:
        raise MixedUnitsError(f"no sum of {sorted(measures)}")
    return whole


_ABSENT = {
    Emptiness.ND: Sum(nd=1),
    Emptiness.NA: Sum(na=1),
    Emptiness.DASH: Sum(dash=1),
    Emptiness.EMPTY: Sum(empty=1),
    Emptiness.FEW: Sum(few=1),
}

Figure = Value | Number | None


def ratio(numerator: Figure, denominator: Figure) -> Value:
    """The percentage computed from its parts; never from other percentages.

    Nothing to divide by (0, or a part that is not applicable) is « sans objet »; an unknown part is ND.
    """
    top, bottom = _as_value(numerator), _as_value(denominator)
    if bottom.number == 0 or not (_is_expected(top) and _is_expected(bottom)):
        return Value.na()
    if top.number is None or bottom.number is None:
        return Value.nd()
    return Value.percent(numerator=top.number, denominator=bottom.number)


@dataclass(frozen=True, slots=True)
class Ratio:
    """A share pooled over the places where both parts are known. `Ratio()` is the identity of `+`."""

    numerator: Number = 0
    denominator: Number = 0
    known: int = 0
    expected: int = 0

    @classmethod
    def pooled(cls, pairs: Iterable[tuple[Figure, Figure]]) -> "Ratio":
        """Sum of numerators over sum of denominators; a place where either is « sans objet » is left out."""
        whole = Ratio()
        for given in pairs:
            top, bottom = map(_as_value, given)
            if not (_is_expected(top) and _is_expected(bottom)):
                continue
            if top.number is None or bottom.number is None:
                whole += Ratio(expected=1)
            else:
                whole += Ratio(top.number, bottom.number, known=1, expected=1)
        return whole

    @property
    def value(self) -> Value:
        if not self.known:
            return Value.nd() if self.expected else Value.na()
        return ratio(self.numerator, self.denominator)

    @property
    def rest(self) -> Number:
        """What the share leaves out of the whole."""
        return self.denominator - self.numerator

    def __add__(self, other: "Ratio") -> "Ratio":
        return Ratio(
            add(self.numerator, other.numerator),
            add(self.denominator, other.denominator),
            self.known + other.known,
            self.expected + other.expected,
        )

    def __str__(self) -> str:
        return str(self.value)

    def coverage(self, singular: str, several: str) -> str:
        """« 218 sur 352, 29 sites de 43 »."""
        counted = f"{format_number(self.known)} {plural(self.known, singular, several)}"
        places = f"{counted} de {format_number(self.expected)}"
        if not self.known:
            return places
        return f"{format_number(self.numerator)} sur {format_number(self.denominator)}, {places}"


def _as_value(part: Figure) -> Value:
    if isinstance(part, Value):
        return part
    return Value.empty() if part is None else Value.of(part)


def _is_expected(value: Value) -> bool:
    return value.emptiness is None or value.emptiness.is_missing
