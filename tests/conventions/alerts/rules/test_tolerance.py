"""One euro of rounding a line: a warning up to it, an error one euro above, on both sides."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jalons.conventions.alerts.engine import euros_gap, numbers_gap
from jalons.conventions.enums import AlertLevel
from tests.conventions.alerts.checking import Json, broken, lines_of
from tests.conventions.samples import money, sample, two_departements


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 40))
@example(1_000, 1_003, 3)
@example(1_000, 997, 3)
@example(1_000, 1_004, 3)
@example(1_000, 996, 3)
@example(1_000, 1_000, 0)
@example(1_000, 1_001, 0)
def test_a_gap_is_a_warning_up_to_its_tolerance(expected: int, printed: int, tolerance: int) -> None:
    gaps = list(euros_gap("ici", expected, printed, "Faux", tolerance=tolerance))
    assert len(gaps) == (expected != printed)
    for gap in gaps:
        assert gap.gap == expected - printed
        assert gap.level == (AlertLevel.WARNING if abs(expected - printed) <= tolerance else AlertLevel.ERROR)


def test_cents_above_the_tolerance_are_an_error() -> None:
    [gap] = euros_gap("ici", Decimal(10), Decimal("11.01"), "Faux")
    assert (gap.level, gap.gap) == (AlertLevel.ERROR, Decimal("-1.01"))
    [gap] = euros_gap("ici", 10, 11, "Faux")
    assert (gap.level, gap.expected, gap.found) == (AlertLevel.WARNING, "10\u00a0€", "11\u00a0€")
    assert "10\u00a0€ attendus, 11\u00a0€ trouvés, écart de 1\u00a0€" in gap.message
    [less] = numbers_gap("ici", 12, 10, "Faux")
    assert (less.gap, list(numbers_gap("ici", 12, 12, "Faux"))) == (2, [])


Change = Callable[[Json, int], Any]


def of_budget(told: Json, more: int) -> None:
    told["fiches"][0]["budget"][0].update(total=money(200_000 + more))


def of_annex_family(told: Json, more: int) -> None:
    lines_of(told, 0)[0].update(total=money(200_000 + more))


def of_annex_line(told: Json, more: int) -> None:
    lines_of(told, 1)[1].update(total=money(200_000 + more))


def of_annex_sum(told: Json, more: int) -> None:
    lines_of(told, 2)[2].update(total=money(100_000 + more))


def of_sub_total(told: Json, more: int) -> None:
    lines_of(told, 1)[2].update(part_etat=money(100_000 + more))


def of_sheet(told: Json, more: int) -> None:
    lines_of(told, 1)[1].update(part_etat=money(100_000 + more), total=money(200_000 + more))


def of_sub_budgets(told: Json, more: int) -> None:
    told["fiches"][1]["sub_budgets"][0].update(amount=60_000 + more)


def of_nested(told: Json, more: int) -> None:
    pot = told["fiches"][1]["sub_budgets"][1]
    pot["dont"][0]["amount"] = pot["amount"] + more


def of_action(told: Json, more: int) -> None:
    told["conventions"][0]["payment"]["actions"][0]["amount"] = money(100_000 + more)


def of_heading(told: Json, more: int) -> None:
    told["conventions"][0]["heading_amount"] = money(150_000 + more)


def of_whole(told: Json, more: int) -> None:
    told["conventions"][0]["amounts"]["global"] = money(300_000 + more)


def of_vote(told: Json, more: int) -> None:
    told["deliberation"]["authorised_amounts"][0].update(money(150_000 + more))


@pytest.mark.parametrize(
    ("rule", "change", "tolerance"),
    [
        ("budget_total", of_budget, 1),  # two parts
        ("annex_line_total", of_annex_line, 1),
        ("annex_line_total", of_annex_family, 1),
        ("annex_line_total", of_annex_sum, 2),  # a sum of two lines
        ("annex_subtotals", of_sub_total, 1),
        ("sheet_annex", of_sheet, 1),
        ("sub_budgets", of_sub_budgets, 2),  # two sub-budgets
        ("nested_sub_budgets", of_nested, 0),
        ("action_annex", of_action, 1),
        ("actions_total", of_action, 3),  # three sheets are planned
        ("heading_amount", of_heading, 1),
        ("announced_amounts", of_whole, 1),
        ("authorised_amount", of_vote, 1),
        ("sheets_announced", of_whole, 3),  # three numbers
    ],
)
def test_each_rule_allows_a_euro_a_line(rule: str, change: Change, tolerance: int) -> None:
    for more in range(1, tolerance + 3):
        gaps = broken(rule, lambda told, more=more: change(told, more))
        level = AlertLevel.WARNING if more <= tolerance else AlertLevel.ERROR
        assert [gap.level for gap in gaps] == [level], (rule, more)
        assert abs(gaps[0].gap or 0) == more


def test_a_split_allows_a_euro_a_beneficiary() -> None:
    def shared(more: int) -> Any:
        def change(told: Json) -> None:
            first = told["conventions"][0]["amounts"]["split_part_etat"][0]
            first.update(money(first["amount"] + more))

        return change

    levels = [broken("announced_amounts", shared(more), two_departements())[0].level for more in (1, 2, 3)]
    assert levels == [AlertLevel.WARNING, AlertLevel.WARNING, AlertLevel.ERROR]


def test_the_sample_is_right() -> None:
    assert broken("budget_total", lambda told: None, sample()) == []
