"""What may be said of what a person does not read."""

import datetime as dt

from hypothesis import example, given
from hypothesis import strategies as st

from jalons.figures.disclosure import closed_half_year, closed_quarter, may_be_said, quarter_before
from jalons.history.querysets import AsOf


def test_three_of_each() -> None:
    assert may_be_said([1, 2, 3], [1, 2, 3])
    assert not may_be_said([1, 2], [1, 2, 3])
    assert not may_be_said([1, 2, 3], [1, 2])
    assert not may_be_said([1, 2, 2], [1, 2, 3]), "un même site ne compte qu’une fois"
    assert not may_be_said([1, 2, 3], [1, 2, 2])


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)))
@example(dt.date(2026, 3, 31))
@example(dt.date(2026, 3, 30))
@example(dt.date(2026, 1, 1))
def test_a_quarter_ends_on_the_day_or_before(day: dt.date) -> None:
    end = quarter_before(day)
    ends = {(3, 31), (6, 30), (9, 30), (12, 31)}
    candidates = [day - dt.timedelta(days=back) for back in range(93)]
    assert end == next(one for one in candidates if (one.month, one.day) in ends)


def test_both_dates_are_those_of_a_quarter() -> None:
    at = closed_quarter(AsOf(dt.date(2025, 5, 12), dt.date(2025, 8, 1)))
    assert at == AsOf(dt.date(2025, 3, 31), dt.date(2025, 6, 30))
    assert closed_quarter(AsOf(dt.date(2025, 5, 12))).known == quarter_before(AsOf().day)


def test_a_half_year_is_whole() -> None:
    since, at = closed_half_year(AsOf(dt.date(2025, 12, 30), dt.date(2025, 8, 1)))
    assert (since, at) == (dt.date(2025, 1, 1), AsOf(dt.date(2025, 6, 30), dt.date(2025, 6, 30)))
    since, at = closed_half_year(AsOf(dt.date(2025, 12, 31)))
    assert (since, at.valid) == (dt.date(2025, 7, 1), dt.date(2025, 12, 31))
    assert closed_half_year(AsOf(dt.date(2025, 5, 3)))[0] == dt.date(2024, 7, 1)
