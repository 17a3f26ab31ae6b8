"""Reads over registers, their members and what was done in them."""

from dataclasses import dataclass
from typing import Any

from jalons.accounts.enums import Right
from jalons.accounts.models import Membership, User
from jalons.accounts.permissions import membership_territory
from jalons.core.values.text import french_spaces
from jalons.households.journal import sheets_read
from jalons.households.models import Register, RegisterMember
from jalons.households.vault import holders


def merge_obstacle(staying: Any, leaving: Any) -> str:
    """A register is sealed for its organisation: its members alone can take its households elsewhere."""
    if not Register.objects.filter(organisation=leaving).exists():
        return ""
    return french_spaces(
        f"« {leaving} » a un registre de familles, que ses membres sont seuls à pouvoir lire : ils doivent d’abord "
        "emporter leurs ménages, puis supprimer ce registre."
    )


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member as the team sees them. `fingerprint`: twelve digits to compare before giving the key."""

    member: RegisterMember
    sheets: int
    fingerprint: str


def member_lines(register: Register) -> list[MemberLine]:
    """Two queries."""
    sheets = sheets_read(register.organisation_id)
    members = (
        RegisterMember.objects.standing()
        .filter(register=register)
        .select_related("user", "invited_by", "admitted_by")
        .order_by("-responsible", "user__name", "pk")
    )
    return [
        MemberLine(
            member,
            sheets.get(member.user_id, 0),
            holders.fingerprint(member.public_key) if member.public_key and not member.admitted_at else "",
        )
        for member in members
    ]


def invitable_people(register: Register) -> list[User]:
    """People who work in the organisation today, hold the right there, and are not members yet."""
    memberships = (
        Membership.objects.active()
        .with_access()
        .filter(organisation=register.organisation_id, user__is_active=True)
        .exclude(user__in=RegisterMember.objects.standing().filter(register=register).values("user"))
        .select_related("user", "organisation")
    )
    able = {
        membership.user.pk: membership.user
        for membership in memberships
        if membership_territory(membership, Right.KEEP_REGISTER).organisations
    }
    return sorted(able.values(), key=lambda user: (user.name, user.pk))
