"""While the key of a register changes, and however it stops, each household is whole."""

from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from jalons.households import renewal
from jalons.households.keys import learn_keys, new_household_key, opened
from jalons.households.models import Household, HouseholdKey, Register, RegisterKeyCopy, RegisterMember
from jalons.households.renewal import left_to_renew, renew_household, renew_some, start_renewal
from jalons.households.services import RegisterRefusal, create_register, invite_member, open_register
from jalons.households.vault import OpenRegister, UnreadableSeal
from tests.factories import Cast, organisation_of

pytestmark = pytest.mark.django_db
CODE = "péniche du matin 7"


def filled(cast: Cast, count: int) -> tuple[OpenRegister, Register]:
    user = cast.operator_a
    organisation = organisation_of(user)
    register, _ = create_register(user=user, organisation=organisation, code=CODE)
    for number in range(1, count + 1):
        household = Household(pk=UUID(int=number), organisation=organisation, number=number)
        new_household_key(register, household)
        household.content = register.seal(household.pk, "content", b"content %d" % number)
        household.summary = register.seal(household.pk, "summary", b"summary %d" % number)
        household.save(force_insert=True)
    return register, Register.objects.get(organisation=organisation)


def readable(register: OpenRegister) -> list[bytes | None]:
    rows = [*Household.objects.of(register).order_by("number")]
    learn_keys(register, rows)
    return [opened(register, row, part) for row in rows for part in ("content", "summary")]


def renewed(register: OpenRegister, stored: Register) -> OpenRegister:
    with transaction.atomic():
        again = start_renewal(register, Register.objects.select_for_update().get(pk=stored.pk))
    stored.refresh_from_db()
    return again


def test_stopped_at_any_point_then_gone_on_with(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    register, stored = filled(cast, 7)
    before = readable(register)
    again = renewed(register, stored)
    assert readable(again) == before
    assert renew_some(again, stored, 3) == 4
    seen: list[Any] = []

    def killed(*given: Any) -> HouseholdKey:
        seen.append(given)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return renew_household(*given)

    with monkeypatch.context() as patched:
        patched.setattr(renewal, "renew_household", killed)
        with pytest.raises(KeyboardInterrupt):
            renew_some(again, stored, 3)
    assert left_to_renew(stored) == 4, "l’essai arrêté n’a rien écrit"
    assert readable(again) == before
    member = RegisterMember.objects.select_related("register").get()
    next_day = open_register(member, CODE)
    assert readable(next_day) == before, "rouvert au milieu, les deux clés servent"
    assert renew_some(next_day, stored) == 0
    assert {*RegisterKeyCopy.objects.values_list("version", flat=True)} == {2}
    assert readable(open_register(member, CODE)) == before
    assert readable(register) == [None] * 14, "l’ancienne clé n’ouvre plus rien"


def test_what_is_written_meanwhile_and_what_was_never_vouched_for(cast: Cast) -> None:
    register, stored = filled(cast, 1)
    forged = invite_member(register=stored, user=cast.colleague_a, by=cast.operator_a)
    own = RegisterMember.objects.get(user=cast.operator_a)
    RegisterMember.objects.filter(pk=forged.pk).update(
        public_key=bytes(own.public_key),
        private_key=b"x",
        proof=bytes(own.proof),
        code_chosen_at=own.code_chosen_at,
        admitted_at=own.admitted_at,
    )
    again = renewed(register, stored)
    assert not RegisterKeyCopy.objects.filter(member=forged).exists(), "écrit dans la base, jamais admis"
    late = Household(pk=UUID(int=99), organisation_id=register.organisation_id, number=99)
    with pytest.raises(
        UnreadableSeal
    ):  # opened before the change: nothing is sealed under a key that goes away
        new_household_key(register, late)
    with pytest.raises(RegisterRefusal):
        renew_some(register, stored)
    new_household_key(again, late)


def test_keys_restored_from_another_day(cast: Cast) -> None:
    register, stored = filled(cast, 3)
    saved = [*HouseholdKey.objects.order_by("pk")]
    again = renewed(register, stored)
    assert renew_some(again, stored) == 0
    HouseholdKey.objects.bulk_update(saved, ["version", "wrapped"])
    HouseholdKey.objects.filter(pk=UUID(int=3)).delete()
    again = open_register(RegisterMember.objects.select_related("register").get(), CODE)
    assert readable(again) == [None] * 6, "clé détruite ou absente, jamais une erreur"
    assert renew_some(again, stored) == 0
