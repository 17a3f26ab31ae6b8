"""What the sums of indicators should be, the slow and obvious way."""

import itertools
from collections.abc import Iterator, Sequence

from jalons.indicators.aggregation import Period


def choices(periods: Sequence[Period]) -> Iterator[tuple[Period, ...]]:
    """Every set of these periods in which no day is told twice."""
    for size in range(len(periods) + 1):
        for chosen in itertools.combinations(periods, size):
            days = [day for one in chosen for day in range(one.since.toordinal(), one.on.toordinal() + 1)]
            if len(days) == len(set(days)):
                yield chosen


def merit(chosen: Sequence[Period]) -> tuple[int, int, int, tuple[int, ...]]:
    """As the rule says: days with a figure, days told of, detail, then the one that ends last."""
    ends = sorted((one.on.toordinal() for one in chosen), reverse=True)
    known = sum(one.days for one in chosen if one.known)
    return known, sum(one.days for one in chosen), len(chosen), tuple(ends)


def best(periods: Sequence[Period]) -> tuple[Period, ...]:
    return max(choices(periods), key=merit)
