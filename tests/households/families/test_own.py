"""A team's own figures, counted by hand: each boundary of a period, and what is outside of it."""

import datetime as dt

from jalons.households.families.content import FamilyFact, FamilyMember, FollowedFamily
from jalons.households.families.own import own_figures

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
BEFORE, AFTER = dt.date(2025, 12, 31), dt.date(2027, 1, 1)


def test_a_year_counted_by_hand() -> None:
    people = (FamilyMember("m", 1990, "f", "reference"), FamilyMember("c", 2015, "m", "child"))
    gone = FollowedFamily(
        "gone",
        people,
        (
            FamilyFact("1", "dispositif", since=dt.date(2025, 1, 1), until=LAST, value="a", detail="housing"),
            FamilyFact("2", "goal", since=FIRST, until=LAST, value="done"),
            FamilyFact("3", "goal", since=BEFORE, value="going_on"),
            FamilyFact("4", "goal", since=BEFORE, until=AFTER, value="dropped"),
            FamilyFact("5", "visit", since=FIRST, value="phone"),
            FamilyFact("6", "visit", since=BEFORE, value="phone"),
        ),
    )
    there = FollowedFamily(
        "there",
        people,
        (
            FamilyFact("1", "dispositif", since=FIRST, value="a"),
            FamilyFact("2", "school", "c", since=FIRST, value="college", detail="irregular"),
            FamilyFact("3", "presence", "m", until=dt.date(2026, 5, 1)),
            FamilyFact("4", "visit", since=LAST, value="note"),
        ),
    )
    other = FollowedFamily(
        "other", people, (FamilyFact("1", "dispositif", since=FIRST, until=LAST, value="b"),)
    )
    figures = own_figures([gone, there, other], "a", FIRST, LAST)
    assert {code: n for code, n in figures.exits.items() if n} == {"housing": 2, "": 1}
    assert {code: n for code, n in figures.goals.items() if n} == {"decided": 1, "done": 1, "going_on": 1}
    assert {code: n for code, n in figures.attendance.items() if n} == {"irregular": 1}
    assert {code: n for code, n in figures.visits.items() if n} == {"phone": 1, "note": 1}
    assert (figures.families_met, figures.families_gone, figures.stay_months) == (1, 1, 24)
    assert own_figures([gone], "a", AFTER, AFTER).families_gone == 0
    assert own_figures([], None, FIRST, LAST).stay_months is None
