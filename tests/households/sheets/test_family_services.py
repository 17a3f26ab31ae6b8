"""Sealed saves: stored once, the second of two people sees what changed, nothing in clear in the base."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from jalons.households.families import edits
from jalons.households.families.content import FamilyFact, FamilyMember, FollowedFamily
from jalons.households.keys import destroy_key
from jalons.households.models import Household
from jalons.households.sheets.selectors import chosen_lines, family_lines, read_household
from jalons.households.sheets.services import (
    FamilyRefused,
    FamilySave,
    LostKey,
    PieceChanged,
    change_family,
    create_family,
    current_fact,
    seen_or_refused,
)
from jalons.households.sheets.views.moving import gone_from
from jalons.households.vault import OpenRegister
from jalons.households.vault.register import new_register
from tests.households.opening import opened_for

TODAY = dt.date(2026, 11, 30)
NOW = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)


def save_of(register: OpenRegister, token: str = "", minutes: int = 0) -> FamilySave:
    return FamilySave(register, "7", NOW + dt.timedelta(minutes=minutes), TODAY, token)


def a_family(name: str = "Ana", *facts: FamilyFact) -> FollowedFamily:
    family = edits.with_member(
        FollowedFamily(""), FamilyMember("p", 1990, "f", "reference", name, "Popescu"), NOW
    )
    for fact in facts:
        family = edits.with_fact(family, fact, NOW)
    return family


def test_a_family_is_written_once_and_nothing_of_it_is_in_clear(cast: Any) -> None:
    register = opened_for(cast.operator_a)
    number, other = uuid4(), uuid4()
    first = create_family(save_of(register), number, a_family())
    assert create_family(save_of(register), number, a_family("Sent again")).pk == first.pk
    second = create_family(save_of(register), other, a_family())
    assert (first.reference, second.reference) == ("M-0001", "M-0002")
    note = FamilyFact("v", "visit", since=TODAY, value="phone", text="Rappeler l’école")
    for _ in range(2):
        saved = change_family(save_of(register, "token-1"), number, lambda f: edits.with_fact(f, note, NOW))
    _, family = read_household(register, number)
    assert family is not None
    assert [f.text for f in family.facts] == ["Rappeler l’école"]
    assert [p.given_name for p in family.people] == ["Ana"]
    assert saved.erase_on == dt.date(2028, 11, 1)
    with connection.cursor() as cursor:
        cursor.execute("select content, summary from households_household")
        stored = b"".join(bytes(cell) for row in cursor.fetchall() for cell in row)
    for secret in ("Ana", "Popescu", "Rappeler", "1990", "visit", "p"):
        if len(secret) > 3:
            assert secret.encode() not in stored
            assert secret.encode("utf-16-le") not in stored


def test_the_second_of_two_people_sees_what_the_first_wrote(cast: Any) -> None:
    register = opened_for(cast.operator_a)
    household = create_family(
        save_of(register), uuid4(), a_family("Ana", FamilyFact("s", "school", "p", value="none"))
    )
    seen = NOW.isoformat()

    def write(value: str, minutes: int) -> None:
        save = save_of(register, minutes=minutes)
        change_family(save, household.pk, lambda f: corrected(f, value, save.at))

    def corrected(family: FollowedFamily, value: str, at: dt.datetime) -> FollowedFamily:
        seen_or_refused(current_fact(family, "s"), seen)
        return edits.correct_fact(family, "s", at, value=value)

    write("college", 1)
    with pytest.raises(PieceChanged) as refusal:
        write("lycee", 2)
    assert isinstance(refusal.value.current, FamilyFact)
    assert refusal.value.current.value == "college"
    # What does not touch the same piece is no conflict: both are there.
    change_family(
        save_of(register), household.pk, lambda f: edits.with_fact(f, FamilyFact("n", "visit"), NOW)
    )
    assert Household.objects.get(pk=household.pk).version == 3
    change_family(save_of(register), household.pk, lambda f: edits.erase_fact(f, "s"))
    with pytest.raises(PieceChanged) as gone:
        write("lycee", 3)
    assert gone.value.current is None
    backwards = FamilyFact("x", "site", since=TODAY, until=TODAY - dt.timedelta(days=1))
    with pytest.raises(FamilyRefused) as refused:
        change_family(save_of(register), household.pk, lambda f: edits.with_fact(f, backwards, NOW))
    assert refused.value.sentences == ["La famille quitte ce lieu avant d’y arriver."]


def test_a_lost_key_another_register_and_a_swapped_row_open_nothing(cast: Any) -> None:
    register, stranger = opened_for(cast.operator_a), opened_for(cast.operator_b)
    mine = create_family(save_of(register), uuid4(), a_family("Ana"))
    other = create_family(save_of(register), uuid4(), a_family("Ioana"))
    for act in (
        lambda: change_family(save_of(stranger), mine.pk, lambda f: f),
        lambda: read_household(stranger, mine.pk),
        lambda: create_family(save_of(stranger), mine.pk, a_family()),
    ):
        with pytest.raises((Household.DoesNotExist, Http404, LostKey)):
            act()
    assert family_lines(stranger, TODAY) == []
    Household.objects.filter(pk=mine.pk).update(content=other.content, summary=other.summary)
    assert read_household(register, mine.pk)[1] is None
    destroy_key(register, other.pk)
    assert [line.card for line in family_lines(register, TODAY)] == [None, None]
    with pytest.raises(LostKey):
        change_family(save_of(register), other.pk, lambda f: f)


def test_the_list_puts_first_who_is_to_be_seen_again(cast: Any) -> None:
    register = opened_for(cast.operator_a)

    def family(name: str, *, review: int | None = None, until: int | None = None) -> None:
        end = None if until is None else TODAY + dt.timedelta(days=until)
        facts = [FamilyFact("d", "dispositif", since=TODAY - dt.timedelta(days=99), until=end, value="aaaa")]
        facts += [FamilyFact("s", "site", value="site-1" if name == "Ana" else "site-2")]
        if review is not None:
            facts += [FamilyFact("r", "appointment", since=TODAY + dt.timedelta(days=review))]
        create_family(save_of(register), uuid4(), a_family(name, *facts))

    family("Zoé")
    family("Ana", review=9)
    family("Иван", review=-3)
    with CaptureQueriesContext(connection) as few:
        lines = family_lines(register, TODAY)
    family("Éva 👩‍👧", review=0)
    family("Gone", until=0)
    with CaptureQueriesContext(connection) as many:
        lines = family_lines(register, TODAY)
    assert len(few) == len(many) == 1

    def names(**criteria: str) -> list[str]:
        return [line.names.removesuffix(" Popescu") for line in chosen_lines(lines, **criteria)]

    assert names() == ["Иван", "Éva 👩‍👧", "Ana", "Zoé"]
    assert names(view="revoir") == ["Иван", "Éva 👩‍👧"]
    assert names(view="sorties") == ["Gone"]
    assert names(query="popescu EVA") == ["Éva 👩‍👧"]
    assert names(query="m-0002") == ["Ana"]
    assert names(query="иван") == ["Иван"]
    assert names(site="site-1", action="aaaa") == ["Ana"]
    assert names(action="bbbb") == []


def test_a_family_that_leaves_before_the_end_foreseen_is_on_one_site() -> None:
    foreseen = TODAY + dt.timedelta(days=60)
    stay = FamilyFact("s", "site", since=dt.date(2026, 1, 5), until=foreseen, value="here")
    past = FamilyFact("p", "site", since=dt.date(2025, 1, 5), until=dt.date(2025, 6, 1), value="here")
    gone = gone_from(a_family("Ana", past, stay), save_of(new_register(1)), "here", TODAY, "there").as_known()
    stays = [(fact.value, fact.since, fact.until) for fact in gone.of_kind("site")]
    assert stays == [("there", TODAY, None), ("here", stay.since, TODAY), ("here", past.since, past.until)]
