"""Correcting, withdrawing, erasing; JSON in and out; what does not agree."""

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalons.households.families import edits
from jalons.households.families.checks import LONGEST_TEXT, family_warnings
from jalons.households.families.content import FamilyFact, FamilyMember, FollowedFamily, members_at
from jalons.households.families.enums import FactKind
from jalons.households.families.stored import (
    SCHEMA,
    UnreadableFamily,
    card_from_summary,
    from_json,
    from_summary,
    to_json,
    to_summary,
)
from tests.households.families.drawing import FamilyDraw

MONDAY = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
TUESDAY, WEDNESDAY = MONDAY + dt.timedelta(days=1), MONDAY + dt.timedelta(days=2)
TODAY = dt.date(2026, 11, 30)


def a_family() -> FollowedFamily:
    family = edits.with_member(
        FollowedFamily("h"), FamilyMember("p", 1990, "f", "reference", "Мария"), MONDAY
    )
    return edits.with_fact(
        family, FamilyFact("v", "visit", since=TODAY, value="on_site", text="secret-note"), MONDAY
    )


def test_a_correction_leaves_what_was_known_and_erasing_leaves_nothing() -> None:
    family = edits.correct_fact(a_family(), "v", TUESDAY, text="note-2", reason="date")
    family = edits.correct_member(family, "p", WEDNESDAY, year_of_birth=1991)
    assert [f.text for f in family.as_known().facts] == ["note-2"]
    assert [f.text for f in family.as_known(MONDAY).facts] == ["secret-note"]
    assert [p.year_of_birth for p in family.as_known(TUESDAY).people] == [1990]
    assert [p.year_of_birth for p in family.as_known().people] == [1991]
    assert family.as_known(MONDAY - dt.timedelta(seconds=1)).people == ()
    # Writing the same again writes nothing.
    assert edits.correct_member(family, "p", WEDNESDAY, year_of_birth=1991) is family
    withdrawn = edits.withdraw_fact(family, "v", WEDNESDAY)
    assert withdrawn.as_known().facts == ()
    assert b"secret-note" in to_json(withdrawn)
    assert b"note" not in to_json(edits.erase_fact(family, "v"))
    of_her = edits.with_fact(family, FamilyFact("s", "work", "p", value="other"), WEDNESDAY)
    gone = edits.erase_member(of_her, "p")
    assert gone.people == ()
    assert {f.id for f in gone.facts} == {"v"}
    for act in (edits.withdraw_fact, edits.correct_fact):
        with pytest.raises(edits.UnknownPiece):
            act(withdrawn, "v", WEDNESDAY)
    with pytest.raises(edits.UnknownPiece):
        edits.correct_member(gone, "p", WEDNESDAY, sex="f")


@given(st.integers(0, 10**9), st.integers(0, 20))
def test_what_is_stored_is_what_is_read(seed: int, at: int) -> None:
    family = FamilyDraw(seed).family()
    assert from_json(to_json(family), "h") == family
    summary = from_summary(to_summary(family), "h")
    known = family.as_known()
    assert [p[:7] for p in summary.people] == [p[:7] for p in known.people]
    day = dt.date(2026, 1, 1) + dt.timedelta(days=at)
    assert [p.id for p in members_at(summary, day)] == [p.id for p in members_at(known, day)]
    card = card_from_summary(to_summary(family), "h")
    assert (card.last_contact, card.review_on) == (known.last_contact, known.review_on)
    assert [p.id for p in members_at(card.family, day)] == [p.id for p in members_at(known, day)]
    assert card.names == known.names
    for kind in (FactKind.SITE, FactKind.DISPOSITIF):
        assert card.values_on(kind, day) == [f.value for f in known.of_kind(kind) if f.covers(day)]
    ends = [f.until for f in known.by_kind.get(FactKind.DISPOSITIF, ())]
    gone = bool(ends) and all(end is not None and end <= day for end in ends)
    assert card.is_gone(day.isoformat()) is gone


