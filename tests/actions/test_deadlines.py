"""When the follow-up is due and who is late, against a replay day by day."""

import calendar
import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jalons.actions.deadlines import (
    AFTER,
    BEFORE,
    FAR,
    SAME_DAY,
    SPENDING_DAYS,
    Due,
    days_to_tell,
    deadlines_told,
    decisive_since,
    gap_after,
    month_end,
    month_ends,
    months_later,
    nearest,
    schedule,
    served,
    spending_asked,
    standing,
)
from jalons.actions.enums import Block, DueState, Rhythm
from jalons.thresholds.enums import DEFAULTS

DAY = dt.timedelta(days=1)
STARTS = st.dates(dt.date(2019, 11, 1), dt.date(2020, 4, 1))
MONTHS = {Rhythm.MONTHLY: range(1, 13), Rhythm.QUARTERLY: (3, 6, 9, 12), Rhythm.HALF_YEARLY: (6, 12)}
BLOCKS = [Block.PUBLIC, Block.SCHOOL, Block.LOCAL]
days_of_2020 = st.dates(dt.date(2020, 1, 1), dt.date(2020, 12, 31))
blocks = st.lists(st.sampled_from(BLOCKS), unique=True, max_size=3).map(tuple)


def every_day(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + number * DAY for number in range((last - first).days + 1)]


def naive_schedule(rhythm: Rhythm, start: dt.date, until: dt.date, more: list[dt.date]) -> list[dt.date]:
    found = []
    for day in every_day(start, until):
        last_of_month = (day + DAY).month != day.month
        asked = last_of_month and day.month in MONTHS[rhythm] and (day - start).days >= 14
        if asked or day in more:
            found.append(day)
    return found


@given(
    st.sampled_from(list(Rhythm)),
    STARTS,
    st.integers(0, 700),
    st.lists(st.dates(dt.date(2019, 10, 1), dt.date(2021, 6, 1)), max_size=4),
)
# Fourteen days after the start exactly, thirteen, and a date chosen on either end.
@example(Rhythm.MONTHLY, dt.date(2020, 1, 17), 14, [])
@example(Rhythm.MONTHLY, dt.date(2020, 1, 18), 13, [])
@example(Rhythm.MONTHLY, dt.date(2020, 1, 17), 3, [dt.date(2020, 1, 17), dt.date(2020, 1, 20)])
@example(Rhythm.MONTHLY, dt.date(2020, 1, 17), 3, [dt.date(2020, 1, 16), dt.date(2020, 1, 21)])
@example(Rhythm.HALF_YEARLY, dt.date(2019, 12, 17), 380, [])
def test_the_schedule_is_that_of_the_calendar(
    rhythm: Rhythm, start: dt.date, length: int, more: list[dt.date]
) -> None:
    until = start + length * DAY
    assert schedule(rhythm, limits=DEFAULTS, start=start, until=until, more=more) == naive_schedule(
        rhythm, start, until, more
    )


def test_a_start_in_the_middle_of_a_month_of_a_leap_year() -> None:
    start, until = dt.date(2020, 2, 15), dt.date(2020, 4, 30)
    monthly = schedule(Rhythm.MONTHLY, limits=DEFAULTS, start=start, until=until)
    assert monthly == [dt.date(2020, 2, 29), dt.date(2020, 3, 31), dt.date(2020, 4, 30)]
    # Thirteen days after the start there is nothing to tell yet, unless the date was chosen.
    late = dt.date(2020, 2, 16)
    assert schedule(Rhythm.MONTHLY, limits=DEFAULTS, start=late, until=until)[0] == dt.date(2020, 3, 31)
    chosen = [dt.date(2020, 2, 29), dt.date(2020, 2, 29)]
    assert schedule(Rhythm.MONTHLY, limits=DEFAULTS, start=late, until=until, more=chosen)[0] == dt.date(
        2020, 2, 29
    )


