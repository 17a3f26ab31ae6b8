"""Writes families, sealed. Nothing here logs, and an exception holds no text of anybody."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from jalons.households.families.checks import family_warnings
from jalons.households.families.content import FamilyFact, FamilyMember, FollowedFamily
from jalons.households.families.edits import with_save
from jalons.households.families.stored import from_json, to_json, to_summary
from jalons.households.keys import learn_keys, lock_register, new_household_key, opened
from jalons.households.models import Household, RegisterErasure, RegisterReading
from jalons.households.retention.dates import erasure_month
from jalons.households.retention.services import announce_again, months_kept
from jalons.households.vault import OpenRegister


class LostKey(Exception):
    """« Clé détruite ou absente » : the household cannot be read by anybody, hence not written."""


class PieceChanged(Exception):
    """Somebody else saved the same person or fact meanwhile; `current` is None when they took it away."""

    def __init__(self, current: FamilyFact | FamilyMember | None) -> None:
        super().__init__()
        self.current = current


class FamilyRefused(Exception):
    """What cannot be: an end before its beginning, a birth to come."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__()
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class FamilySave:
    """Who writes, in which opened register, when. `token` names the sending: sent twice, it is stored once."""

    register: OpenRegister
    author: str
    at: dt.datetime
    today: dt.date
    token: str = ""


def create_family(save: FamilySave, household_id: UUID, family: FollowedFamily) -> Household:
    """A new household under the next number. Its identifier comes from the form: sent twice, it is there already."""
    with transaction.atomic():
        owner = save.register.organisation_id
        lock_register(save.register)
        existing = Household.objects.filter(pk=household_id).first()
        if existing is not None:
            if existing.organisation_id != owner:
                raise LostKey
            return existing
        if RegisterReading.objects.filter(organisation=owner, household=household_id).exists():
            raise LostKey  # erased since: a form sent late does not bring a family back
        household = Household(pk=household_id, organisation_id=owner, number=next_number(owner))
        new_household_key(save.register, household)
        sealed_into(household, save, family)
        household.save(force_insert=True)
    return household


def next_number(organisation_id: int) -> int:
    """After every number ever given: « M-0142 » never names two families, one of them erased."""
    used = [
        model.objects.filter(organisation=organisation_id).aggregate(last=Max("number"))["last"] or 0
        for model in (Household, RegisterErasure)
    ]
    return max(used) + 1


def change_family(
    save: FamilySave, household_id: UUID, change: Callable[[FollowedFamily], FollowedFamily]
) -> Household:
    """Reads the household as it is now, changes it and seals it again; a token already stored changes nothing."""
    with transaction.atomic():
        household, family = locked_family(save.register, household_id)
        if save.token and save.token in family.saves:
            return household
        changed = change(family)
        if changed is family:
            return household
        sealed_into(household, save, changed)
        household.version += 1
        household.save(update_fields=["content", "summary", "version", "erase_on"])
    return household


def locked_family(register: OpenRegister, household_id: UUID) -> tuple[Household, FollowedFamily]:
    """In the caller's transaction. Keys are renewed row by row: the one in force is learnt under the lock."""
    household = Household.objects.of(register).select_for_update(of=("self",)).get(pk=household_id)
    learn_keys(register, [household])
    payload = opened(register, household, "content")
    if payload is None:
        raise LostKey
    return household, from_json(payload, str(household_id))


def sealed_into(household: Household, save: FamilySave, family: FollowedFamily) -> None:
    before = household.erase_on
    seal_family(household, save, family, months_kept(household.organisation_id))
    if household.erase_on is not None and household.erase_on != before:
        announce_again(household.organisation_id, household.erase_on)


def seal_family(household: Household, save: FamilySave, family: FollowedFamily, months: int) -> None:
    """Without a query: what many households saved at once share is read before, and announced after."""
    refused = [w.message for w in family_warnings(family.as_known(), save.today) if w.refused]
    if refused:
        raise FamilyRefused(refused)
    stored = with_save(family, save.token)
    known = stored.as_known()
    household.content = save.register.seal(household.pk, "content", to_json(stored))
    household.summary = save.register.seal(household.pk, "summary", to_summary(stored))
    household.erase_on = erasure_month(known.last_contact or save.today, months)


def seen_or_refused(current: Any, seen: str) -> Any:
    """The version in force of a person or a fact, when it is the one that the form was opened on."""
    if current is None or (current.recorded is not None and current.recorded.isoformat() != seen):
        raise PieceChanged(current)
    return current


def current_fact(family: FollowedFamily, fact_id: str) -> FamilyFact | None:
    return next((f for f in family.facts if f.id == fact_id and f.superseded is None), None)


def current_member(family: FollowedFamily, member_id: str) -> FamilyMember | None:
    return next((p for p in family.people if p.id == member_id and p.superseded is None), None)
