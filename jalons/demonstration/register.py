"""The register of families of an operator, opened with a code that everybody knows: its families are invented."""

import datetime as dt
from uuid import UUID

from jalons.accounts.enums import Role
from jalons.accounts.models import Membership
from jalons.demonstration.people import DOMAIN
from jalons.demonstration.register_families import InventedFamilies
from jalons.households.services import create_register
from jalons.households.sheets.selectors import own_actions, site_choices
from jalons.households.sheets.services import FamilySave, create_family

KEEPER = f"operateur-a@{DOMAIN}"
REGISTER_CODE = "familles-inventees-2026"


def fill_register(today: dt.date) -> int:
    """How many households; none without the account."""
    membership = (
        Membership.objects.active()
        .filter(user__email=KEEPER, role=Role.OPERATOR)
        .select_related("user", "organisation")
        .order_by("pk")
        .first()
    )
    if membership is None:
        return 0
    user = membership.user
    register, _ = create_register(user=user, organisation=membership.organisation, code=REGISTER_CODE)
    sites = [code for code, _ in site_choices(register, user, set())]
    actions = [code for code, _ in own_actions(register, user)]
    invented = InventedFamilies(today, sites, actions, str(user.pk))
    save = FamilySave(register, str(user.pk), invented.at, today)
    families = invented.families()
    for number, family in enumerate(families, 1):
        create_family(save, UUID(int=number), family)
    return len(families)
