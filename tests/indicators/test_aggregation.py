"""Which periods of a flow to add up, against every choice that can be made of them."""

import datetime as dt

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jalons.indicators.aggregation import Period, without_overlap
from tests.indicators.naive import best, choices, merit

FIRST = dt.date(2020, 1, 1)


def day(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)


@st.composite
def periods(draw: st.DrawFn, first: int = 0, last: int = 20, most: int = 9) -> list[Period]:
    found = draw(
        st.lists(
            st.tuples(st.integers(first, last), st.integers(0, 8), st.booleans()), min_size=0, max_size=most
        )
    )
    return [Period(day(on - min(back, on - first)), day(on), known) for on, back, known in found]


def chosen_of(told: list[Period]) -> list[Period]:
    return [told[index] for index in without_overlap(told)]


def told_of(*spans: tuple[int, int], unknown: tuple[tuple[int, int], ...] = ()) -> list[Period]:
    """Periods by the number of their days; `unknown`: those without a figure."""
    return [Period(day(since), day(on), (since, on) not in unknown) for since, on in spans]


@given(periods())
@settings(max_examples=80)
# One day known wins over many that are only told of, alone or after others.
@example(told_of((0, 5), (2, 2), unknown=((0, 5),)))
@example(told_of((0, 5), (6, 6), (3, 8), unknown=((0, 5),)))
@example(told_of((0, 5), (1, 1), (2, 5), unknown=((0, 5), (2, 5))))
# As many days known: the most told of, then the most periods, then the one that ends last.
@example(told_of((0, 3), (2, 5), (6, 9), unknown=((6, 9),)))
@example(told_of((0, 0), (1, 1), (0, 4), (2, 9), (5, 9)))
@example(told_of((0, 4), (0, 1), (2, 4)))
@example(told_of((0, 4), (1, 5)))
@example(told_of((1, 5), (0, 4)))
def test_the_choice_is_the_best_of_all(told: list[Period]) -> None:
    chosen = chosen_of(told)
    assert tuple(chosen) in {tuple(sorted(one, key=lambda period: period.on)) for one in choices(told)}
    assert merit(chosen) == merit(best(told))


@given(periods(), st.randoms(use_true_random=False))
def test_the_choice_does_not_depend_on_the_order_of_arrival(told: list[Period], random: object) -> None:
    shuffled = list(told)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert chosen_of(shuffled) == chosen_of(told)


@given(periods(0, 15, 6), periods(16, 31, 6))
def test_two_years_told_apart_are_chosen_apart(one: list[Period], other: list[Period]) -> None:
    assert chosen_of(one + other) == chosen_of(one) + chosen_of(other)


@given(periods(), st.integers(0, 20))
def test_what_ends_in_two_windows_adds_up_to_the_whole(told: list[Period], cut: int) -> None:
    chosen = chosen_of(told)
    days = sum(period.days for period in chosen)
    before = sum(period.days for period in chosen if period.on <= day(cut))
    after = sum(period.days for period in chosen if period.on > day(cut))
    assert before + after == days
    assert days <= 21


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        # Twelve months rather than their year.
        ([(0, 30), (0, 14), (15, 30)], [(0, 14), (15, 30)]),
        # The year, when a month is missing.
        ([(0, 30), (0, 14)], [(0, 30)]),
        # One day in common is an overlap; the following day is not.
        ([(0, 10), (10, 15)], [(0, 10)]),
        ([(0, 10), (11, 15)], [(0, 10), (11, 15)]),
        # As many days and periods: the one that ends last.
        ([(0, 4), (1, 5)], [(1, 5)]),
        # The same days told twice are counted once.
        ([(0, 4), (0, 4)], [(0, 4)]),
        # The most periods, wherever the longest of them are.
        ([(0, 0), (1, 1), (0, 4), (2, 9), (5, 9)], [(0, 0), (1, 1), (2, 9)]),
        ([], []),
    ],
)
def test_the_rule_in_examples(told: list[tuple[int, int]], kept: list[tuple[int, int]]) -> None:
    given_ = [Period(day(since), day(on)) for since, on in told]
    assert chosen_of(given_) == [Period(day(since), day(on)) for since, on in kept]


def test_a_period_holds_both_of_its_days() -> None:
    assert [one.days for one in told_of((3, 3), (3, 4))] == [1, 2]


def test_a_period_without_a_figure_never_hides_one() -> None:
    year, month = Period(day(0), day(30), known=False), Period(day(10), day(12))
    assert chosen_of([year, month]) == [month]
    assert chosen_of([year]) == [year]
