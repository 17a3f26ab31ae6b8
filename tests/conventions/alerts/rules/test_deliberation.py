"""The vote: its dates, its quorum, its arithmetic, its accounts."""

from typing import Any

import pytest

from jalons.conventions.enums import AlertLevel
from tests.conventions.alerts.checking import Json, broken
from tests.conventions.samples import money


def put(place: str, **figures: Any) -> Any:
    return lambda told: told["deliberation"][place].update(figures)


def test_quorum() -> None:
    [gap] = broken("quorum", put("quorum", present=41))
    assert (gap.level, gap.expected, gap.found, int(gap.gap or 0)) == (
        AlertLevel.ERROR,
        "42 au moins",
        "41",
        1,
    )
    assert broken("quorum", put("quorum", present=42)) == []


@pytest.mark.parametrize(
    ("place", "figures"),
    [
        ("vote", {"did_not_vote": 1}),
        ("vote", {"abstention": 1}),
        ("vote", {"expressed": 58}),
        ("vote", {"majority": 29}),
        ("vote", {"absent_without_proxy": 22}),
        ("membership", {"listed_absent": 16}),
    ],
)
def test_arithmetic(place: str, figures: Json) -> None:
    gaps = broken("vote_arithmetic", put(place, **figures))
    assert gaps
    assert {gap.level for gap in gaps} == {AlertLevel.ERROR}


def test_what_is_not_said_is_not_checked() -> None:
    def change(told: Json) -> None:
        told["deliberation"]["vote"] = {"for": 59, "voted": "cinquante-neuf"}
        told["deliberation"]["membership"] = {}

    for rule in ("vote_arithmetic", "quorum", "vote_adopted"):
        assert broken(rule, change) == []


def test_lost_vote() -> None:
    [gap] = broken("vote_adopted", put("vote", **{"for": 20, "against": 39}))
    assert (gap.expected, gap.found) == ("30", "20")


def test_dates() -> None:
    def day(**days: Any) -> Any:
        return lambda told: told["deliberation"].update(days)

    assert len(broken("deliberation_dates", day(posted="2022-06-01"))) == 1
    assert len(broken("deliberation_dates", day(prefecture_receipt={"received": "2022-06-26"}))) == 1
    assert len(broken("deliberation_dates", day(convocation_date="2022-07-01"))) == 1
    assert broken("deliberation_dates", day(posted="2022-06-27")) == []
    [late] = broken("convocation_delay", day(convocation_date="2022-06-15"))
    assert (late.expected, late.found) == ("12", "11")
    assert broken("convocation_delay", day(convocation_date="2022-06-14")) == []
    assert (
        broken(
            "convocation_delay",
            day(convocation_date="2022-06-15", assembly="Commission permanente du conseil départemental"),
        )
        == []
    )


def test_accounting_lines() -> None:
    def line(amount: int) -> Any:
        return lambda told: told["deliberation"]["accounting"]["lines"][0].update(proposes=money(amount))

    [gap] = broken("accounting_line", line(90_000))
    assert int(gap.gap or 0) == 10_000  # the nearest is sheet 1
    assert broken("accounting_line", line(125_000)) == []  # sheets 1 and 2
    [total] = broken("accounting_total", line(125_000))
    assert int(total.gap or 0) == -25_000

    def other(told: Json) -> None:
        told["deliberation"]["authorised_amounts"].append({"convention": "ailleurs-2022", **money(7_000)})
        told["deliberation"]["accounting"]["lines"][0].update(proposes=money(107_000))

    assert broken("accounting_line", other) == []
    assert broken("accounting_total", other) == []
