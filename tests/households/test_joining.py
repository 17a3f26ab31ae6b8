"""Households made one or parted, behind the wall: whole or not at all, the second of two people sees it."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jalons.households.enums import ErasureReason, RegisterAct
from jalons.households.families import edits
from jalons.households.families.content import FamilyFact, FamilyMember, FollowedFamily, members_at
from jalons.households.joining.services import HouseholdsChanged, PartingAsked, UnionAsked, part, unite
from jalons.households.leaving.services import destroy_register
from jalons.households.models import Household, HouseholdKey, Register, RegisterErasure, RegisterReading
from jalons.households.numbers.reading import read_families
from jalons.households.retention.services import choose_months, last_erasure
from jalons.households.sheets.selectors import chosen_lines, family_lines, read_household
from jalons.households.sheets.services import FamilySave, change_family, create_family
from jalons.households.sheets.views.moving import moved
from tests.factories import organisation_of
from tests.households.opening import client_of, opened_for

TODAY = dt.date(2026, 11, 30)
NOW = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
MAY, JUNE = dt.date(2026, 5, 1), dt.date(2026, 6, 1)


def family_of(*names: str, site: str = "s1", since: dt.date = MAY) -> FollowedFamily:
    family = FollowedFamily("")
    for rank, name in enumerate(names):
        given, _, last = name.partition(" ")
        member = FamilyMember(edits.new_id(), 1990 + rank, given_name=given, family_name=last)
        family = edits.with_member(family, member, NOW)
    for kind, value in (("site", site), ("dispositif", "act"), ("visit", "phone")):
        family = edits.with_fact(
            family, FamilyFact(edits.new_id(), kind, since=since, value=value, author="7"), NOW
        )
    return family


class TwoFamilies:
    """M-0001, of Ana and Ion, then M-0002, of Ana and Mia."""

    def __init__(self, cast: Any) -> None:
        self.register = opened_for(cast.operator_a)
        self.client = client_of(cast.operator_a, self.register)
        save = self.save("")
        first = family_of("Ana Popescu", "Ion Popescu")
        self.first = create_family(save, uuid4(), first)
        self.second = create_family(
            save, uuid4(), family_of("Ana Popescu", "Mia Radu", site="s2", since=JUNE)
        )

    def save(self, token: str) -> FamilySave:
        return FamilySave(self.register, "7", NOW + dt.timedelta(hours=1), TODAY, token)

    def content(self, household: Household) -> FollowedFamily:
        _, family = read_household(self.register, household.pk)
        assert family is not None
        return family

    def asked(self, **changes: Any) -> UnionAsked:
        return UnionAsked(
            **{"staying": self.first.pk, "leaving": self.second.pk, "versions": (1, 1), "on": TODAY} | changes
        )


def test_two_households_are_one_and_nothing_is_lost(cast: Any) -> None:
    two = TwoFamilies(cast)
    ours, theirs = two.content(two.first), two.content(two.second)
    same = {theirs.people[0].id: ours.people[0].id}
    for _ in range(2):  # sent twice, it is done once
        household = unite(two.save("once"), two.asked(same=same))
    assert (household.reference, household.version) == ("M-0001", 2)
    whole = two.content(household)
    assert len(whole.facts) == len(ours.facts) + len(theirs.facts)
    assert {f.author for f in whole.facts} == {"7"}
    known = whole.as_known()
    assert sorted(p.given_name for p in known.people) == ["Ana", "Ion", "Mia"]
    assert not Household.objects.filter(pk=two.second.pk).exists()
    assert not HouseholdKey.objects.filter(household_id=two.second.pk).exists()
    assert [e.why for e in RegisterErasure.objects.all()] == [ErasureReason.MERGED]
    # What was counted is still countable; its number is nobody else's, and is searched.
    assert last_erasure(two.register.organisation_id) is None
    assert create_family(two.save(""), uuid4(), family_of("Lia")).reference == "M-0003"
    lines = chosen_lines(family_lines(two.register, TODAY), query="m-0002")
    assert [(line.reference, line.former, line.people) for line in lines] == [("M-0001", "M-0002", 3)]
    assert [m.reference for m in known.mergers] == ["M-0002"]
    summaries = {f.id: f for f in read_families(two.register).families}
    assert [m.on for m in summaries[str(household.pk)].mergers] == [TODAY]


def test_what_changed_meanwhile_is_looked_at_again(cast: Any) -> None:
    two = TwoFamilies(cast)
    note = FamilyFact("n", "visit", since=TODAY, value="note", text="Vue ce matin")
    change_family(two.save("note"), two.second.pk, lambda family: edits.with_fact(family, note, NOW))
    for asked in (two.asked(), two.asked(versions=(2, 2)), two.asked(staying=uuid4())):
        with pytest.raises(HouseholdsChanged):
            unite(two.save("late"), asked)
    with pytest.raises(HouseholdsChanged):
        unite(two.save("itself"), two.asked(leaving=two.first.pk))
    assert two.content(two.first).saves == ()
    unite(two.save("again"), two.asked(versions=(1, 2)))
    assert "Vue ce matin" in {f.text for f in two.content(two.first).facts}


def test_a_household_of_another_register_is_never_reached(cast: Any) -> None:
    two = TwoFamilies(cast)
    other = opened_for(cast.operator_b)
    theirs = create_family(FamilySave(other, "8", NOW, TODAY), uuid4(), family_of("Secret"))
    with pytest.raises(HouseholdsChanged):
        unite(two.save("x"), two.asked(leaving=theirs.pk))
    with pytest.raises(HouseholdsChanged):
        part(two.save("x"), PartingAsked(theirs.pk, uuid4(), 1, TODAY, ["p"]))
    urls = [
        f"/registre/menages/{theirs.pk}/reunir/",
        f"/registre/menages/{theirs.pk}/separer/",
        f"/registre/menages/{theirs.pk}/reunir/{two.first.pk}/",
        f"/registre/menages/{two.first.pk}/reunir/{theirs.pk}/",
    ]
    assert [two.client.get(url).status_code for url in urls] == [404] * 4
    assert Household.objects.filter(pk=theirs.pk, version=1).exists()


def test_the_journey_of_two_fiches_of_one_family(cast: Any) -> None:
    """Found by its name, looked at, refused once (written in meanwhile), then one; the log says who did it."""
    two = TwoFamilies(cast)
    base = f"/registre/menages/{two.first.pk}/reunir/"
    assert "M-0002" in two.client.get(base).content.decode()
    assert "Aucun autre ménage" in two.client.post(base, {"query": "personne"}).content.decode()
    page = two.client.get(f"{base}{two.second.pk}/").content.decode()
    assert "Deux lieux de vie à la fois" in page
    assert page.count("est la même personne que") == 2
    sent = {"seen": "1.1", "on": "01/06/2026", "submission_key": str(uuid4())}
    twice = {f"personne-{rank}": two.content(two.first).people[0].id for rank in range(2)}
    assert "deux fois" in two.client.post(f"{base}{two.second.pk}/", sent | twice).content.decode()
    stale = two.client.post(f"{base}{two.second.pk}/", sent | {"seen": "9.x"})
    assert 'value="1.1"' in stale.content.decode()
    for _ in range(2):
        answer = two.client.post(f"{base}{two.second.pk}/", sent)
        assert answer.headers["Location"] == f"/registre/menages/{two.first.pk}/"
    sheet = two.client.get(answer.headers["Location"]).content.decode()
    assert "M-0002, réunie à M-0001 le" in " ".join(sheet.split())
    acts = RegisterReading.objects.filter(act=RegisterAct.UNITED)
    assert sorted(acts.values_list("number", flat=True)) == [1, 2]


def test_who_leaves_has_a_sheet_of_their_own(cast: Any) -> None:
    two = TwoFamilies(cast)
    base = f"/registre/menages/{two.first.pk}/separer/"
    page = two.client.get(base).content.decode()
    assert page.count("checked") == 2  # site and dispositif; the visit is not
    family = two.content(two.first)
    ion = family.people[1].id
    follow = [f.id for f in family.facts if f.kind in ("site", "dispositif")]
    new = uuid4()
    sent = {
        "seen": "1", "on": "01/06/2026", "people": ion, "facts": follow, "new": str(new),
        "submission_key": str(uuid4()),
    }  # fmt: skip
    everybody = [p.id for p in family.people]
    assert "pas tout le ménage" in two.client.post(base, sent | {"people": everybody}).content.decode()
    stale = two.client.post(base, sent | {"seen": ""})
    assert "relisez" in stale.content.decode()
    assert not Household.objects.filter(pk=new).exists()
    for _ in range(2):
        assert two.client.post(base, sent).headers["Location"] == f"/registre/menages/{new}/"
    acts = RegisterReading.objects.filter(act=RegisterAct.PARTED)
    assert sorted(acts.values_list("number", flat=True)) == [1, 3]
    made = Household.objects.get(pk=new)
    assert made.reference == "M-0003"
    left, parted = two.content(two.first).as_known(), two.content(made).as_known()
    for day, here, there in ((MAY, 2, 0), (JUNE, 1, 1)):
        assert (len(members_at(left, day)), len(members_at(parted, day))) == (here, there)
    assert [f.kind for f in parted.facts if f.kind != "presence"] == ["site", "dispositif"]
    assert {f.text for f in left.facts if f.kind == "presence"} == {"Vers M-0003"}
    assert {f.text for f in parted.facts if f.kind == "presence"} == {"De M-0001"}
    sheet = two.client.get(f"/registre/menages/{new}/").content.decode()
    assert "Venue d’un autre ménage" in sheet


def test_who_changes_many_households_holds_the_register_first(cast: Any) -> None:
    """One order for all: two people who change many at once wait for each other in a line, never in a circle."""
    two = TwoFamilies(cast)
    leaving = [line for line in family_lines(two.register, TODAY) if line.site == "s1"]
    typed = {"households": [str(two.first.pk)], "on": TODAY, "destination": ""}
    organisation = organisation_of(cast.operator_a)
    acts: list[Callable[[], object]] = [
        lambda: moved(two.save("moved"), typed, "s1", leaving),
        lambda: choose_months(organisation=organisation, months=12, reason="", by=cast.operator_a),
        lambda: unite(two.save("once"), two.asked(versions=(2, 1))),
        lambda: destroy_register(two.register, households=1, on=TODAY),
    ]
    for act in acts:
        with CaptureQueriesContext(connection) as queries:
            act()
        read = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
        assert f'FROM "{Register._meta.db_table}"' in read[0]
        assert f'FROM "{Household._meta.db_table}"' in " ".join(read[1:])
    if (
        connection.features.has_select_for_update
    ):  # before the copies that wait, as by who erases one household
        assert "FOR UPDATE" in read[1]
