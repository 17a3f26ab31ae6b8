"""When the follow-up of a dispositif is due, and who is late. Pure: dates in, states out.

A follow-up answers the deadline nearest to its date: the one of 3 February answers that of 31 January, late. It also
serves those around it: see `served` and the decision 0023.
"""

import calendar
import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from jalons.actions.enums import Block, DueState, Rhythm
from jalons.thresholds.enums import Limits

# Months between two deadlines; the campaigns of the Dihal (end of June, end of December) are in all of them.
STEP = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3, Rhythm.HALF_YEARLY: 6}
# Spending of a year is asked from 1 January to the end of February of the next one.
SPENDING_MONTHS = (1, 2)
# When people are reminded of a deadline, counted from it.
BEFORE, SAME_DAY, AFTER = dt.timedelta(days=-7), dt.timedelta(), dt.timedelta(days=7)
# A reminder that could not be written on its day is written later, up to this; less than between two of them.
CATCH_UP = dt.timedelta(days=5)
ONE_DAY = dt.timedelta(days=1)
# Months are not all as long.
MARGIN = dt.timedelta(days=5)
# Further back than two deadlines of the slowest rhythm, nothing changes where one stands.
FAR = dt.timedelta(days=400)
# When people are reminded of the spending of the year before: (month, day).
SPENDING_DAYS = ((1, 5), (2, 1), (2, 20))


@dataclass(frozen=True, slots=True)
class Due:
    """Where one reporter stands: `on` is the deadline to watch, `missing` what it asks, `last` the last report."""

    state: DueState
    on: dt.date | None
    missing: tuple[Block, ...] = ()
    last: dt.date | None = None


def month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day some months later, or the last one of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    last = month_end(day.year + years, month + 1)
    return last.replace(day=min(day.day, last.day))


def gap_after(rhythm: Rhythm | str, last: dt.date, limits: Limits) -> dt.date:
    """The last day on which a report follows that of `last` at the rhythm: one period, and `follow_up_close` for a
    late one.
    """
    return months_later(last, STEP[Rhythm(rhythm)]) + limits.follow_up_close


# Hundreds of dispositifs are asked at the same dates.
@lru_cache(256)
def month_ends(rhythm: Rhythm | str, start: dt.date, until: dt.date) -> tuple[dt.date, ...]:
    """The last days of the months at which a rhythm asks, from `start` to `until`, both included."""
    step = STEP[Rhythm(rhythm)]
    years = range(start.year, until.year + 1)
    days = (month_end(year, month) for year in years for month in range(step, 13, step))
    return tuple(day for day in days if start <= day <= until)


def schedule(
    rhythm: Rhythm | str,
    *,
    start: dt.date,
    until: dt.date,
    limits: Limits,
    more: Iterable[dt.date] = (),
    since: dt.date = dt.date.min,
) -> list[dt.date]:
    """The deadlines of a dispositif that began on `start`, from `since` to `until`, in order. `more`: chosen dates.

    One of the rhythm that comes within `follow_up_grace` of the start asks nothing: there is nothing to tell yet.
    """
    first, chosen = max(start + limits.follow_up_grace, since), max(start, since)
    days = {*month_ends(rhythm, first, until), *(day for day in more if chosen <= day <= until)}
    return sorted(days)


def nearest(day: dt.date, deadlines: Sequence[dt.date]) -> dt.date | None:
    """The deadline that a report of `day` answers: the nearest; of two as near, the first."""
    place = bisect_left(deadlines, day)
    around = deadlines[max(place - 1, 0) : place + 1]
    return min(around, key=lambda deadline: abs(deadline - day), default=None)


def served(
    day: dt.date, deadlines: Sequence[dt.date], chosen: frozenset[dt.date], close: dt.timedelta
) -> list[dt.date]:
    """The deadlines for which a report of `day` will do: the nearest; those as `close` as that (nobody is asked twice
    in a fortnight); and the chosen dates that follow it, before the end of the period on which it reports.

    `chosen`: those of `deadlines` that the rhythm does not ask. The end of a period is asked whatever was told for a
    chosen date long before it.
    """
    near = set(deadlines[bisect_left(deadlines, day - close) : bisect_right(deadlines, day + close)])
    answered = nearest(day, deadlines)
    if answered is not None:
        near.add(answered)
    if chosen and (period_end := nearest(day, of_rhythm(deadlines, chosen))) is not None:
        near.update(deadline for deadline in deadlines if deadline in chosen and day <= deadline < period_end)
    return sorted(near)


