"""Adding figures up over time and places without counting twice. Pure: readings in, figures out.

A stock is true at its date: over a period it is the last one, over places the sum of the last ones. A flow
happened during its period, `since` to `on`, both included: over time it is the sum of periods that do not
overlap. A share is the sum of its numerators over the sum of its denominators.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `since` to `on`, both included. `known`: a figure was told for them, not only that there is none."""

    since: dt.date
    on: dt.date
    known: bool = True

    @property
    def days(self) -> int:
        return (self.on - self.since).days + 1


Weight = tuple[int, int, int]


def weight(period: Period) -> Weight:
    """What choosing a period brings: days with a figure first, then days told of, then detail."""
    return (period.days if period.known else 0, period.days, 1)


def plus(weight: Weight, other: Weight) -> Weight:
    return (weight[0] + other[0], weight[1] + other[1], weight[2] + other[2])


def without_overlap(periods: Sequence[Period]) -> list[int]:
    """Which of the periods told by one source to add up: indexes, in order of time.

    Of all the choices without overlap, the one with the most days known; then the most days told of; then the
    most periods, so that twelve months are kept rather than their year; then the one that ends last. A flow
    is thus counted once, whatever the order in which the follow-ups arrived. O(n log n).
    """
    order = sorted(range(len(periods)), key=lambda index: (periods[index].on, periods[index].since, index))
    ends = [periods[index].on for index in order]
    best: list[Weight] = [(0, 0, 0)]
    taken: list[bool] = []
    before: list[int] = []
    for place, index in enumerate(order):
        period = periods[index]
        compatible = bisect_left(ends, period.since, 0, place)
        with_it = plus(best[compatible], weight(period))
        taken.append(with_it >= best[-1])
        before.append(compatible)
        best.append(max(with_it, best[-1]))
    chosen: list[int] = []
    place = len(order)
    while place:
        if taken[place - 1]:
            chosen.append(order[place - 1])
            place = before[place - 1]
        else:
            place -= 1
    return chosen[::-1]
