"""The register's figures are those of a naive recount, whatever the families, their dates and their corrections."""

import datetime as dt
import json
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from jalons.households.families.content import FamilyFact, FamilyMember, FollowedFamily
from jalons.households.families.figures import family_figures
from jalons.households.families.own import MOST_POINTS, drawn_days, people_over_time
from jalons.households.families.rules import RULES, SUMS
from jalons.households.families.stored import (
    counted_family,
    families_of,
    from_json,
    from_summary,
    to_json,
    to_summary,
)
from tests.households.families.drawing import ACTIONS, DAYS, FIRST, MOMENTS, drawn_families
from tests.households.families.recount import recounted

SITE_CODES = {"points-eau", "wc", "electricite", "bennes"}
JULY = dt.date(2026, 7, 1)


def test_every_socle_figure_that_a_register_can_compute_has_its_rule() -> None:
    socle = json.loads(Path("jalons/indicators/data/socle.json").read_text())["indicators"]
    typed = {row["code"] for row in socle if row["value_type"] not in ("sum", "rate")} - SITE_CODES
    assert set(RULES) == typed
    assert set(SUMS) == {row["code"] for row in socle if row["value_type"] == "sum"}
    for code, parts in SUMS.items():
        assert set(parts) == {r["code"] for r in socle if r.get("parent") == code and r["relation"] == "part"}


@settings(max_examples=100, phases=[Phase.generate])
@given(st.integers(0, 10**9), st.sampled_from([*ACTIONS, None]), st.integers(0, DAYS), st.integers(-3, DAYS))
def test_figures_equal_a_naive_recount(seed: int, action: str | None, end: int, start: int) -> None:
    families = drawn_families(seed)
    date, since = FIRST + dt.timedelta(days=end), FIRST + dt.timedelta(days=min(start, end))
    for moment in (None, MOMENTS[3]):
        known = [f.as_known(moment) for f in families]
        expected = recounted(known, action, date, since)
        computed = family_figures(known, action, date, since)
        assert {code: c.value for code, c in computed.items() if code in RULES and c.value} == expected
    # What the list reads, and what was sealed and read again, say the same.
    summaries = [from_summary(to_summary(f), f.id) for f in families]
    stored = [from_json(to_json(f), f.id) for f in families]
    today = family_figures([f.as_known() for f in families], action, date, since)
    assert family_figures(summaries, action, date, since) == today
    of_action = families_of([(f.id, to_summary(f)) for f in families], action)
    assert family_figures(of_action, action, date, since) == today
    counted = [counted_family(to_summary(f), f.id) for f in families]
    assert family_figures(counted, action, date, since) == today
    assert stored == families


@given(st.integers(0, 10**9), st.integers(1, DAYS), st.integers(0, DAYS))
def test_one_more_entry_is_one_more_person(seed: int, end: int, start: int) -> None:
    """Between two dates, stock moves by flows alone; exits of every kind are those of a recount on both sides."""
    families = drawn_families(seed)
    since, date = FIRST + dt.timedelta(days=min(start, end)), FIRST + dt.timedelta(days=end)
    known = [f.as_known() for f in families]
    middle = since + (date - since) // 2
    whole = family_figures(known, "a", date, since)
    halves = family_figures(known, "a", middle, since), family_figures(known, "a", date, middle)
    for code in ("contrats", "demandes-siao", "accompagnements-sante"):
        assert whole[code].value == halves[0][code].value + halves[1][code].value
    assert set(whole["entrees"].rows) == set(halves[0]["entrees"].rows) | set(halves[1]["entrees"].rows)


@settings(max_examples=30, phases=[Phase.generate])
@given(st.integers(0, 10**9), st.sampled_from([*ACTIONS, None]), st.integers(0, DAYS), st.integers(0, 700))
def test_the_curve_of_a_team_is_the_stock_of_the_follow_up(
    seed: int, action: str | None, start: int, length: int
) -> None:
    known = [family.as_known() for family in drawn_families(seed)]
    first = FIRST + dt.timedelta(days=start)
    curve = people_over_time(known, action, first, first + dt.timedelta(days=length))
    assert curve == [(day, family_figures(known, action, day, None)["personnes"].value) for day, _ in curve]


