"""Who can read a thing, person by person, from the very predicate of the lists."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from jalons.accounts.enums import Reach, Right, Role
from jalons.accounts.models import Grant, Membership, Organisation
from jalons.accounts.permissions import MATRIX, UPON_GRANT, can, membership_territory, territory_of
from jalons.accounts.querysets import MembershipQuerySet
from jalons.accounts.selectors import organisations_within
from jalons.core.values import format_date
from jalons.readership.models import KnownReaders, SensitiveReading
from jalons.readership.querysets import KnownReadersQuerySet, SensitiveReadingQuerySet
from jalons.readership.things import Block, Ground, Thing

# To write a block is to be concerned by who reads it.
WRITES: dict[Right, Right] = {
    Right.READ_JUSTICE: Right.WRITE_JUSTICE,
    Right.READ_OWNER: Right.WRITE_OWNER,
    Right.READ_FUNDING: Right.WRITE_FUNDING,
}


@dataclass(frozen=True, slots=True)
class Holder:
    """One person who may read, for one organisation; `personal` says the grant that lets them, if one does."""

    user_id: int
    organisation_id: int
    role: Role
    everywhere: bool
    personal: str = ""


@dataclass(frozen=True, slots=True)
class RoleReaders:
    """Those who read everywhere by their role: too many organisations to be named one by one."""

    role: Role
    people: int
    organisations: int


@dataclass(frozen=True, slots=True)
class OrganisationReaders:
    organisation: Organisation
    people: int
    why: list[str]


@dataclass(frozen=True, slots=True)
class Readers:
    """`people` and `organisations` count each once, whatever lets them read."""

    block: Block
    people: int
    organisations: int
    near: list[OrganisationReaders]
    everywhere: list[RoleReaders]


def readers_of(thing: Thing, obj: Any, block: Block) -> Readers:
    """Who may read one block of one object. A constant number of queries, whatever the number of people."""
    held_on, ground = thing.held_on(obj), thing.ground(obj)
    holders = list(holders_of(block.right, held_on, ground))
    if block.also:
        openers = {holder.user_id for holder in holders_of(block.also, held_on, ground)}
        holders = [holder for holder in holders if holder.user_id in openers]
    near = defaultdict(list)
    by_role = defaultdict(list)
    for holder in holders:
        if holder.everywhere:
            by_role[holder.role].append(holder)
        else:
            near[holder.organisation_id].append(holder)
    organisations = Organisation.objects.in_bulk(near)
    return Readers(
        block=block,
        people=len({holder.user_id for holder in holders}),
        organisations=len({holder.organisation_id for holder in holders}),
        near=sorted(
            (organisation_readers(organisations[key], held) for key, held in near.items()),
            key=lambda row: row.organisation.name,
        ),
        everywhere=[
            RoleReaders(
                role,
                len({holder.user_id for holder in by_role[role]}),
                len({holder.organisation_id for holder in by_role[role]}),
            )
            for role in Role
            if by_role[role]
        ],
    )


def organisation_readers(organisation: Organisation, holders: list[Holder]) -> OrganisationReaders:
    """Why an organisation reads: its roles here, then the rights given to its people by name."""
    roles = [role.label for role in Role if any(h.role == role and not h.personal for h in holders)]
    personal = [holder.personal for holder in holders if holder.personal]
    people = len({holder.user_id for holder in holders})
    return OrganisationReaders(organisation, people, [*roles, *dict.fromkeys(personal)])


def holders_of(right: Right, held_on: Any, ground: Ground) -> Iterator[Holder]:
    """Every membership that carries `right` on `held_on`, by `membership_territory`, as the lists do."""
    plain = reading_everywhere(right).order_by()
    for user_id, organisation_id, role in plain.values_list("user_id", "organisation_id", "role"):
        yield Holder(user_id, organisation_id, Role(role), everywhere=True)
    for membership in reading_here(right, held_on, ground):
        role = Role(membership.role)
        yield Holder(
            membership.user_id,
            membership.organisation_id,
            role,
            everywhere=MATRIX[right].get(role) == Reach.ALL,
            personal=personal_words(membership, right),
        )


def reading_memberships(thing: Thing, obj: Any, right: Right) -> list[Membership]:
    """The same, with their people and organisations: for whoever chooses among the readers."""
    plain = reading_everywhere(right).select_related("user", "organisation").order_by("pk")
    return [*plain, *reading_here(right, thing.held_on(obj), thing.ground(obj))]


def holding_everywhere(right: Right) -> list[Role]:
    return [role for role, reach in MATRIX[right].items() if reach == Reach.ALL]


def given_by_name(right: Right) -> Any:
    """The memberships with a grant of a right, or a refusal, of today."""
    return Grant.objects.active().filter(right=right).values("membership")


def reading_everywhere(right: Right) -> MembershipQuerySet:
    """By their role: not computed one by one, since all of them do, a personal right apart."""
    live = Membership.objects.active().filter(user__is_active=True, role__in=holding_everywhere(right))
    return live.exclude(pk__in=given_by_name(right))


def reading_here(right: Right, held_on: Any, ground: Ground) -> Iterator[Membership]:
    """By their territory, their part or a right of their own: each is computed."""
    some = [
        role for role, reach in MATRIX[right].items() if reach not in UPON_GRANT | {Reach.NONE, Reach.ALL}
    ]
    named = Q(pk__in=given_by_name(right)) & (near(ground) | Q(role__in=holding_everywhere(right)))
    live = Membership.objects.active().filter(user__is_active=True)
    looked_at = live.filter(Q(role__in=some) & near(ground) | named)
    found = Membership.objects.filter(pk__in=looked_at.values("pk")).select_related("user").with_access()
    return (one for one in found if membership_territory(one, right).holds(held_on))


def near(ground: Ground) -> Q:
    """Memberships whose scopes touch a ground, or whose organisation has a part in the thing: never too few."""
    codes = sorted(ground.departements)
    return (
        Q(scopes__level="nation")
        | Q(scopes__departement__in=codes)
        | Q(scopes__region__departements__in=codes)
        | Q(scopes__epci__communes__departement__in=codes)
        | Q(scopes__commune__departement__in=codes)
        | Q(organisation__in=sorted(ground.organisations))
    )


def personal_words(membership: Membership, right: Right) -> str:
    """« droit donné nommément, jusqu’au 3 mars 2027 » when the role alone does not let read."""
    reach = MATRIX[right].get(Role(membership.role), Reach.NONE)
    if reach != Reach.NONE and reach not in UPON_GRANT:
        return ""
    for grant in membership.grants.all():
        if grant.right == right and grant.allowed:
            until = f", jusqu’au {format_date(grant.ends_on)}" if grant.ends_on else ""
            return f"droit donné nommément{until}"
    return ""


def all_readers(thing: Thing, obj: Any) -> list[Readers]:
    return [readers_of(thing, obj, block) for block in thing.blocks(obj)]


def may_see_journal(user: Any, thing: Thing, obj: Any) -> bool:
    """Who may know who read the sensitive blocks: those who write them there, and who manages accounts there."""
    where = thing.held_on(obj)
    rights = {WRITES[block.right] for block in thing.blocks(obj) if block.journal and block.right in WRITES}
    if not rights:
        return False
    return any(can(user, right, where) for right in rights)


def readings_of(obj: Any) -> SensitiveReadingQuerySet:
    """The traces about one thing, newest first."""
    return SensitiveReading.objects.about(obj).newest_first()


def new_readers(ground: Ground) -> KnownReadersQuerySet:
    """The kinds of organisations that began to read in these départements since Jalons is in use."""
    return KnownReaders.objects.news(ground.departements)


def readings_within(user: Any) -> SensitiveReadingQuerySet:
    """The traces of the organisations that this person administers, newest first."""
    where = organisations_within(territory_of(user, Right.MANAGE_ACCOUNTS), "organisation__territory")
    return SensitiveReading.objects.filter(where).newest_first().prefetch_related("subject")
