"""What whoever manages accounts may see and touch: their own scope, and nothing national for a local administrator."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q

from jalons.accounts.enums import Right, Role
from jalons.accounts.models import Membership, User
from jalons.accounts.permissions import Territory, membership_territory, territory_of
from jalons.history.services import Actor
from jalons.territories.enums import ScopeLevel
from jalons.territories.models import Commune, Departement, Scope

NATIONAL_ROLES = frozenset([Role.NATIONAL, Role.NATIONAL_ADMIN])
# Reads the whole of France by its role: never given over less than a département.
WIDE_LEVELS = frozenset([ScopeLevel.NATION, ScopeLevel.REGION, ScopeLevel.DEPARTEMENT])


def scopes_within(territory: Territory) -> Any:
    """The scopes that stand wholly inside a territory, as a subquery."""
    if territory.everywhere:
        return Scope.objects.all()
    departements = sorted(territory.departements)
    outside = Departement.objects.filter(region=OuterRef("region")).exclude(pk__in=departements)
    members = Commune.objects.filter(epci=OuterRef("epci"))
    where = (
        Q(departement__in=departements)
        | Q(epci__in=sorted(territory.epcis))
        | Q(commune__in=sorted(territory.communes))
        | Q(commune__departement__in=departements)
        | Q(commune__epci__in=sorted(territory.epcis))
        | Q(region__isnull=False) & ~Exists(outside)
        | Q(epci__isnull=False) & Exists(members) & ~Exists(members.exclude(departement__in=departements))
    )
    return Scope.objects.filter(where)


def may_give(admin: Any, role: str, scopes: Iterable[Scope]) -> bool:
    """May this administrator give `role` over all of `scopes`? Never more than their own."""
    territory = territory_of(admin, Right.MANAGE_ACCOUNTS)
    if territory.everywhere:
        return True
    wanted = {scope.pk for scope in scopes}
    if not territory or not wanted or role in NATIONAL_ROLES:
        return False
    return scopes_within(territory).filter(pk__in=wanted).count() == len(wanted)


def may_touch(admin: Any, membership: Membership) -> bool:
    """May this administrator change or end this membership, and the grants on it?"""
    return may_give(admin, membership.role, membership.scopes.all())


def may_touch_account(admin: Any, user: User) -> bool:
    """May they close or reopen the whole account? Only when they may touch all that is in force on it."""
    if territory_of(admin, Right.MANAGE_ACCOUNTS).everywhere:
        return True
    held = list(user.memberships.active().prefetch_related("scopes"))
    return bool(held) and all(may_touch(admin, membership) for membership in held)


def visible_accounts(admin: Any) -> Any:
    """The accounts that an administrator sees: those with a membership, of today or past, inside their territory."""
    territory = territory_of(admin, Right.MANAGE_ACCOUNTS)
    if territory.everywhere:
        return User.objects.all()
    inside = Membership.objects.filter(user=OuterRef("pk"), scopes__in=scopes_within(territory))
    return User.objects.filter(Exists(inside))


def managing_actor(admin: User) -> Actor:
    """In whose name somebody manages accounts: the organisation that gives them the right."""
    for membership in admin.active_memberships:
        if membership_territory(membership, Right.MANAGE_ACCOUNTS):
            return Actor(admin, membership.organisation)
    raise LookupError("only for who manages accounts")