@given(days_of_2020, st.sets(days_of_2020, max_size=6))
# Of two as near, the first; a day more or less; the day itself; before the first, after the last.
@example(dt.date(2020, 2, 15), {dt.date(2020, 1, 31), dt.date(2020, 3, 1)})
@example(dt.date(2020, 2, 16), {dt.date(2020, 1, 31), dt.date(2020, 3, 1)})
@example(dt.date(2020, 2, 14), {dt.date(2020, 1, 31), dt.date(2020, 3, 1)})
@example(dt.date(2020, 3, 1), {dt.date(2020, 2, 29), dt.date(2020, 3, 1), dt.date(2020, 3, 2)})
@example(dt.date(2020, 1, 1), {dt.date(2020, 3, 1)})
@example(dt.date(2020, 12, 31), {dt.date(2020, 3, 1)})
def test_a_report_answers_the_nearest_deadline(day: dt.date, deadlines: set[dt.date]) -> None:
    found = None
    for distance in range(400):
        around = {day - distance * DAY, day + distance * DAY} & deadlines
        if around:
            found = min(around)
            break
    assert nearest(day, sorted(deadlines)) == found


def replayed(
    deadlines: list[dt.date],
    reports: list[tuple[dt.date, tuple[Block, ...]]],
    expected: tuple[Block, ...],
    today: dt.date,
    chosen: frozenset[dt.date],
) -> Due:
    """Day after day, keep the deadline that was last passed and what its reports said."""
    said: dict[dt.date, set[Block]] = {deadline: set() for deadline in deadlines}
    of_rhythm = [deadline for deadline in deadlines if deadline not in chosen]

    def closest(day: dt.date, among: list[dt.date]) -> dt.date:
        return min(among, key=lambda one: (abs((one - day).days), one))

    for day, told in reports:
        for deadline in deadlines:
            in_period = bool(of_rhythm) and day <= deadline < closest(day, of_rhythm)
            if (
                deadline == closest(day, deadlines)
                or abs((deadline - day).days) <= 15
                or (deadline in chosen and in_period)
            ):
                said[deadline] |= set(told)

    def lacks(deadline: dt.date) -> tuple[Block, ...]:
        return tuple(block for block in Block if block in expected and block not in said[deadline])

    last = max((day for day, _ in reports), default=None)
    passed, coming = None, []
    for day in every_day(dt.date(2020, 1, 1), dt.date(2020, 12, 31)):
        if day in said and day < today:
            passed = day
        elif day in said:
            coming.append(day)
    told_since = bool(coming) and bool(said[coming[0]])
    if passed and lacks(passed) and not told_since:
        return Due(DueState.LATE, passed, lacks(passed), last)
    for deadline in coming:
        if lacks(deadline):
            near = (deadline - today).days <= 30
            return Due(
                DueState.DUE if near else DueState.GOOD, deadline, lacks(deadline) if near else (), last
            )
    return Due(DueState.GOOD, None, (), last)


@given(
    st.sets(days_of_2020, max_size=5).map(sorted),
    st.lists(st.tuples(days_of_2020, blocks), max_size=5),
    blocks,
    days_of_2020,
    st.sets(st.integers(0, 4)),
)
def test_where_one_stands_is_what_a_replay_says(
    deadlines: list[dt.date],
    reports: list[tuple[dt.date, tuple[Block, ...]]],
    expected: tuple[Block, ...],
    today: dt.date,
    additional: set[int],
) -> None:
    chosen = frozenset(day for place, day in enumerate(deadlines) if place in additional)
    due = standing(
        limits=DEFAULTS, deadlines=deadlines, reports=reports, expected=expected, today=today, chosen=chosen
    )
    assert due == replayed(deadlines, reports, expected, today, chosen)
    if due.state == DueState.LATE:
        assert due.on == max(day for day in deadlines if day < today)
    # Whoever tells everything on the day itself owes nothing that is over.
    whole = [*reports, (today, tuple(BLOCKS))]
    after = standing(
        limits=DEFAULTS, deadlines=deadlines, reports=whole, expected=expected, today=today, chosen=chosen
    )
    assert after.state != DueState.LATE or after.on != nearest(today, deadlines)


