"""Households made one, or parted: nothing is lost, and nobody is counted twice, at any date."""

import datetime as dt
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from jalons.households.families.content import FollowedFamily, members_at
from jalons.households.families.enums import FactKind
from jalons.households.families.figures import family_figures
from jalons.households.families.partings import (
    UNLESS_REFUSED,
    HouseholdParting,
    NotThere,
    offered_facts,
    parted,
)
from jalons.households.families.rules import RULES
from jalons.households.families.stored import counted_family, from_json, to_json, to_summary
from jalons.households.families.unions import HouseholdUnion, united
from tests.households.families.drawing import ACTIONS, DAYS, FIRST, MOMENTS, FamilyDraw

HOUSEHOLDS = {code for code in RULES if code == "menages" or code.endswith(("-familles", "-menages", "-caf"))}
PEOPLE = set(RULES) - HOUSEHOLDS
STOCKS = {code for code in PEOPLE if "ce jour-là" in RULES[code]} | {"personnes", "scolarisables"}
AT = MOMENTS[-1] + dt.timedelta(days=1)
LATER = AT + dt.timedelta(days=1)
JUNE, SEPTEMBER = dt.date(2026, 6, 1), dt.date(2026, 9, 1)
Period = tuple[str | None, dt.date, dt.date]

days = st.integers(-1, DAYS).map(lambda number: FIRST + dt.timedelta(days=number))
periods = st.tuples(st.sampled_from([*ACTIONS, None]), days, days).map(lambda p: (p[0], *sorted(p[1:])))
draws = st.integers(0, 10**9).map(FamilyDraw)


def values(families: list[FollowedFamily], period: Period, codes: set[str]) -> dict[str, int]:
    action, since, date = period
    counts = family_figures([f.as_known() for f in families], action, date, since)
    return {code: counts[code].value for code in codes if counts[code].value}


@settings(max_examples=150)
@given(draws, days, days, periods)
def test_households_made_one_count_the_same_people(
    draw: FamilyDraw, on: dt.date, later: dt.date, period: Period
) -> None:
    """Three households, in two mergers; then, from a day on, as many families as there are left."""
    families = [draw.family(f"h{number}") for number in range(3)]
    first = united(families[1], families[2], HouseholdUnion("M-0003", on, AT))
    whole = united(families[0], first, HouseholdUnion("M-0002", later, LATER))
    assert len(whole.facts) == sum(len(f.facts) for f in families)
    assert len(whole.people) == sum(len(f.people) for f in families)
    assert len({f.id for f in whole.facts}) == sum(len({f.id for f in family.facts}) for family in families)
    assert [m.reference for m in whole.mergers] == ["M-0003", "M-0002"]
    before, after = values(families, period, PEOPLE), values([whole], period, PEOPLE)
    assert after == before
    known = whole.as_known()
    date = period[2]
    assert len(members_at(known, date)) == sum(len(members_at(f.as_known(), date)) for f in families)
    if date < min(on, later):
        assert values([whole], period, HOUSEHOLDS) == values(families, period, HOUSEHOLDS)
    elif date >= max(on, later):
        counted = values(families, period, {"menages"}).get("menages", 0)
        assert values([whole], period, {"menages"}).get("menages", 0) == min(counted, 1)
    # Before anybody knew of a merger, the register counted three families.
    figures = family_figures([whole.as_known(AT - dt.timedelta(hours=1))], *(period[0], date, period[1]))
    assert figures["menages"].value == values(families, period, {"menages"}).get("menages", 0)
    # Sealed and read again, it says the same.
    assert from_json(to_json(whole), "h0") == whole
    summary = counted_family(to_summary(whole), "h0")
    assert family_figures([summary], period[0], date, period[1]) == family_figures(
        [known], period[0], date, period[1]
    )


@settings(max_examples=150)
@given(draws, days, st.integers(1, 7), st.booleans(), periods)
def test_who_leaves_for_another_household_is_counted_once(
    draw: FamilyDraw, on: dt.date, chosen: int, merged: bool, period: Period
) -> None:
    family = draw.family("h0")
    if merged:
        family = united(family, draw.family("h1"), HouseholdUnion("M-0002", FIRST, AT))
    # No form writes those of a whole household.
    own = {FactKind.WORK, FactKind.TRAINING, FactKind.EMPLOYMENT_SERVICE}
    family = replace(family, facts=tuple(f for f in family.facts if f.person or f.kind not in own))
    known = family.as_known()
    people = [p.id for rank, p in enumerate(known.people) if chosen >> (rank % 3) & 1]
    facts = [f.id for f in offered_facts(known) if f.kind in UNLESS_REFUSED]
    try:
        left, new = parted(family, HouseholdParting(people, facts, on, LATER))
    except NotThere:
        return
    date = period[2]
    assert values([left, new], period, STOCKS) == values([family], period, STOCKS)
    there = sorted(p.year_of_birth or 0 for f in (left, new) for p in members_at(f.as_known(), date))
    assert there == sorted(p.year_of_birth or 0 for p in members_at(known, date))
    if date < on or period[1] >= on:
        assert values([left, new], period, PEOPLE) == values([family], period, PEOPLE)
    if date < on:
        assert values([left, new], period, HOUSEHOLDS) == values([family], period, HOUSEHOLDS)
    assert {f.id for f in family.facts} <= {f.id for f in left.facts}
