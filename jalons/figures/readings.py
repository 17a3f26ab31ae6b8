"""What a figure is worth, and how it is said: value, coverage, freshness. Never a number for what is not known."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from jalons.core.values import Number, Ratio, Sum, format_date, format_euros, format_number, plural
from jalons.core.values.text import NBSP


@dataclass(frozen=True, slots=True)
class Tally:
    """How many things are so, of those of which it is known: `known` of `expected`."""

    count: int = 0
    known: int = 0
    expected: int = 0

    @classmethod
    def of_all(cls, count: int) -> "Tally":
        """A plain count: nothing can be missing."""
        return cls(count, count, count)

    @property
    def missing(self) -> int:
        return self.expected - self.known

    @property
    def is_known(self) -> bool:
        return self.known > 0 or not self.expected

    def short(self) -> str:
        """« 5 », « ≥ 5 »; nothing when nothing is known."""
        bound = f"≥{NBSP}" if self.missing and self.count else ""
        return f"{bound}{format_number(self.count)}" if self.is_known else ""

    def coverage(self, singular: str, several: str) -> str:
        counted = f"{format_number(self.known)} {plural(self.known, singular, several)}"
        return f"{counted} sur {format_number(self.expected)}"


Worth = Sum | Ratio | Tally


@dataclass(frozen=True, slots=True)
class FigureReading:
    """The value of a figure. `latest`: the last day of which somebody told; `earliest`: the first day of the longest
    period, which may begin before the one asked for.
    """

    worth: Worth
    latest: dt.date | None = None
    earliest: dt.date | None = None

    @property
    def number(self) -> Number | None:
        """What a chart draws and a trend compares; None when it is not known."""
        if isinstance(self.worth, Ratio):
            return self.worth.value.number
        if not self.worth.is_known:
            return None
        return self.worth.total if isinstance(self.worth, Sum) else self.worth.count

    @property
    def expected(self) -> int:
        """How many should have told."""
        return self.worth.expected

    @property
    def is_partial(self) -> bool:
        if isinstance(self.worth, Ratio):
            return self.worth.known < self.worth.expected
        return bool(self.worth.missing)

    @property
    def says_none(self) -> bool:
        """Those that answered say none, and others did not answer."""
        return not isinstance(self.worth, Ratio) and self.number == 0 and self.is_partial

    def short(self, *, euros: bool = False, none: str = "0 signalé") -> str:
        """« 12 », « ≥ 7 », « 62 % »; « 0 signalé » when others did not answer; nothing when nothing is known."""
        if isinstance(self.worth, Ratio):
            return "" if self.worth.value.emptiness else str(self.worth)
        if self.says_none:
            return none
        if isinstance(self.worth, Sum):
            form: Callable[[Number], str] = format_euros if euros else format_number
            return self.worth.short(form)
        return self.worth.short()

    def coverage(self, singular: str, several: str) -> str:
        """« 37 sites sur 51 »; « 6 sites sans réponse » when nothing but zeros was told."""
        if not self.says_none:
            return self.worth.coverage(singular, several)
        missing = self.worth.missing  # type: ignore[union-attr]  # a share never says none
        return f"{format_number(missing)} {plural(missing, singular, several)} sans réponse"

    @property
    def freshness(self) -> str:
        """« mis à jour le 30/12/2019 »."""
        return f"mis à jour le {format_date(self.latest)}" if self.latest else ""