def test_of_two_deadlines_as_near_the_first_is_answered() -> None:
    january, march = dt.date(2020, 1, 31), dt.date(2020, 3, 1)
    assert nearest(dt.date(2020, 2, 15), [january, march]) == january  # 15 days from each
    assert nearest(dt.date(2020, 2, 16), [january, march]) == march
    assert nearest(dt.date(2020, 2, 15), []) is None


def test_the_ends_of_months_hold_both_bounds() -> None:
    january, march = dt.date(2020, 1, 31), dt.date(2020, 3, 31)
    assert month_ends(Rhythm.MONTHLY, january, march) == (january, dt.date(2020, 2, 29), march)
    assert month_ends(Rhythm.MONTHLY, january + DAY, march - DAY) == (dt.date(2020, 2, 29),)
    assert month_ends(Rhythm.QUARTERLY, dt.date(2019, 12, 31), march) == (dt.date(2019, 12, 31), march)
    assert month_end(2019, 2) == dt.date(2019, 2, 28)


def test_a_chosen_date_is_kept_from_the_first_day_asked_for() -> None:
    start, until = dt.date(2020, 1, 1), dt.date(2020, 6, 30)
    chosen = [dt.date(2020, 4, 9), dt.date(2020, 4, 10)]
    days = schedule(
        Rhythm.QUARTERLY, limits=DEFAULTS, start=start, until=until, more=chosen, since=dt.date(2020, 4, 10)
    )
    assert days == [dt.date(2020, 4, 10), dt.date(2020, 6, 30)]


def test_a_deadline_is_to_be_filled_in_from_thirty_days_before() -> None:
    def state(today: dt.date) -> DueState:
        return standing(
            limits=DEFAULTS, deadlines=[dt.date(2020, 3, 31)], reports=[], expected=BLOCKS, today=today
        ).state

    assert state(dt.date(2020, 2, 29)) == DueState.GOOD
    assert state(dt.date(2020, 3, 1)) == DueState.DUE


def test_reminders_missed_are_written_up_to_five_days_later() -> None:
    today = dt.date(2020, 3, 10)
    assert days_to_tell(None, today) == every_day(dt.date(2020, 3, 5), today)
    assert days_to_tell(dt.date(2020, 3, 3), today) == every_day(dt.date(2020, 3, 5), today)
    assert days_to_tell(dt.date(2020, 3, 4), today) == every_day(dt.date(2020, 3, 5), today)
    assert days_to_tell(dt.date(2020, 3, 5), today) == every_day(dt.date(2020, 3, 6), today)
    assert days_to_tell(dt.date(2020, 3, 9), today) == [today]
    assert days_to_tell(today, today) == []


def test_people_are_reminded_a_week_before_on_the_day_and_a_week_after() -> None:
    days = [dt.date(2020, 3, 10), dt.date(2020, 3, 11)]
    assert deadlines_told(days, BEFORE) == {dt.date(2020, 3, 17), dt.date(2020, 3, 18)}
    assert deadlines_told(days, SAME_DAY) == set(days)
    assert deadlines_told(days[:1], BEFORE, AFTER) == {dt.date(2020, 3, 17), dt.date(2020, 3, 3)}


def test_people_are_reminded_of_the_spending_three_times() -> None:
    assert SPENDING_DAYS == ((1, 5), (2, 1), (2, 20))  # 5 January, 1 and 20 February


MONTH_ENDS = [dt.date(2020, month, calendar.monthrange(2020, month)[1]) for month in range(1, 13)]


