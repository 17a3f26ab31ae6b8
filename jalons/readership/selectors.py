"""Who can read a thing, person by person, from the very predicate of the lists."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
class Holders:
    """Memberships that read on one and the same ground: `people`, pairs of primary keys (user, organisation);
    `personal` says the grant that lets them, if one does.
    """

    role: Role
    everywhere: bool
    people: Sequence[tuple[int, int]]
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


def all_readers(thing: Thing, obj: Any) -> list[Readers]:
    """Block by block. A constant number of queries, whatever the number of people and of blocks."""
    blocks, held_on = list(thing.blocks(obj)), thing.held_on(obj)
    near = around(thing, obj, {right for block in blocks for right in (block.right, block.also) if right})
    by_block = [(block, holders_of(block, held_on, near)) for block in blocks]
    keys = {key for _, holders in by_block for group in holders for _, key in group.people}
    named = Organisation.objects.in_bulk(keys & near.organisations)
    return [readers_of(block, holders, named) for block, holders in by_block]


def holders_of(block: ReadBlock, held_on: Any, near: "Around") -> list[Holders]:
    """Who holds the right of a block, and that to open its page when it stands on one of its own."""
    holders = list(holding(block.right, held_on, near))
    if block.also is None:
        return holders
    openers = {user for group in holding(block.also, held_on, near) for user, _ in group.people}
    return [replace(group, people=[row for row in group.people if row[0] in openers]) for group in holders]


def readers_of(block: ReadBlock, holders: Sequence[Holders], named: Mapping[int, Organisation]) -> Readers:
    """`named`: at least the organisations of those who do not read everywhere, by primary key."""
    near: dict[int, list[tuple[Holders, int]]] = defaultdict(list)
    by_role: dict[Role, set[tuple[int, int]]] = defaultdict(set)
    for group in holders:
        if group.everywhere:
            by_role[group.role].update(group.people)
            continue
        for user, organisation in group.people:
            near[organisation].append((group, user))
    people = {row for group in holders for row in group.people}
    return Readers(
        block=block,
        people=len({user for user, _ in people}),
        organisations=len({organisation for _, organisation in people}),
        near=sorted(
            (organisation_readers(named[key], held) for key, held in near.items()),
            key=lambda row: row.organisation.name,
        ),
        everywhere=[
            RoleReaders(role, len({user for user, _ in rows}), len({key for _, key in rows}))
            for role in Role
            if (rows := by_role.get(role))
        ],
    )


def organisation_readers(
    organisation: Organisation, held: Sequence[tuple[Holders, int]]
) -> OrganisationReaders:
    """Why an organisation reads: its roles here, then the rights given to its people by name."""
    by_role = {group.role for group, _ in held if not group.personal}
    roles = [role.label for role in Role if role in by_role]
    personal = dict.fromkeys(group.personal for group, _ in held if group.personal)
    return OrganisationReaders(organisation, len({user for _, user in held}), [*roles, *personal])


@dataclass(frozen=True, slots=True)
class Around:
    """The memberships near a thing or with a right of their own, read once for every right that is asked.

    Those of one role over the same territories carry the same rights: `samples` has one of each kind, whole, and only
    it is computed. A membership with a right of its own, or of an organisation with a part, is a kind of its own.
    """

    rows: Sequence[tuple[int, int, int, str, Any]]  # primary key, user, organisation, role, kind
    samples: dict[Any, Membership]
    everywhere: dict[Right, Sequence[tuple[int, int, int, str]]]  # the same without kind, by role alone

    @property
    def organisations(self) -> set[int]:
        """Primary keys of those that stand near."""
        return {row[2] for row in self.rows}


def around(thing: Thing, obj: Any, rights: Iterable[Right]) -> Around:
    """At most fourteen queries, whatever the number of people and of rights."""
    ground, asked = thing.ground(obj), set(rights)
    live = Membership.objects.active().filter(user__is_active=True)
    granted: dict[str, set[int]] = defaultdict(set)
    for right, pk in Grant.objects.active().filter(right__in=asked).values_list("right", "membership_id"):
        granted[right].add(pk)
    own = {pk for keys in granted.values() for pk in keys}
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
    whole = {
        membership.pk: membership
        for membership in Membership.objects.filter(pk__in=firsts.values()).with_access()
    }
    samples = {kind: whole[pk] for kind, pk in firsts.items()}
    return Around(rows, samples, reading_everywhere(asked, granted))


def reading_everywhere(
    rights: Iterable[Right], granted: Mapping[str, set[int]]
) -> dict[Right, Sequence[tuple[int, int, int, str]]]:
    """By their role: not computed one by one, since all of them do, a personal right apart (`granted`). One query."""
    roles = {right: {role for role, reach in MATRIX[right].items() if reach == Reach.ALL} for right in rights}
    live = Membership.objects.active().filter(user__is_active=True, role__in=set().union(*roles.values()))
    rows = list(live.order_by("pk").values_list("pk", "user_id", "organisation_id", "role"))
    return {
        right: [row for row in rows if row[3] in among and row[0] not in granted.get(right, ())]
        for right, among in roles.items()
    }


def holding(right: Right, held_on: Any, near: Around) -> Iterator[Holders]:
    """Every membership that carries `right` on `held_on`, by `membership_territory`, as the lists do."""
    by_role: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for _, user, organisation, role in near.everywhere[right]:
        by_role[role].append((user, organisation))
    for role, people in by_role.items():
        yield Holders(Role(role), everywhere=True, people=people)
    by_kind: dict[Any, list[tuple[int, int]]] = defaultdict(list)
    for _, user, organisation, _, kind in reading_here(right, held_on, near):
        by_kind[kind].append((user, organisation))
    for kind, people in by_kind.items():
        sample = near.samples[kind]
        everywhere = MATRIX[right].get(Role(sample.role)) == Reach.ALL
        yield Holders(Role(sample.role), everywhere, people, personal_words(sample, right))


def reading_here(right: Right, held_on: Any, near: Around) -> Iterator[tuple[int, int, int, str, Any]]:
    """By their territory, their part or a right of their own: computed, once a kind."""
    counted = {pk for pk, *_ in near.everywhere[right]}
    kinds = {
        kind for kind, sample in near.samples.items() if membership_territory(sample, right).holds(held_on)
    }
    return (row for row in near.rows if row[4] in kinds and row[0] not in counted)


def reading_memberships(thing: Thing, obj: Any, right: Right) -> list[Membership]:
    """The same, with their people and organisations: for whoever chooses among the readers."""
    near = around(thing, obj, [right])
    here = reading_here(right, thing.held_on(obj), near)
    keys = [row[0] for row in (*near.everywhere[right], *here)]
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
