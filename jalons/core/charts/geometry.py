"""The arithmetic of charts: scales, ticks that read well, French months, gaps."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jalons.core.values import format_number
from jalons.core.values.dates import SHORT_MONTHS

Number = int | float | Decimal
Spot = tuple[float, float]

# Units of width that a date label needs so that two never touch.
LABEL_ROOM = 50


@dataclass(frozen=True)
class Scale:
    """From [low, high] to [start, end], linearly."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


@dataclass(frozen=True)
class TimeTick:
    """`year` is given under the first tick and when it changes."""

    x: float
    label: str
    year: str = ""


def coordinate(value: float) -> str:
    """At most one decimal, with a point whatever the language: « 12.5 », « 12 »."""
    return f"{round(value, 1):g}" if abs(value) < 100_000 else f"{value:.0f}"


def number_label(value: Number) -> str:
    return format_number(round(value, 2) if isinstance(value, float) else value)


def nice_ticks(low: float, high: float, wanted: int = 4) -> list[float]:
    """Round numbers (1, 2, 5 × 10ⁿ) from at most `low` to at least `high`; a flat range is given room."""
    if high - low <= 1e-9 * max(1.0, abs(low)):
        high = low + 1
    raw = (high - low) / wanted
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * 0.999)
    # Counts of people have no halves.
    step = max(step, 1.0) if high >= 2 else step
    first, last = math.floor(low / step), math.ceil(high / step - 1e-9)
    return [round(step * index, 10) for index in range(first, last + 1)]


def time_ticks(first: date, last: date, start: float, end: float) -> tuple[list[TimeTick], Scale]:
    """Ticks between two days and the scale of `toordinal()`. A single day stands in the middle."""
    low, high = first.toordinal(), last.toordinal()
    if high == low:
        low, high = low - 15, high + 15
    x = Scale(low, high, start, end)
    room = max(int((end - start) / LABEL_ROOM), 2)
    return _labelled(_tick_days(low, high, room), x), x


def _tick_days(low: int, high: int, room: int) -> list[date]:
    span = high - low
    if span <= 45:
        step = next((step for step in (1, 2, 5, 7, 14) if span / step < room), 30)
        return [date.fromordinal(day) for day in range(low, high + 1, step)]
    months = span / 30.4
    step = next((step for step in (1, 2, 3, 6, 12, 24, 60, 120) if months / step < room), 240)
    begin = date.fromordinal(low)
    index = begin.year * 12 + begin.month - 1
    if begin.day > 1:
        index += 1
    index += -index % step
    days = []
    while (day := date(index // 12, index % 12 + 1, 1)) <= date.fromordinal(high):
        days.append(day)
        index += step
    return days or [begin]


def _labelled(days: Sequence[date], x: Scale) -> list[TimeTick]:
    monthly = all(day.day == 1 for day in days)
    yearly = monthly and len(days) > 1 and all(day.month == 1 for day in days)
    ticks: list[TimeTick] = []
    year = 0
    for day in days:
        month = SHORT_MONTHS[day.month - 1]
        label = (
            str(day.year) if yearly else month if monthly else f"{'1er' if day.day == 1 else day.day} {month}"
        )
        ticks.append(TimeTick(x(day.toordinal()), label, "" if yearly or day.year == year else str(day.year)))
        year = day.year
    return ticks


def runs(spots: Sequence[Spot | None]) -> list[list[Spot]]:
    """Stretches without a gap: the line stops where a value is unknown."""
    stretches: list[list[Spot]] = [[]]
    for spot in spots:
        if spot is None:
            stretches.append([])
        else:
            stretches[-1].append(spot)
    return [run for run in stretches if run]


def shorten(label: str, length: int) -> str:
    return label if len(label) <= length else label[: length - 1].rstrip() + "…"


def wrap(label: str, length: int) -> list[str]:
    """At most two lines of about `length` characters, cut between words."""
    if len(label) <= length:
        return [label]
    cut = label.rfind(" ", 0, length + 1)
    cut = cut if cut > 0 else length
    return [label[:cut].rstrip(), shorten(label[cut:].strip(), length)]