@pytest.mark.parametrize(
    ("reports", "today", "state", "on", "missing"),
    [
        # Nothing told: late for the last one over only.
        ([], dt.date(2020, 3, 10), DueState.LATE, dt.date(2020, 2, 29), (Block.PUBLIC, Block.SCHOOL)),
        # The day itself is not late.
        ([], dt.date(2020, 1, 31), DueState.DUE, dt.date(2020, 1, 31), (Block.PUBLIC, Block.SCHOOL)),
        # Told in the first days of the next month.
        (
            [(dt.date(2020, 3, 3), (Block.PUBLIC, Block.SCHOOL))],
            dt.date(2020, 3, 10),
            DueState.DUE,
            dt.date(2020, 3, 31),
            (Block.PUBLIC, Block.SCHOOL),
        ),
        # A part is still missing.
        (
            [(dt.date(2020, 2, 29), (Block.PUBLIC,))],
            dt.date(2020, 3, 1),
            DueState.LATE,
            dt.date(2020, 2, 29),
            (Block.SCHOOL,),
        ),
        # The hole of February is closed by what was told for March.
        (
            [(dt.date(2020, 3, 25), (Block.PUBLIC, Block.SCHOOL))],
            dt.date(2020, 3, 26),
            DueState.GOOD,
            dt.date(2020, 4, 30),
            (),
        ),
        # Two reports of one period complete each other.
        (
            [(dt.date(2020, 2, 20), (Block.PUBLIC,)), (dt.date(2020, 2, 28), (Block.SCHOOL,))],
            dt.date(2020, 2, 29),
            DueState.GOOD,
            dt.date(2020, 3, 31),
            (),
        ),
    ],
)
def test_where_one_stands_in_examples(
    reports: list[tuple[dt.date, tuple[Block, ...]]],
    today: dt.date,
    state: DueState,
    on: dt.date,
    missing: tuple[Block, ...],
) -> None:
    due = standing(
        limits=DEFAULTS,
        deadlines=MONTH_ENDS,
        reports=reports,
        expected=(Block.SCHOOL, Block.PUBLIC),
        today=today,
    )
    assert (due.state, due.on, due.missing) == (state, on, missing)


EVERYTHING = tuple(BLOCKS)
JUNE, DECEMBER = dt.date(2020, 6, 30), dt.date(2020, 12, 31)


@pytest.mark.parametrize(
    ("told_on", "additional", "today", "on", "missing"),
    [
        # Filled in on the last day of the period; a date set for five days later asks nothing more.
        (JUNE, dt.date(2020, 7, 5), dt.date(2020, 7, 1), DECEMBER, False),
        # Fifteen days are served, the sixteenth is asked.
        (JUNE, dt.date(2020, 7, 15), dt.date(2020, 7, 1), DECEMBER, False),
        (JUNE, dt.date(2020, 7, 16), dt.date(2020, 7, 1), dt.date(2020, 7, 16), True),
        # Filled in for the additional date, five days before the end of the period: that end is served too.
        (dt.date(2020, 6, 25), dt.date(2020, 6, 25), dt.date(2020, 6, 26), DECEMBER, False),
        # Filled in early in the period on which it reports: the date that follows in that period is served.
        (dt.date(2020, 5, 1), dt.date(2020, 6, 12), dt.date(2020, 5, 20), JUNE, None),
        # A date of the period after that of the report is asked.
        (dt.date(2020, 7, 3), dt.date(2020, 10, 15), dt.date(2020, 10, 1), dt.date(2020, 10, 15), True),
        # The end of the period is asked, whatever was told long before for an additional date.
        (dt.date(2020, 5, 1), dt.date(2020, 5, 1), dt.date(2020, 6, 10), JUNE, True),
    ],
)
def test_a_report_serves_the_dates_around_it(
    told_on: dt.date, additional: dt.date, today: dt.date, on: dt.date, missing: bool | None
) -> None:
    due = standing(
        limits=DEFAULTS,
        deadlines=sorted({JUNE, DECEMBER, additional}),
        reports=[(told_on, EVERYTHING)],
        expected=EVERYTHING,
        today=today,
        chosen=frozenset([additional]),
    )
    assert due.on == on
    assert due.state != DueState.LATE
    if missing is not None:
        assert bool(due.missing) == missing