def test_the_days_of_a_curve() -> None:
    """Ends of months, of quarters, of years; of one day, that day; of centuries, both ends."""
    assert drawn_days(JULY, JULY) == [JULY]
    ends = [dt.date(2026, 7, 31), dt.date(2026, 8, 31)]
    assert drawn_days(JULY, dt.date(2026, 9, 2)) == [JULY, *ends, dt.date(2026, 9, 2)]
    assert drawn_days(JULY, dt.date(2026, 8, 31)) == [JULY, *ends]
    assert dt.date(2024, 2, 29) in drawn_days(dt.date(2023, 12, 31), JULY)
    quarters = drawn_days(dt.date(2022, 12, 31), JULY)
    assert quarters[:3] == [dt.date(2022, 12, 31), dt.date(2023, 3, 31), dt.date(2023, 6, 30)]
    assert all(day.month == 12 for day in drawn_days(dt.date(2010, 12, 31), JULY)[:-1])
    assert drawn_days(dt.date(1800, 1, 1), JULY) == [dt.date(1800, 1, 1), JULY]
    for months in range(600):
        last = dt.date(2000 + months // 12, months % 12 + 1, 15)
        assert len(drawn_days(dt.date(2000, 1, 15), last)) <= MOST_POINTS + 2


def test_a_family_read_by_hand() -> None:
    """Boundaries: the day of the last follow-up, the day of an exit, a twin, a birth, who has no year of birth."""
    facts = (
        FamilyFact("1", "dispositif", since=dt.date(2026, 1, 10), until=JULY, value="a", detail="housing"),
        FamilyFact("2", "home", since=JULY, value="housing"),
        FamilyFact("3", "school", "twin-1", since=dt.date(2025, 9, 1), value="elementaire"),
        FamilyFact("4", "school", "twin-2", since=dt.date(2025, 9, 1), value="none"),
        FamilyFact("5", "presence", "baby", since=dt.date(2026, 3, 4)),
        FamilyFact("6", "work", "mother", since=dt.date(2026, 2, 1), value="fixed_term"),
    )
    family = FollowedFamily(
        "h",
        (
            FamilyMember("mother", 1990, "f", "reference", "Ana"),
            FamilyMember("twin-1", 2018, "m", "child", "Ion"),
            FamilyMember("twin-2", 2018, "m", "child", "Ion"),
            FamilyMember("baby", 2026, "f", "child"),
            FamilyMember("uncle"),
        ),
        facts,
    )

    def values(date: dt.date, since: dt.date) -> dict[str, int]:
        return {c: n.value for c, n in family_figures([family], "a", date, since).items() if n.value}

    june = values(dt.date(2026, 6, 30), dt.date(2026, 1, 10))
    assert june == {
        "menages": 1, "personnes": 5, "femmes": 2, "mineurs": 3, "entrees": 1, "entrees-femmes": 1,
        "entrees-mineurs": 1, "scolarisables": 2, "elementaire": 1, "scolarises": 1, "contrats": 1,
        "contrats-femmes": 1,
        "en-emploi": 1,
    }  # fmt: skip
    july = values(JULY, dt.date(2026, 6, 30))
    assert july == {
        "sorties-positives": 5, "sorties-positives-familles": 1, "sorties-positives-femmes": 2,
        "sorties-positives-mineurs": 3, "sorties": 5, "logement-menages": 1, "logement-personnes": 5,
    }  # fmt: skip
    later = to_summary(family).replace(b'"schema":2', b'"schema":3')
    assert [f.id for f in families_of([("h", to_summary(family)), ("later", later)], None)] == ["h"]
    counted = family_figures([family], "a", dt.date(2026, 6, 30), None)
    assert counted["mineurs"].unknown == 1
    assert counted["femmes"].unknown == 1
    assert counted["elementaire"].rows == (("h", "twin-1"),)
    assert family_figures([family], "b", JULY, None)["personnes"].value == 0


def test_ties_have_an_order() -> None:
    """Ends and starts of the same day: the person's own reason, the one that is said, the level written last."""
    day, start = dt.date(2026, 5, 5), dt.date(2026, 1, 1)
    family = FollowedFamily(
        "h",
        (FamilyMember("p", 2015), FamilyMember("q", 2015)),
        (
            FamilyFact("1", "dispositif", since=start, until=day, value="a"),
            FamilyFact("2", "dispositif", since=start, until=day, value="a", detail="housing"),
            FamilyFact("3", "presence", "p", since=start, until=day, detail="abandoned"),
            FamilyFact("4", "school", "q", since=start, value="college"),
            FamilyFact("5", "school", "q", since=start, value="elementaire"),
        ),
    )
    left = family_figures([family], "a", day, start)
    assert left["abandons"].rows == (("h", "p"),)
    assert left["sorties-positives"].rows == (("h", "q"),)
    assert left["abandons-familles"].value == left["sorties-positives-familles"].value == 1
    there = family_figures([family], "a", day - dt.timedelta(days=1), start)
    assert there["elementaire"].rows == (("h", "q"),)
    assert there["college"].value == 0
