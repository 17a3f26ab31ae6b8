"""Two households that are one. Nothing is written again: what each held carries its group, and holds for its people.

So every person is counted as before, at every date, and two households become one from a day on: see the decision 0093.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations

from jalons.households.families.content import (
    FamilyFact,
    FamilyMember,
    FollowedFamily,
    HouseholdMerger,
)
from jalons.households.families.edits import MEMBER_PIECES, MOST_SAVES, correct_member, new_id
from jalons.households.families.enums import FactKind


@dataclass(frozen=True, slots=True)
class HouseholdUnion:
    """How two households are made one. `same`: a person of the one that leaves, and who they are in the other."""

    reference: str
    on: dt.date
    at: dt.datetime
    author: str = ""
    same: Mapping[str, str] = field(default_factory=dict)


def united(staying: FollowedFamily, leaving: FollowedFamily, union: HouseholdUnion) -> FollowedFamily:
    """The household that stays, with all that both held. Who is the same person is one, with the facts of both."""
    ours = in_groups(staying)
    former = leaving.id
    # Those of a household parted, then joined again, may be in both.
    names = fresh_ids({p.id for p in leaving.people}, {p.id for p in staying.people})
    leaving = in_groups(unlike(leaving, staying, names))
    same = {names.get(person, person): other for person, other in union.same.items()}
    groups = " ".join(leaving.group_names)
    family = replace(
        ours,
        people=(*with_groups(ours.people, leaving, same), *joined_people(ours, leaving, same, union.at)),
        facts=(*ours.facts, *(f._replace(person=same.get(f.person, f.person)) for f in leaving.facts)),
        saves=(*leaving.saves, *staying.saves)[-MOST_SAVES:],
        mergers=(
            *ours.mergers,
            *leaving.mergers,
            HouseholdMerger(former, union.reference, union.on, groups, union.at, union.author),
        ),
    )
    for person, other in same.items():
        family = completed(family, leaving, person, other, union)
    return family


def in_groups(family: FollowedFamily) -> FollowedFamily:
    """What carries no group held for everybody of the household: it carries them all, or a new one."""
    whole = " ".join(family.group_names) or new_id()
    return replace(
        family,
        people=tuple(p if p.groups else p._replace(groups=whole) for p in family.people),
        facts=tuple(f if f.groups else f._replace(groups=whole) for f in family.facts),
        grouped=True,
    )


def unlike(family: FollowedFamily, other: FollowedFamily, names: Mapping[str, str]) -> FollowedFamily:
    """The same, without an identifier nor a group that the other has; `names`: new ones of people."""
    groups = fresh_ids({*family.group_names}, {*other.group_names} - {""})
    facts = fresh_ids({f.id for f in family.facts}, {f.id for f in other.facts})

    def fresh(words: str) -> str:
        return " ".join(groups.get(word, word) for word in words.split())

    return replace(
        family,
        people=tuple(p._replace(id=names.get(p.id, p.id), groups=fresh(p.groups)) for p in family.people),
        facts=tuple(
            f._replace(id=facts.get(f.id, f.id), person=names.get(f.person, f.person), groups=fresh(f.groups))
            for f in family.facts
        ),
        mergers=tuple(m._replace(groups=fresh(m.groups)) for m in family.mergers),
    )


def fresh_ids(ids: set[str], taken: set[str]) -> dict[str, str]:
    return {identifier: new_id() for identifier in ids & taken}


def with_groups(
    people: Iterable[FamilyMember], leaving: FollowedFamily, same: Mapping[str, str]
) -> Iterable[FamilyMember]:
    """Who is in both households has what was written in both."""
    beside: dict[str, str] = {}
    for person in leaving.people:
        if person.id in same:
            beside[same[person.id]] = person.groups
    return [
        p._replace(groups=" ".join(sorted({*p.groups.split(), *beside[p.id].split()})))
        if p.id in beside
        else p
        for p in people
    ]


def joined_people(
    staying: FollowedFamily, leaving: FollowedFamily, same: Mapping[str, str], at: dt.datetime
) -> Iterable[FamilyMember]:
    """Those who come. Who is known here already comes as a former version of themselves: nothing is lost."""
    groups = {p.id: p.groups for p in with_groups(staying.people, leaving, same)}
    for person in leaving.people:
        if person.id not in same:
            yield person
        else:
            other = same[person.id]
            yield person._replace(id=other, groups=groups[other], superseded=person.superseded or at)


def completed(
    family: FollowedFamily, leaving: FollowedFamily, person: str, other: str, union: HouseholdUnion
) -> FollowedFamily:
    """What the household that stays did not know of somebody, and the other did."""
    known = next(p for p in family.people if p.id == other and p.superseded is None)
    theirs = next((p for p in leaving.people if p.id == person and p.superseded is None), None)
    if theirs is None:
        return family
    missing = {
        name: getattr(theirs, name)
        for name in FamilyMember._fields[1:MEMBER_PIECES]
        if getattr(known, name) in ("", None) and getattr(theirs, name) not in ("", None)
    }
    if not missing:
        return family
    return correct_member(family, other, union.at, **missing, author=union.author)


def stays_together(family: FollowedFamily, day: dt.date) -> list[tuple[FamilyFact, FamilyFact]]:
    """Two places at once, from the day of the merger on, in a merged household as known."""
    stays = [f for f in family.of_kind(FactKind.SITE) if f.until is None or f.until > day]
    return [
        (first, second)
        for first, second in combinations(stays, 2)
        if first.value != second.value and overlap(first, second)
    ]


def overlap(first: FamilyFact, second: FamilyFact) -> bool:
    since = max(first.since or dt.date.min, second.since or dt.date.min)
    return since < min(first.until or dt.date.max, second.until or dt.date.max)