def test_a_report_serves_each_chosen_date_of_its_period_and_not_its_end() -> None:
    may, june = dt.date(2020, 5, 10), dt.date(2020, 6, 12)
    deadlines = [may, june, JUNE, DECEMBER]
    assert served(dt.date(2020, 5, 1), deadlines, frozenset([may, june]), DEFAULTS.follow_up_close) == [
        may,
        june,
    ]
    # Those of the rhythm are not.
    assert served(dt.date(2020, 5, 1), deadlines, frozenset([june]), DEFAULTS.follow_up_close) == [may]
    # Nor is one that comes before the report, or when the rhythm asks nothing.
    assert served(dt.date(2020, 6, 11), deadlines, frozenset([may, june]), DEFAULTS.follow_up_close) == [june]
    assert served(dt.date(2020, 5, 1), [may, june], frozenset([may, june]), DEFAULTS.follow_up_close) == [may]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (dt.date(2020, 1, 15), 0, dt.date(2020, 1, 15)),
        (dt.date(2020, 1, 31), 1, dt.date(2020, 2, 29)),
        (dt.date(2021, 1, 31), 1, dt.date(2021, 2, 28)),
        (dt.date(2020, 11, 30), 1, dt.date(2020, 12, 30)),
        (dt.date(2020, 12, 31), 1, dt.date(2021, 1, 31)),
        (dt.date(2020, 9, 30), 3, dt.date(2020, 12, 30)),
        (dt.date(2020, 9, 30), 6, dt.date(2021, 3, 30)),
        (dt.date(2020, 6, 30), 30, dt.date(2022, 12, 30)),
    ],
)
def test_the_same_day_some_months_later(day: dt.date, months: int, later: dt.date) -> None:
    assert months_later(day, months) == later


def test_a_report_follows_another_up_to_a_period_and_fifteen_days_later() -> None:
    last = dt.date(2020, 6, 30)
    assert gap_after(Rhythm.MONTHLY, last, DEFAULTS) == dt.date(2020, 8, 14)
    assert gap_after(Rhythm.QUARTERLY, last, DEFAULTS) == dt.date(2020, 10, 15)
    assert gap_after(Rhythm.HALF_YEARLY, last, DEFAULTS) == dt.date(2021, 1, 14)


def test_whoever_is_asked_nothing_owes_nothing() -> None:
    due = standing(limits=DEFAULTS, deadlines=MONTH_ENDS, reports=[], expected=(), today=dt.date(2020, 5, 5))
    assert due == Due(DueState.GOOD, None)


def test_the_spending_of_a_year_is_asked_at_the_start_of_the_next() -> None:
    asked = [spending_asked(dt.date(2021, month, 28)) for month in range(1, 13)]
    assert asked == [2020, 2020, *[None] * 10]


@given(
    st.sampled_from(list(Rhythm)),
    st.dates(dt.date(2018, 6, 1), dt.date(2020, 6, 1)),
    st.dates(dt.date(2020, 1, 1), dt.date(2020, 12, 31)),
    st.lists(st.tuples(st.integers(0, 900), blocks), max_size=8),
    st.lists(st.integers(-400, 400), max_size=3),
    st.integers(0, 60),
)
def test_the_reports_that_decide_are_recent(
    rhythm: Rhythm,
    start: dt.date,
    today: dt.date,
    told: list[tuple[int, tuple[Block, ...]]],
    more: list[int],
    grace: int,
) -> None:
    limits = replace(DEFAULTS, follow_up_grace=grace * DAY)
    chosen = [today + days * DAY for days in more]
    deadlines = schedule(
        rhythm, start=start, until=today + FAR, limits=limits, more=chosen, since=today - FAR
    )
    added = frozenset(deadlines).difference(month_ends(rhythm, start, today + FAR))
    reports = sorted((max(start, today - ago * DAY), words) for ago, words in told)
    since = decisive_since(rhythm, today, limits)
    whole, recent = (
        standing(limits=limits, deadlines=deadlines, reports=read, expected=BLOCKS, today=today, chosen=added)
        for read in (reports, [one for one in reports if one[0] >= since])
    )
    assert replace(recent, last=whole.last) == whole
