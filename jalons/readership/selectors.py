"""Who can read a thing, person by person, from the very predicate of the lists."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from jalons.accounts.enums import Reach, Right, Role
from jalons.accounts.models import Grant, Membership, Organisation
from jalons.accounts.permissions import MATRIX, UPON_GRANT, can, membership_territory, territory_of
from jalons.accounts.selectors import organisations_within
from jalons.core.values import format_date
from jalons.readership.models import KnownReaders, SensitiveReading
from jalons.readership.querysets import KnownReadersQuerySet, SensitiveReadingQuerySet
from jalons.readership.things import Ground, ReadBlock, Thing
from jalons.territories.models import Scope

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

    block: ReadBlock
    people: int
    organisations: int
    near: list[OrganisationReaders]
    everywhere: list[RoleReaders]


def readers_of(thing: Thing, obj: Any, block: ReadBlock, around: "Around") -> Readers:
    """Who may read one block of one object, of those `around` it."""
    held_on = thing.held_on(obj)
    holders = list(holders_of(block.right, held_on, around))
    if block.also:
        openers = {holder.user_id for holder in holders_of(block.also, held_on, around)}
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


@dataclass(frozen=True, slots=True)
class Around:
    """The memberships near a thing or with a right of their own, read once for every right that is asked.

    Those of one role over the same territories carry the same rights: `samples` has one of each kind, whole, and only
    it is computed. A membership with a right of its own, or of an organisation with a part, is a kind of its own.
    """

    rows: Sequence[tuple[int, int, int, str, Any]]  # primary key, user, organisation, role, kind
    samples: dict[Any, Membership]
    everywhere: dict[Right, Sequence[tuple[int, int, int, str]]]  # the same without kind, by role alone


def around(thing: Thing, obj: Any, rights: Iterable[Right]) -> Around:
    """At most twelve queries, whatever the number of people, and two a right."""
    ground, asked = thing.ground(obj), set(rights)
    live = Membership.objects.active().filter(user__is_active=True)
    own = set(Grant.objects.active().filter(right__in=asked).values_list("membership_id", flat=True))
    scopes = list(Scope.objects.meeting(ground.departements).values_list("pk", flat=True))
    links = Membership.scopes.through.objects
    near = Q(pk__in=links.filter(scope__in=scopes).values("membership"))
    named = Q(pk__in=sorted(own)) | Q(organisation__in=sorted(ground.organisations))
    looked_at = live.filter(near | named).order_by("pk")
    territories: dict[int, set[int]] = defaultdict(set)
    for membership_id, scope_id in links.filter(membership__in=looked_at.order_by().values("pk")).values_list(
        "membership_id", "scope_id"
    ):
        territories[membership_id].add(scope_id)
    rows: list[tuple[int, int, int, str, Any]] = []
    firsts: dict[Any, int] = {}
    for pk, user, organisation, role in looked_at.values_list("pk", "user_id", "organisation_id", "role"):
        part = organisation if organisation in ground.organisations else None
        kind = pk if pk in own else (role, frozenset(territories[pk]), part)
        firsts.setdefault(kind, pk)
        rows.append((pk, user, organisation, role, kind))
    whole = {one.pk: one for one in Membership.objects.filter(pk__in=firsts.values()).with_access()}
    samples = {kind: whole[pk] for kind, pk in firsts.items()}
    return Around(rows, samples, {right: reading_everywhere(right) for right in asked})


def reading_everywhere(right: Right) -> list[tuple[int, int, int, str]]:
    """By their role: not computed one by one, since all of them do, a personal right apart."""
    roles = [role for role, reach in MATRIX[right].items() if reach == Reach.ALL]
    own = Grant.objects.active().filter(right=right).values("membership")
    plain = Membership.objects.active().filter(user__is_active=True, role__in=roles).exclude(pk__in=own)
    return list(plain.order_by("pk").values_list("pk", "user_id", "organisation_id", "role"))


def holders_of(right: Right, held_on: Any, around: Around) -> Iterator[Holder]:
    """Every membership that carries `right` on `held_on`, by `membership_territory`, as the lists do."""
    plain = around.everywhere[right]
    for _, user, organisation, role in plain:
        yield Holder(user, organisation, Role(role), everywhere=True)
    for _, user, organisation, role, kind in reading_here(right, held_on, around):
        everywhere = MATRIX[right].get(Role(role)) == Reach.ALL
        words = personal_words(around.samples[kind], right)
        yield Holder(user, organisation, Role(role), everywhere=everywhere, personal=words)


def reading_here(right: Right, held_on: Any, around: Around) -> Iterator[tuple[int, int, int, str, Any]]:
    """By their territory, their part or a right of their own: computed, once a kind."""
    counted = {pk for pk, *_ in around.everywhere[right]}
    holding = {
        kind for kind, one in around.samples.items() if membership_territory(one, right).holds(held_on)
    }
    return (row for row in around.rows if row[4] in holding and row[0] not in counted)


def reading_memberships(thing: Thing, obj: Any, right: Right) -> list[Membership]:
    """The same, with their people and organisations: for whoever chooses among the readers."""
    found = around(thing, obj, [right])
    here = reading_here(right, thing.held_on(obj), found)
    keys = [row[0] for row in (*found.everywhere[right], *here)]
    return list(Membership.objects.filter(pk__in=keys).select_related("user", "organisation").order_by("pk"))


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
    """Block by block. A constant number of queries, whatever the number of people."""
    blocks = list(thing.blocks(obj))
    rights = {right for block in blocks for right in (block.right, block.also) if right}
    found = around(thing, obj, rights)
    return [readers_of(thing, obj, block, found) for block in blocks]


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
