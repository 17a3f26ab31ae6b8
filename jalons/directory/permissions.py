"""Who finds whom, in the directory and in the search: those whose territory meets one’s own."""

from typing import Any

from django.db.models import Q, QuerySet

from jalons.accounts.models import Membership, Organisation, User
from jalons.accounts.permissions import Territory, scopes_territory
from jalons.territories.models import Scope


def own_departements(user: Any) -> Territory:
    """The départements in which a person works, or everywhere; nowhere without a membership in force."""
    scopes = [scope for membership in user.active_memberships for scope in membership.scopes.all()]
    whole = scopes_territory(scopes, widened=True)
    return whole if whole.everywhere else Territory(departements=whole.departements)


def scope_keys(user: Any) -> list[int]:
    """The scopes that meet one’s territory, read once a request."""
    keys: list[int] | None = user.__dict__.get("_meeting_scopes")
    if keys is None:
        keys = list(Scope.objects.meeting(own_departements(user).departements).values_list("pk", flat=True))
        user.__dict__["_meeting_scopes"] = keys
    return keys


def visible_memberships(user: Any) -> QuerySet[Membership]:
    """Memberships in force of open accounts that `user` finds in the directory: no subquery is asked row by row."""
    territory = own_departements(user)
    held = Membership.objects.active().filter(user__is_active=True)
    if territory.everywhere:
        return held
    if not territory:
        return held.none()
    return within_scopes(held, scope_keys(user))


def within_scopes(memberships: QuerySet[Membership], scopes: list[int]) -> QuerySet[Membership]:
    """Those with one of these scopes, by primary key; each once, whatever the number of its scopes."""
    links = Membership.scopes.through.objects.filter(scope__in=scopes)
    return memberships.filter(pk__in=links.values("membership"))


def visible_people(user: Any) -> QuerySet[User]:
    return User.objects.filter(pk__in=visible_memberships(user).values("user"))


def visible_organisations(user: Any) -> QuerySet[Organisation]:
    """Those with somebody whom `user` finds, and those of the same territory."""
    staffed = visible_memberships(user).values("organisation")
    territory = own_departements(user)
    if territory.everywhere:
        return Organisation.objects.all()
    near = Q(territory__in=scope_keys(user)) if territory else Q(pk__in=[])
    return Organisation.objects.filter(Q(pk__in=staffed) | near)
