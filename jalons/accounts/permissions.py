"""Who may do what where, from what applications declare (`rights`). Views, buttons, lists and exports ask here."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from jalons.accounts.enums import Reach, Right, Role
from jalons.accounts.models import Membership, User
from jalons.accounts.rights import MATRIX, PARTS
from jalons.accounts.subjects import subject_kind, subject_of
from jalons.core.values.dates import PARIS
from jalons.history.services import Actor
from jalons.territories.enums import ScopeLevel
from jalons.territories.models import Scope
from jalons.territories.zones import zone_of_all


@dataclass(frozen=True, slots=True)
class Territory:
    """Where a right holds: everywhere, or a set of départements, EPCI and communes, and the things in which some
    organisations take part. Falsy when nowhere.

    `organisations` are primary keys; `parts`, what such an organisation must do in a thing for the right to hold
    there, empty without organisation. Both say nothing of a commune: `covers` and `q` leave them aside.
    """

    everywhere: bool = False
    departements: frozenset[str] = frozenset()
    epcis: frozenset[str] = frozenset()
    communes: frozenset[str] = frozenset()
    organisations: frozenset[int] = frozenset()
    parts: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.departements or self.epcis or self.communes or self.organisations)

    def __or__(self, other: "Territory") -> "Territory":
        """The union of two territories of one right (with two rights, the parts of each would serve the other)."""
        return Territory(
            self.everywhere or other.everywhere,
            self.departements | other.departements,
            self.epcis | other.epcis,
            self.communes | other.communes,
            self.organisations | other.organisations,
            self.parts | other.parts,
        )

    @property
    def own(self) -> "Territory":
        """What holds because an organisation takes part, without any place."""
        return Territory(organisations=self.organisations, parts=self.parts)

    def holds(self, thing: Any) -> bool:
        """Does the right hold on `thing`: a commune, what stands in one (`thing.commune`), or what answers by itself
        with `within(territory) -> bool`?
        """
        if self.everywhere:
            return True
        if hasattr(thing, "within"):
            return bool(thing.within(self))
        return self.covers(thing if hasattr(thing, "insee_code") else thing.commune)

    def covers(self, commune: Any) -> bool:
        return self.everywhere or (
            commune.departement_id in self.departements
            or commune.epci_id in self.epcis
            or commune.insee_code in self.communes
        )

    def covers_departement(self, code: str) -> bool:
        """The whole of a département."""
        return self.everywhere or code in self.departements

    def q(self, path: str = "commune") -> Q:
        """The predicate of this territory on a model that reaches its commune by `path`."""
        if self.everywhere:
            return Q()
        parts = (
            (f"{path}__departement_id__in", self.departements),
            (f"{path}__epci_id__in", self.epcis),
            (f"{path}_id__in", self.communes),
        )
        where = Q()
        for lookup, codes in parts:
            if codes:
                where |= Q(**{lookup: sorted(codes)})
        return where or Q(pk__in=[])


NOWHERE = Territory()
EVERYWHERE = Territory(everywhere=True)

# What a personal grant makes of the reach of the role. One that is not here is left as it is: never narrowed.
RAISED: dict[Reach, Reach] = {
    Reach.NONE: Reach.SCOPE,
    Reach.GRANTED: Reach.SCOPE,
    Reach.OWN_GRANTED: Reach.OWN,
}
UPON_GRANT = frozenset([Reach.GRANTED, Reach.OWN_GRANTED])
WITH_OWN = frozenset([Reach.OWN, Reach.SCOPE_OWN, Reach.DEPARTEMENT_OWN])
WIDENED = frozenset([Reach.DEPARTEMENT, Reach.DEPARTEMENT_OWN])


def reach_of(membership: Membership, right: Right) -> Reach:
    """How far one membership carries a right: a personal grant in force wins over the role."""
    reach = MATRIX[right].get(Role(membership.role), Reach.NONE)
    for grant in membership.grants.all():
        if grant.right == right:
            if not grant.allowed:
                return Reach.NONE
            reach = RAISED.get(reach, reach)
    return Reach.NONE if reach in UPON_GRANT else reach


def territory_of(user: Any, right: Right) -> Territory:
    """Where a signed-in person holds a right; nowhere for anybody else. Computed once a request and right."""
    if not isinstance(user, User) and not getattr(user, "is_authenticated", False):
        return NOWHERE
    cache: dict[Right, Territory] = user.__dict__.setdefault("_territories", {})
    if right not in cache:
        territory = NOWHERE
        for membership in user.active_memberships:
            territory |= membership_territory(membership, right)
        cache[right] = territory
    return cache[right]


def membership_territory(membership: Membership, right: Right) -> Territory:
    """Where one membership carries a right."""
    reach = reach_of(membership, right)
    if reach == Reach.NONE:
        return NOWHERE
    if reach == Reach.ALL:
        return EVERYWHERE
    own = NOWHERE
    if reach in WITH_OWN:
        own = Territory(organisations=frozenset([membership.organisation_id]), parts=PARTS[right])
    if reach == Reach.OWN:
        return own
    return own | scopes_territory(membership.scopes.all(), widened=reach in WIDENED)


def scopes_territory(scopes: Iterable[Scope], *, widened: bool) -> Territory:
    """The territory of scopes, read through `with_access()`; `widened`, the départements that they stand in."""
    by_level: dict[str, set[str]] = {level: set() for level in ScopeLevel.values}
    departements = by_level[ScopeLevel.DEPARTEMENT]
    for scope in scopes:
        if scope.level == ScopeLevel.NATION:
            return EVERYWHERE
        by_level[scope.level].add(scope.code)
        if scope.region:
            departements |= {departement.pk for departement in scope.region.departements.all()}
        if widened and scope.epci:
            departements |= {commune.departement_id for commune in scope.epci.communes.all()}
        if widened and scope.commune:
            departements.add(scope.commune.departement_id)
    epcis, communes = by_level[ScopeLevel.EPCI], by_level[ScopeLevel.COMMUNE]
    return Territory(False, frozenset(departements), frozenset(epcis), frozenset(communes))


def own_zone(user: Any) -> ZoneInfo:
    """The time zone of the territories of a person; that of Paris for several, for the nation, for none."""
    scopes = [scope for membership in user.active_memberships for scope in membership.scopes.all()]
    territory = scopes_territory(scopes, widened=True)
    return PARIS if territory.everywhere else zone_of_all(territory.departements)


def can(user: Any, right: Right, thing: Any) -> bool:
    """May this person use this right on this thing? See `Territory.holds` for what a thing may be."""
    return territory_of(user, right).holds(thing)


def has(user: Any, right: Right) -> bool:
    """Does this person hold the right somewhere?"""
    return bool(territory_of(user, right))


def check(user: Any, right: Right, thing: Any) -> None:
    """Raise `PermissionDenied` (403) unless the person may."""
    if not can(user, right, thing):
        raise PermissionDenied(f"Droit nécessaire : {Right(right).label.lower()}.")


def fetch(user: Any, queryset: Any, right: Right, **lookup: Any) -> Any:
    """The object one may use `right` on: 404 outside of what one may see, 403 without the right.

    `queryset` must have `visible_to(user)`.
    """
    record: Model = get_object_or_404(queryset.visible_to(user), **lookup)
    check(user, right, record)
    return record


def fetch_subject(user: Any, kind: str, public_id: str, right: Right) -> Any:
    """What a comment or a document is attached to (see `subjects`): 404 and 403 as in `fetch`.

    An object on which nothing is written any more is found with the right to read it, and 404 with another.
    """
    subject = subject_kind(kind)
    record = fetch(
        user, subject.model._default_manager.select_related(*subject.related), right, public_id=public_id
    )
    if right != subject.read and subject.frozen(record):
        raise Http404
    return record


def fetch_again(user: Any, obj: Any, right: Right) -> Any:
    """The same for an object reached from its comment or its document."""
    return fetch_subject(user, subject_of(obj).kind, obj.public_id, right)


def actor_for(user: User, right: Right, where: Any) -> Actor:
    """In whose name a person writes on a thing, or in a commune: the organisation that gives the right there.

    The one that the person chose to write for comes first; then one that takes part in the thing, before one
    that has the right by its territory alone.
    """
    held = [
        (membership.organisation, membership_territory(membership, right))
        for membership in user.active_memberships
    ]
    chosen = [
        (organisation, territory) for organisation, territory in held if organisation.pk == user.acting_for
    ]
    for organisation, territory in [
        *chosen,
        *((organisation, territory.own) for organisation, territory in held),
        *held,
    ]:
        if territory.holds(where):
            return Actor(user, organisation)
    raise PermissionDenied(f"Droit nécessaire : {Right(right).label.lower()}.")
