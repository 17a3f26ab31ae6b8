"""The thresholds of the rules that are not about money, each on both sides."""

from typing import Any

import pytest

from jalons.conventions.alerts.rules.cells import broken as broken_sums
from jalons.conventions.alerts.rules.cells import gap_of_sum
from jalons.conventions.alerts.rules.figures import PrintedFigure, bag, comparable, same_unit
from jalons.conventions.alerts.rules.indicators import far, is_far, is_jump
from jalons.conventions.enums import AlertLevel
from jalons.conventions.models import Cell, MatrixColumn
from tests.conventions.alerts.checking import Json, broken
from tests.conventions.samples import money


def figure(number: float, unit: str = "", **more: Any) -> PrintedFigure:
    return PrintedFigure(MatrixColumn(), Cell(kind="number", unit=unit, **more), number)


@pytest.mark.parametrize(
    ("left", "right", "is_one"),
    [
        (10, 20, True),  # the double, ten apart
        (10, 19, False),
        (9, 19, True),
        (9, 18, False),  # the double, nine apart
        (2, 8, True),  # four times, six apart
        (1, 6, True),  # five apart
        (1, 5, False),  # four apart
        (2, 7, False),  # less than four times, five apart
        (0, 50, False),
        (-5, 50, False),
    ],
)
def test_a_jump_is_a_double_that_is_no_noise(left: int, right: int, is_one: bool) -> None:
    assert is_jump(figure(left), figure(right)) is is_one
    assert is_jump(figure(right), figure(left)) is is_one


def test_no_jump_between_what_does_not_compare() -> None:
    assert is_jump(figure(10, "jours"), figure(40, ""))
    assert not is_jump(figure(10, "jours"), figure(40, "mois"))
    assert not is_jump(figure(10, main="doubtful"), figure(40))


def test_ten_times_and_a_hundred_at_least() -> None:
    assert is_far(10, 100, 10)
    assert is_far(100, 10, 10)
    assert not is_far(10, 99, 10)
    assert not is_far(11, 100, 10)
    assert is_far(30, 900, 30)


@pytest.mark.parametrize(
    ("numbers", "apart"),
    [
        ([100, 10, 10, 10], [100]),  # ten times each of three others
        ([100, 10, 10, 11], []),
        ([300, 10, 10], [300]),  # thirty times each of two
        ([299, 10, 10], []),
        ([1000, 10], []),  # of two, nobody knows which
        ([0, 1000, 10, 0], []),  # what is none does not count
        ([10, 100, 100, 100], [10]),
    ],
)
def test_what_is_far_from_all_the_others(numbers: list[int], apart: list[int]) -> None:
    assert [one.number for one in far([figure(number) for number in numbers])] == apart


def test_what_can_be_compared() -> None:
    assert same_unit(Cell(unit="jours"), Cell(unit="Jours"))
    assert same_unit(Cell(unit=""), Cell(unit="jours"))
    assert same_unit(Cell(unit="jours"), Cell(unit=""))
    assert not same_unit(Cell(unit="jours"), Cell(unit="mois"))
    assert not same_unit(Cell(unit=""), Cell(unit="%"))
    assert not same_unit(Cell(kind="percent"), Cell(kind="number"))
    assert comparable(figure(1, qualifier="jeunes formés"), figure(2, qualifier="formés, jeunes"))
    assert comparable(figure(1, qualifier="jeunes"), figure(2))
    assert not comparable(figure(1, qualifier="jeunes"), figure(2, qualifier="adultes"))
    assert bag("Les postes") == bag("poste")


@pytest.mark.parametrize(
    ("whole", "parts", "tolerance", "gap"),
    [
        (10, [4, 6], 0, []),
        (10, [4, 5], 0, [("", 10, 9)]),
        (10, [4, 7], 0, [("", 10, 11)]),
        (100, [50, 48], 2, []),
        (100, [50, 47], 2, [("", 100, 97)]),
        (100, [50, 52], 2, []),
        (100, [50, 53], 2, [("", 100, 103)]),
        (10, [4, None], 0, []),  # the part that is not known may make the rest
        (10, [11, None], 0, [("", 10, 11)]),
        (10, [None], 0, []),
        (None, [4, 6], 0, []),
        (0, [1], 0, [("", 0, 1)]),
    ],
)
def test_a_sum_and_its_parts(whole: Any, parts: list[Any], tolerance: int, gap: list[Any]) -> None:
    assert list(gap_of_sum("", whole, parts, tolerance)) == gap


def shares(*numbers: float | None, more: list[Json] | None = None) -> list[Json]:
    return [{"relation": "ventilation", "kind": "percent", "number": number} for number in numbers] + (
        more or []
    )


def test_the_shares_of_a_whole_breakdown_make_a_hundred() -> None:
    assert list(broken_sums(shares(60, 40), 50, False, "")) == []
    assert list(broken_sums(shares(60, 38), 50, False, "")) == []  # one of rounding for each
    assert list(broken_sums(shares(60, 42), 50, False, "")) == []
    assert list(broken_sums(shares(60, 37), 50, False, "")) == [("(en %)", 100, 97)]
    assert list(broken_sums(shares(60, 43), 50, False, "")) == [("(en %)", 100, 103)]
    # One share alone, or shares beside counts, make nothing.
    assert list(broken_sums(shares(60), 50, False, "")) == []
    count = {"relation": "ventilation", "kind": "number", "number": 50}
    assert list(broken_sums(shares(10, 10, more=[count]), 50, False, "")) == []
    # A median has no sum, and its inner parts are still looked at.
    assert list(broken_sums(shares(60, 37), 50, False, "Âge médian")) == []
    inner = {"label": "MNA", "relation": "dont", "number": 5, "parts": [{**count, "number": 4}]}
    assert list(broken_sums([inner], 50, False, "Âge médian")) == [("MNA", 5, 4)]


@pytest.mark.parametrize(("pro", "expected"), [(29, ["30"]), (30, []), (31, [])])
def test_half_of_the_votes_is_no_majority(pro: int, expected: list[str]) -> None:
    def change(told: Json) -> None:
        told["deliberation"]["vote"].update({"for": pro, "expressed": 58, "against": 58 - pro})

    assert [gap.expected for gap in broken("vote_adopted", change)] == expected


def test_the_session_is_on_no_other_side_of_its_dates() -> None:
    def day(**days: Any) -> Any:
        return lambda told: told["deliberation"].update(days)

    session = "2022-06-27"
    for dates in (
        {"convocation_date": session},
        {"posted": session},
        {"prefecture_receipt": {"received": session}},
    ):
        assert broken("deliberation_dates", day(**dates)) == []
    # A convocation on the day itself leaves no clear day: minus one is said as it is.
    [late] = broken("convocation_delay", day(convocation_date=session))
    assert (late.expected, late.found) == ("12", "\u22121")


@pytest.mark.parametrize(("more", "level"), [(1, AlertLevel.WARNING), (2, AlertLevel.ERROR)])
def test_the_accounting_lines_allow_a_euro_a_line(more: int, level: AlertLevel) -> None:
    def change(told: Json) -> None:
        lines = told["deliberation"]["accounting"]["lines"]
        del lines[1:]
        authorised = sum(one["amount"] for one in told["deliberation"]["authorised_amounts"])
        lines[0].update(proposes=money(authorised + more))

    assert [gap.level for gap in broken("accounting_total", change)] == [level]
