"""A family handed to another organisation: a sealed copy that it accepts or not, and nothing else."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest

from jalons.households.enums import ErasureReason, HandingState, RegisterAct
from jalons.households.families import edits
from jalons.households.families.content import FamilyFact, FollowedFamily
from jalons.households.families.handed import HandingAgreement
from jalons.households.families.stored import UnreadableFamily
from jalons.households.handing.services import HandingAsked, HandingRefused, accept, hand, opened_copy
from jalons.households.handing.waiting import box_mark, expire, give_box
from jalons.households.leaving.services import destroy_register
from jalons.households.models import (
    HandedCopy,
    Household,
    HouseholdHanding,
    Register,
    RegisterReading,
)
from jalons.households.renewal import start_renewal
from jalons.households.retention.services import erase_household
from jalons.households.sheets.selectors import read_household
from jalons.households.sheets.services import FamilySave, create_family
from jalons.households.vault import OpenRegister
from tests.households.opening import client_of, opened_for
from tests.households.test_joining import MAY, NOW, TODAY, family_of

AGREED = HandingAgreement(MAY, "ro", "aloud")


def with_box(user: Any) -> OpenRegister:
    register = opened_for(user)
    give_box(register, stored(register))
    return register


def stored(register: OpenRegister) -> Register:
    return Register.objects.get(organisation=register.organisation_id)


class Handing:
    """The friends keep Ana and Ion; another organisation keeps a register of its own."""

    def __init__(self, cast: Any) -> None:
        self.cast = cast
        self.ours, self.theirs = with_box(cast.operator_a), with_box(cast.operator_b)
        family = family_of("Ana Popescu", "Ion Popescu")
        ana = family.people[0].id
        for fact in (
            FamilyFact("n", "visit", since=MAY, value="note", text="Note à nous", author="7"),
            FamilyFact("s", "work", ana, since=MAY, value="fixed_term", text="Cantine", author="7"),
            FamilyFact("p", "presence", ana, since=MAY, value="in", text="De M-0009"),
        ):
            family = edits.with_fact(family, fact, NOW)
        self.household = create_family(self.save(self.ours), uuid4(), family)
        self.receiver = box_mark(self.theirs.organisation_id, stored(self.theirs).box_public)

    def save(self, register: OpenRegister, token: str = "") -> FamilySave:
        return FamilySave(register, "7", NOW, TODAY, token)

    def hand(self, token: str = "", **changes: Any) -> HouseholdHanding:
        asked = {"household": self.household.pk, "receiver": self.receiver, "agreement": AGREED} | changes
        hand(self.save(self.ours, token), HandingAsked(**asked), by=self.cast.operator_a)
        return HouseholdHanding.objects.latest("sent_at")

    def content(self, register: OpenRegister, household: Household) -> FollowedFamily:
        _, family = read_household(register, household.pk)
        assert family is not None
        return family.as_known()


def test_a_family_is_handed_read_and_accepted(cast: Any) -> None:
    """By two people, each in their register: the agreement is required, both logs say it, the sender may end theirs."""
    case = Handing(cast)
    ours, theirs = client_of(cast.operator_a, case.ours), client_of(cast.operator_b, case.theirs)
    page = f"/registre/menages/{case.household.pk}/confier/"
    sent = {"receiver": case.receiver, "agreed_on": "01/05/2026", "language": "ro", "way": "aloud"}
    sent["submission_key"] = str(uuid4())
    for missing in ("agreed_on", "language", "way", "receiver"):
        assert ours.post(page, sent | {missing: ""}).status_code == 200
    assert ours.post(page, sent | {"receiver": f"{case.theirs.organisation_id}-1"}).status_code == 200
    assert not HouseholdHanding.objects.exists()
    for _ in range(2):
        assert ours.post(page, sent).headers["Location"] == page
    handing = HouseholdHanding.objects.get()
    for secret in ("Popescu", "Cantine", "aloud"):
        assert secret.encode() not in bytes(HandedCopy.objects.get().sealed)
    assert "attend une réponse" in ours.get(page).content.decode()

    assert "famille vous est confiée" in theirs.get("/registre/menages/").content.decode()
    copy = theirs.get(f"/registre/confiees/{handing.pk}/").content.decode()
    for words in ("Ana Popescu", "Ion Popescu", "Cantine", "roumain", "lue à voix haute"):
        assert words in copy
    for words in ("Note à nous", "M-0009", case.household.reference):
        assert words not in copy
    answer = theirs.post(f"/registre/confiees/{handing.pk}/accepter/")
    made = Household.objects.get(organisation=case.theirs.organisation_id)
    assert answer.headers["Location"] == f"/registre/menages/{made.pk}/"
    assert theirs.post(f"/registre/confiees/{handing.pk}/accepter/").status_code == 404
    assert not HandedCopy.objects.exists()
    family = case.content(case.theirs, made)
    mine = case.content(case.ours, case.household)
    assert {f.kind for f in family.facts} == {"site", "work", "presence", "handing"}
    assert {f.author for f in family.facts} == {str(cast.operator_b.pk)}
    assert not {p.id for p in family.people} & {p.id for p in mine.people}
    assert not {f.id for f in family.facts} & {f.id for f in mine.facts}

    assert "acceptée" in ours.get(page).content.decode()
    ours.post(f"/registre/confiees/{handing.pk}/terminer/")
    ended = [f for f in case.content(case.ours, case.household).facts if f.kind == "dispositif"]
    assert all(f.until is not None for f in ended)
    log = RegisterReading.objects.exclude(act__in=(RegisterAct.SHEET, RegisterAct.LIST)).order_by("pk")
    assert [(r.organisation_id == case.ours.organisation_id, r.act, r.number) for r in log] == [
        (True, RegisterAct.HANDED, 1),
        (False, RegisterAct.ACCEPTED, 1),
        (True, RegisterAct.ACCEPTED, 1),
        (True, RegisterAct.CHANGED, 1),
    ]
    assert log[2].address is None


def test_nobody_else_reads_nor_answers(cast: Any) -> None:
    case = Handing(cast)
    handing = case.hand()
    third = with_box(cast.operator13)
    base = f"/registre/confiees/{handing.pk}/"
    ours = client_of(cast.operator_a, case.ours)
    strangers = [ours, client_of(cast.operator13, third)]
    for client in strangers:
        assert client.get(base).status_code == 404
        for act in ("accepter/", "refuser/"):
            assert client.post(base + act, {"why": "full"}).status_code == 404
    for client in (strangers[1], client_of(cast.operator_b, case.theirs)):
        for act in ("reprendre/", "terminer/"):
            assert client.post(base + act).status_code == 404
    assert ours.post(f"{base}terminer/").status_code == 404, "pas encore acceptée"
    assert "confiée par" not in strangers[1].get("/registre/confiees/").content.decode()
    with pytest.raises(UnreadableFamily):
        opened_copy(third, handing, stored(third))
    with pytest.raises(UnreadableFamily):
        opened_copy(case.ours, handing, stored(case.ours))
    # Put in another line of the base, a copy does not open; nor is a family handed to oneself, or twice.
    other = HouseholdHanding.objects.create(
        sender=handing.sender, receiver=handing.receiver, household=uuid4(), number=9,
        sent_by=cast.operator_a, expires_on=handing.expires_on,
    )  # fmt: skip
    HandedCopy.objects.create(handing=other, sealed=HandedCopy.objects.get(pk=handing.pk).sealed)
    with pytest.raises(UnreadableFamily):
        accept(case.save(case.theirs), other.pk)
    own = box_mark(case.ours.organisation_id, stored(case.ours).box_public)
    for changes in ({"receiver": own}, {}):
        with pytest.raises(HandingRefused):
            case.hand(**changes)
    assert HouseholdHanding.objects.get(pk=handing.pk).state == HandingState.WAITING


def test_a_copy_that_waits_ends_in_every_way(cast: Any) -> None:
    """Declined, taken back, expired, erased with its household or with either register: it is destroyed each time."""
    case = Handing(cast)
    ours, theirs = client_of(cast.operator_a, case.ours), client_of(cast.operator_b, case.theirs)

    def state(handing: HouseholdHanding) -> str:
        assert not HandedCopy.objects.filter(pk=handing.pk).exists()
        return str(HouseholdHanding.objects.get(pk=handing.pk).state)

    declined = case.hand()
    base = f"/registre/confiees/{declined.pk}/"
    assert theirs.post(f"{base}refuser/", {"why": "closed"}).status_code == 200
    theirs.post(f"{base}refuser/", {"why": "full"})
    assert state(declined) == HandingState.DECLINED
    sheet = ours.get(f"/registre/menages/{case.household.pk}/confier/").content.decode()
    assert "Nous n’avons plus de place" in sheet

    back = case.hand()
    ours.post(f"/registre/confiees/{back.pk}/reprendre/")
    assert state(back) == HandingState.TAKEN_BACK
    assert theirs.get(f"/registre/confiees/{back.pk}/").status_code == 404

    late = case.hand()
    assert expire(late.expires_on - dt.timedelta(days=1)) == 0
    with pytest.raises(HandingRefused):
        accept(FamilySave(case.theirs, "8", NOW, late.expires_on), late.pk)
    assert (expire(late.expires_on), expire(late.expires_on)) == (1, 0)
    assert state(late) == HandingState.EXPIRED

    closed = case.hand()
    destroy_register(case.theirs, households=0, on=TODAY)
    assert state(closed) == HandingState.DECLINED
    with pytest.raises(HandingRefused):
        case.hand()
    case.theirs = with_box(cast.operator_b)
    case.receiver = box_mark(case.theirs.organisation_id, stored(case.theirs).box_public)
    erased = case.hand()
    erase_household(Household.objects.get(pk=case.household.pk), ErasureReason.ASKED, on=TODAY)
    assert state(erased) == HandingState.TAKEN_BACK


def test_a_renewed_key_still_opens_what_waits_and_the_former_does_not(cast: Any) -> None:
    case = Handing(cast)
    handing, former = case.hand(), stored(case.theirs)
    renewed = start_renewal(case.theirs, former)
    current = stored(case.theirs)
    assert bytes(current.box_public) != bytes(former.box_public)
    family, agreement = opened_copy(renewed, handing, current)
    assert sorted(p.given_name for p in family.people) == ["Ana", "Ion"]
    assert agreement == AGREED
    for register, box in ((case.theirs, former), (case.theirs, current)):
        with pytest.raises(UnreadableFamily):
            opened_copy(register, handing, box)
    with pytest.raises(HandingRefused):
        case.hand()
    household, _ = accept(case.save(renewed), handing.pk)
    assert household.organisation_id == case.theirs.organisation_id