def test_what_cannot_be_read_is_refused_without_its_text() -> None:
    good = json.loads(to_json(a_family()))
    future = {**good, "schema": SCHEMA + 1}
    strange = {**good, "people": [{"id": "p", "religion": "x"}]}
    wrong_day = {**good, "facts": [{"id": "f", "kind": "visit", "since": "secret-note"}]}
    wrong_type = {**good, "people": [{"id": "p", "year_of_birth": "1990"}]}
    for bad in (
        future,
        strange,
        wrong_day,
        wrong_type,
        {},
        [],
        {**good, "people": None},
        {**good, "facts": [3]},
    ):
        with pytest.raises(UnreadableFamily) as refusal:
            from_json(json.dumps(bad), "h")
        assert refusal.value.__cause__ is None
        assert str(refusal.value) == ""
        assert refusal.value.__suppress_context__ or refusal.value.__context__ is None
    for payload in ("", "{", b"\xff\xfe", "[" * 100_000):
        with pytest.raises(UnreadableFamily):
            from_json(payload, "h")
    with pytest.raises(UnreadableFamily):
        from_summary(b'{"schema":1,"people":[],"facts":[["visit","4",null,null,"","",null]]}\n[]', "h")
    assert repr(a_family()) == "<FollowedFamily h>"
    assert b"secret" not in to_summary(a_family())


def test_the_next_day_to_see_a_family_and_the_last_it_was_seen() -> None:
    day = TODAY
    facts = [
        FamilyFact("1", "goal", since=day, value="going_on", reviewed=day + dt.timedelta(days=9), text="x"),
        FamilyFact("2", "goal", since=day, value="done", reviewed=day, text="x"),
        FamilyFact("3", "appointment", since=day + dt.timedelta(days=12)),
        FamilyFact("4", "visit", since=day, value="note"),
        # They were met since: it is behind them.
        FamilyFact("6", "appointment", since=day - dt.timedelta(days=3)),
        FamilyFact("5", "visit", since=day - dt.timedelta(days=3), value="phone"),
    ]
    family = FollowedFamily("h", facts=tuple(facts))
    assert family.review_on == day + dt.timedelta(days=9)
    assert family.last_contact == day - dt.timedelta(days=3)
    assert FollowedFamily("h").review_on is None
    assert FollowedFamily("h").last_contact is None


def test_a_save_remembers_its_token() -> None:
    family = a_family()
    for number in range(edits.MOST_SAVES + 5):
        family = edits.with_save(family, f"t{number}")
    assert len(family.saves) == edits.MOST_SAVES
    assert family.saves[-1] == f"t{edits.MOST_SAVES + 4}"
    assert from_json(to_json(family), "h").saves == family.saves


def test_what_does_not_agree_warns_and_what_cannot_be_is_refused() -> None:
    def codes(people: list[FamilyMember], facts: list[FamilyFact] | None = None) -> dict[str, bool]:
        family = FollowedFamily("h", tuple(people), tuple(facts or []))
        return {w.code: w.refused for w in family_warnings(family, TODAY)}

    mother = FamilyMember("m", 1990, "f", "reference")
    assert codes([FamilyMember("x", 2027)]) == {"future-birth": True}
    assert codes([FamilyMember("x", 2026), FamilyMember("y", 1909), FamilyMember("z")]) == {}
    assert codes([FamilyMember("x", 1908)]) == {"very-old": False}
    for year, expected in (
        (1989, "child-older"),
        (1990, "child-older"),
        (1991, "child-close"),
        (2001, "child-close"),
    ):
        assert codes([mother, FamilyMember("c", year, link="child")]) == {expected: False}
    assert codes([mother, FamilyMember("c", 2002, link="child")]) == {}
    twins = [FamilyMember(i, 2015, "f", "child", "Ioana", "Dupont") for i in ("1", "2")]
    assert codes([mother, *twins]) == {}
    assert codes([mother, FamilyMember("g", 1990, link="parent")]) == {"young-parent": False}
    day = dt.date(2026, 3, 3)
    for kind in ("dispositif", "site", "presence", "work"):
        assert codes([], [FamilyFact("f", kind, since=day, until=day - dt.timedelta(days=1))]) == {
            "ends-before": True
        }
        assert codes([], [FamilyFact("f", kind, since=day, until=day)]) == {}
    assert codes([mother], [FamilyFact("f", "work", "m", since=dt.date(1989, 12, 31))]) == {
        "before-birth": False
    }
    late = TODAY + dt.timedelta(days=2)
    assert codes([], [FamilyFact("f", "visit", since=late, value="note")]) == {"future-visit": False}
    assert codes([], [FamilyFact("f", "visit", since=TODAY, text="é" * 20_480)]) == {}
    assert codes([], [FamilyFact("f", "visit", since=TODAY, text="é" * (LONGEST_TEXT + 1))]) == {
        "long-text": True
    }
