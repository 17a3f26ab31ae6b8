"""Structures and people whose territory meets what the reader may see: what the directory shows."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from jalons.accounts.enums import Right
from jalons.accounts.models import Membership, Organisation, User
from jalons.accounts.permissions import Territory, territory_of
from jalons.territories.enums import ScopeLevel
from jalons.territories.models import Commune, Departement, Epci, Scope

READING = (Right.READ_SITES, Right.READ_ACTIONS, Right.MANAGE_ACCOUNTS)


def organisations_seen(user: Any) -> QuerySet[Organisation]:
    """Those whose territory meets the reader's, and the reader's own."""
    return Organisation.objects.filter(
        Q(territory__in=scopes_meeting(places_of(user))) | Q(pk__in=user.organisation_ids)
    )


def memberships_seen(user: Any) -> QuerySet[Membership]:
    """The memberships of today, of active accounts, where the reader may see sites or dispositifs."""
    meeting = Membership.scopes.through.objects.filter(
        membership=OuterRef("pk"), scope__in=scopes_meeting(places_of(user))
    )
    return Membership.objects.active().filter(
        Exists(meeting) | Q(organisation__in=user.organisation_ids), user__is_active=True
    )


def people_seen(user: Any) -> QuerySet[User]:
    return User.objects.filter(is_active=True, pk__in=memberships_seen(user).values("user"))


def places_of(user: Any) -> Territory:
    """Where the reader reads something. Only places: what one takes part in says nothing of who works around."""
    places = Territory()
    for right in READING:
        places |= territory_of(user, right)
    return places


def scopes_meeting(places: Territory) -> QuerySet[Scope]:
    """The territories that have a commune in common with `places`; none when these are nowhere."""
    if places.everywhere:
        return Scope.objects.all()
    if not (places.departements or places.epcis or places.communes):
        return Scope.objects.none()
    communes = Commune.objects.filter(
        Q(departement__in=sorted(places.departements))
        | Q(epci__in=sorted(places.epcis))
        | Q(pk__in=sorted(places.communes))
    )
    departements = Departement.objects.filter(pk__in=communes.values("departement"))
    return Scope.objects.filter(
        Q(level=ScopeLevel.NATION)
        | Q(commune__in=communes)
        | Q(epci__in=Epci.objects.filter(pk__in=communes.values("epci")))
        | Q(departement__in=departements)
        | Q(region__in=departements.values("region"))
    )