def of_rhythm(deadlines: Sequence[dt.date], chosen: frozenset[dt.date]) -> Sequence[dt.date]:
    """The ends of periods."""
    return [deadline for deadline in deadlines if deadline not in chosen] if chosen else deadlines


def standing(
    *,
    deadlines: Sequence[dt.date],
    reports: Iterable[tuple[dt.date, Iterable[str]]],
    expected: Iterable[str],
    today: dt.date,
    limits: Limits,
    chosen: frozenset[dt.date] = frozenset(),
) -> Due:
    """Where one reporter stands today. `reports`: (date, blocks told); `expected`: the blocks asked of them.

    `chosen`: the deadlines that come in addition to those of the rhythm. One is shown as to be filled in from
    `follow_up_notice` before it.

    Only the last deadline over can be late: an older hole is closed by what was told since.
    """
    over = bisect_left(deadlines, today)
    watched = deadlines[max(over - 1, 0) :]
    blocks_by_deadline: dict[dt.date, set[str]] = {}
    last: dt.date | None = None
    heard = heard_after(watched, of_rhythm(deadlines, chosen), limits.follow_up_close)
    for day, blocks in reports:
        last = day if last is None else max(last, day)
        if day > heard:
            for deadline in served(day, deadlines, chosen, limits.follow_up_close):
                blocks_by_deadline.setdefault(deadline, set()).update(blocks)
    expected_blocks = [block for block in Block if block in set(expected)]

    def missing(deadline: dt.date) -> tuple[Block, ...]:
        written = blocks_by_deadline.get(deadline, set())
        return tuple(block for block in expected_blocks if block not in written)

    ahead = watched[1:] if over else watched
    if over and missing(watched[0]) and not (ahead and blocks_by_deadline.get(ahead[0])):
        return Due(DueState.LATE, watched[0], missing(watched[0]), last)
    for deadline in ahead:
        if lacking := missing(deadline):
            soon = deadline - today <= limits.follow_up_notice
            return Due(DueState.DUE if soon else DueState.GOOD, deadline, lacking if soon else (), last)
    return Due(DueState.GOOD, None, (), last)


def heard_after(watched: Sequence[dt.date], rhythm: Sequence[dt.date], close: dt.timedelta) -> dt.date:
    """A report of this day or before serves none of the deadlines `watched`: it reports on a period that was over
    before the first of them, and is not close to it. `rhythm`: the deadlines that are ends of periods.
    """
    if not watched:
        return dt.date.max
    place = bisect_left(rhythm, watched[0])
    return min(rhythm[place - 1], watched[0] - close - ONE_DAY) if place else dt.date.min


def decisive_since(rhythm: Rhythm | str, today: dt.date, limits: Limits) -> dt.date:
    """A report before this day changes nothing to where one stands today: see `heard_after`.

    The deadline to watch is less than a period old, the end of a period before it less than two, unless the dispositif
    began since: its first period is longer by `follow_up_grace` at most. Never beyond the deadlines that are looked at.
    """
    return max(months_later(today, -2 * STEP[Rhythm(rhythm)]) - limits.follow_up_grace - MARGIN, today - FAR)


def days_to_tell(last: dt.date | None, today: dt.date) -> list[dt.date]:
    """The days whose reminders are written today, in order. `last`: the day of the last ones written."""
    first = today - CATCH_UP
    if last is not None:
        first = max(first, last + dt.timedelta(days=1))
    return [first + dt.timedelta(days=number) for number in range((today - first).days + 1)]


def deadlines_told(days: Iterable[dt.date], *steps: dt.timedelta) -> frozenset[dt.date]:
    """The deadlines of which those days remind, at some of `BEFORE`, `SAME_DAY`, `AFTER`."""
    return frozenset(day - step for day in days for step in steps)


def spending_asked(today: dt.date) -> int | None:
    """The year of which the spending is asked on `today`, in January and February; None the rest of the year."""
    return today.year - 1 if today.month in SPENDING_MONTHS else None
