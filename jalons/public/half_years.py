"""Half-years: « 2026-S1 » ends on 30 June 2026."""

import datetime as dt
import re
from dataclasses import dataclass

from jalons.core.values import french_spaces

WRITTEN = re.compile(r"(20\d\d)-[sS]([12])")


@dataclass(frozen=True, slots=True, order=True)
class HalfYear:
    year: int
    half: int

    @classmethod
    def parse(cls, text: str) -> "HalfYear | None":
        written = WRITTEN.fullmatch(text.strip())
        return cls(int(written[1]), int(written[2])) if written else None

    @classmethod
    def holding(cls, day: dt.date) -> "HalfYear":
        return cls(day.year, 1 if day.month <= 6 else 2)

    @property
    def code(self) -> str:
        return f"{self.year}-S{self.half}"

    @property
    def first_day(self) -> dt.date:
        return dt.date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def last_day(self) -> dt.date:
        return dt.date(self.year, 6, 30) if self.half == 1 else dt.date(self.year, 12, 31)

    @property
    def next(self) -> "HalfYear":
        return HalfYear(self.year, 2) if self.half == 1 else HalfYear(self.year + 1, 1)

    def back(self, count: int) -> "HalfYear":
        number = 2 * self.year + self.half - 1 - count
        return HalfYear(number // 2, number % 2 + 1)

    def __str__(self) -> str:
        return french_spaces("1er semestre" if self.half == 1 else "2nd semestre") + f" {self.year}"


def last_over(day: dt.date) -> HalfYear:
    """The last half-year whose last day is past."""
    return HalfYear.holding(day).back(1)


def between(first: HalfYear, last: HalfYear) -> list[HalfYear]:
    half_years = []
    while first <= last:
        half_years.append(first)
        first = first.next
    return half_years
