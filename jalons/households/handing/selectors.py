"""Reads over families that are handed, by either side. What is sealed is opened by the services."""

from uuid import UUID

from jalons.households.enums import HandingState
from jalons.households.families.content import FollowedFamily
from jalons.households.families.enums import FactKind
from jalons.households.handing.waiting import box_mark
from jalons.households.models import HouseholdHanding, Register
from jalons.households.sheets.kinds import Choices
from jalons.households.vault import holders


def receivers(organisation_id: int) -> Choices:
    """The structures that keep a register and may be handed a family: that they keep one, and nothing more.

    With the twelve digits of their key, which who hands and who receives may compare aloud.
    """
    rows = Register.objects.filter(box_made_at__isnull=False, organisation__merged_into__isnull=True)
    rows = rows.exclude(organisation=organisation_id).order_by("organisation__name", "organisation")
    return [
        (box_mark(pk, public), f"{name}, clé {holders.fingerprint(public)}")
        for pk, name, public in rows.values_list("organisation", "organisation__name", "box_public")
    ]


def waiting_for(organisation_id: int) -> int:
    return HouseholdHanding.objects.waiting().filter(receiver=organisation_id).count()


def last_handing(organisation_id: int, household_id: UUID) -> HouseholdHanding | None:
    """What came of the last time that a household was handed."""
    rows = HouseholdHanding.objects.sent_by_organisation(organisation_id)
    handing: HouseholdHanding | None = rows.filter(household=household_id).first()
    return handing


def goes_on(family: FollowedFamily, handing: HouseholdHanding | None) -> bool:
    """Accepted elsewhere, and still accompanied here."""
    accepted = handing is not None and handing.state == HandingState.ACCEPTED
    return accepted and any(fact.until is None for fact in family.by_kind.get(FactKind.DISPOSITIF, ()))
