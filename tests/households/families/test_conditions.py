"""What a local indicator may count: each condition equals a count made by living each day."""

import datetime as dt

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jalons.households.families.conditions import (
    AMONG,
    CONDITIONS,
    NOW,
    OVER,
    CountedCode,
    counted,
    read_code,
)
from jalons.households.families.content import FollowedFamily
from jalons.households.families.figures import family_figures
from jalons.households.families.rules import RULES
from jalons.households.families.unions import HouseholdUnion, united
from tests.households.families.drawing import DAYS, FIRST, MOMENTS, FamilyDraw, drawn_families
from tests.households.families.recount import DAY, accompanied, age, holds, there

CODES = [
    CountedCode(when=when, kind=kind, value=value)
    for when, kinds in CONDITIONS.items()
    for kind, values in kinds.items()
    for value in values
]
CODES = [
    code._replace(among=part)
    for code in CODES
    for part in AMONG
    if code.counts_people or not part
]  # fmt: skip


def lived(family: FollowedFamily, code: CountedCode, on: dt.date, since: dt.date) -> set[str]:
    """Who it counts in a family; « » for the household."""
    found: set[str] = set()
    for fact in family.facts:
        day = fact.until if fact.kind == "goal" and fact.value in OVER else fact.since
        if fact.kind != code.kind or (code.value and fact.value != code.value):
            continue
        if code.when == NOW:
            near = [on] if holds(fact, on) else []
        else:
            near = [day, day - DAY] if day and since < day <= on else []
        if not any(accompanied(family, "a", moment) for moment in near):
            continue
        people = {person for moment in near for person in there(family, "a", moment)}
        if not code.counts_people:
            found |= {""} if people or not family.people else set()
        else:
            found |= {person for person in people if fact.person in ("", person)}
    return found


@settings(max_examples=40)
@given(st.integers(0, 10**9), st.integers(0, DAYS), st.integers(0, DAYS))
@example(3, 8, 0)
def test_each_condition_equals_a_naive_recount(seed: int, end: int, start: int) -> None:
    families = [family.as_known() for family in drawn_families(seed)]
    on, since = FIRST + dt.timedelta(days=end), FIRST + dt.timedelta(days=min(start, end))
    people = {(family.id, person.id): person for family in families for person in family.people}
    figures = family_figures(families, "a", on, since)
    for code in CODES:
        rows = {(family.id, who) for family in families for who in lived(family, code, on, since)}
        if code.among == "femmes":
            rows = {row for row in rows if people[row].sex == "f"}
        elif code.among == "mineurs":
            rows = {row for row in rows if (years := age(people[row], on)) is not None and years < 18}
        count = counted(families, code, "a", on, since, figures)
        assert (count.value, set(count.rows)) == (len(rows), rows), code
    # A part of a figure of the socle is what the socle itself calls that part.
    for part in AMONG[1:]:
        own = counted(families, CountedCode(figure="personnes", among=part), "a", on, since, figures)
        assert own.value == figures[part].value
        assert own.unknown == figures[part].unknown


def test_one_word_says_it_all_and_nothing_else_is_read() -> None:
    every = [*CODES, *(CountedCode(figure=code, among=part) for code in RULES for part in AMONG)]
    assert [read_code(str(code)) for code in every] == every
    assert len({str(code) for code in every}) == len(every)
    assert max(len(str(code)) for code in every) <= 80


@pytest.mark.parametrize(
    "text",
    ["", "religion", "now--work--", "now--work--rom", "since--visit--office--femmes", "now--site--x", "personnes--x",
     "personnes--femmes--femmes", "later--work", "now", "femmes--", "now--work--permanent--femmes--mineurs"],
)  # fmt: skip
def test_what_no_register_counts(text: str) -> None:
    assert read_code(text) is None


@settings(max_examples=25)
@given(st.integers(0, 10**9), st.integers(0, DAYS), st.integers(0, DAYS))
def test_households_made_one_count_the_same(seed: int, end: int, start: int) -> None:
    """At any date of whom a condition counts; of how many households, before they are one."""
    draw = FamilyDraw(seed)
    families = [draw.family(f"h{number}") for number in range(2)]
    on, since = FIRST + dt.timedelta(days=end), FIRST + dt.timedelta(days=min(start, end))
    late = united(families[0], families[1], HouseholdUnion("M-0002", on + DAY, MOMENTS[-1] + DAY)).as_known()
    apart = [family.as_known() for family in families]
    for code in CODES:
        before = counted(apart, code, "a", on, since, {}).value
        assert counted([late], code, "a", on, since, {}).value == before, code
