"""The register of families of an operator of the measured base: invented families, sealed in number.

Django must be ready before this is imported.
"""

import datetime as dt
from collections.abc import Sequence
from random import Random
from typing import Any
from uuid import UUID

from django.db import transaction

from jalons.actions.models import Action
from jalons.core import clock
from jalons.demonstration.register import REGISTER_CODE
from jalons.demonstration.register_families import InventedFamilies
from jalons.households.families import edits
from jalons.households.families.content import FamilyFact, FollowedFamily
from jalons.households.families.enums import FactKind, HousingRequestKind, VisitKind, WorkKind
from jalons.households.families.stored import to_json, to_summary
from jalons.households.models import Household, HouseholdKey, RegisterMember
from jalons.households.services import open_register
from jalons.households.vault import OpenRegister

FACTS = 40  # of a family
DIFFERENT = 200  # families; the others are the same again, each under a key of its own
# What comes again and again in the life of a family: one visit of two, then what is done at it.
REPEATED: Sequence[tuple[str, str]] = (
    (FactKind.VISIT, VisitKind.ON_SITE),
    (FactKind.HEALTH_REFERRAL, ""),
    (FactKind.VISIT, VisitKind.OFFICE),
    (FactKind.TRAINING, ""),
    (FactKind.VISIT, VisitKind.PHONE),
    (FactKind.HOUSING_REQUEST, HousingRequestKind.SIAO),
    (FactKind.VISIT, VisitKind.OUTING),
    (FactKind.HEALTH_OUTING, ""),
    (FactKind.VISIT, VisitKind.ON_SITE),
    (FactKind.WORK, WorkKind.FIXED_TERM),
)


def fill_register(*, families: int) -> None:
    """Makes the register of the demonstration as long as that; all its new families are of one dispositif."""
    member = RegisterMember.objects.admitted().select_related("register", "user").order_by("pk").first()
    there = Household.objects.count()
    if member is None or families <= there:
        return
    register = open_register(member, REGISTER_CODE)
    actions = [code for code in [accompanied()["accompanied"]] if code]
    add_families(register, member.user, sites=[], actions=actions, number=families - there, first=there)


def accompanied() -> dict[str, str]:
    """A family of the register, and the dispositif that the new ones are of; empty on a base that has none."""
    household = Household.objects.order_by("-number").first()
    if household is None:
        return {"household": "", "accompanied": ""}
    carried = Action.objects.in_progress().operated_by(household.organisation_id, ever=True)
    action = carried.order_by("pk").first()
    return {"household": str(household.pk), "accompanied": action.public_id if action else ""}


def long_followed(invented: InventedFamilies, index: int) -> FollowedFamily:
    """An invented family with as many facts as one that is followed for years."""
    family = invented.family(index)
    chance = Random(index)
    person = family.people[0].id
    for rank in range(FACTS - len(family.facts)):
        kind, value = REPEATED[rank % len(REPEATED)]
        since = invented.today - dt.timedelta(days=chance.randint(1, 900))
        whose = person if kind in (FactKind.TRAINING, FactKind.WORK) else ""
        until = since + dt.timedelta(days=90) if kind == FactKind.WORK else None
        text = "Vu toute la famille, dossier de domiciliation complet." if kind == FactKind.VISIT else ""
        fact = FamilyFact(f"{chance.getrandbits(48):012x}", kind, whose, since, until, value, text=text)
        family = edits.with_fact(family, fact, invented.at)
    return family


@transaction.atomic
def add_families(
    register: OpenRegister, user: Any, *, sites: list[str], actions: list[str], number: int, first: int = 0
) -> None:
    """So many households after the `first` ones, all accompanied when the organisation has dispositifs."""
    invented = InventedFamilies(clock.today(), sites, actions, str(user.pk))
    families = [long_followed(invented, index) for index in range(min(number, DIFFERENT))]
    written = [(to_json(family), to_summary(family)) for family in families]
    households, keys = [], []
    for rank in range(first, first + number):
        content, summary = written[rank % len(written)]
        household = Household(
            pk=UUID(int=rank + 1 << 64), organisation_id=register.organisation_id, number=rank + 1
        )
        key = register.new_household_key(household.pk)
        household.content = register.seal(household.pk, "content", content)
        household.summary = register.seal(household.pk, "summary", summary)
        households.append(household)
        keys.append(
            HouseholdKey(
                household=household,
                organisation_id=register.organisation_id,
                version=key.version,
                wrapped=key.wrapped,
            )
        )
    Household.objects.bulk_create(households, batch_size=500)
    HouseholdKey.objects.bulk_create(keys, batch_size=500)
