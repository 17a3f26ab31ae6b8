"""A household whose people part: some go on in another, from a day. The past stays where it was.

Nobody is counted twice, at any date: who leaves is in the first household until the day, in the other from it, and no
figure takes that for an exit or an entry. See the decision 0093.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from jalons.households.families import edits
from jalons.households.families.content import (
    FamilyFact,
    FamilyMember,
    FollowedFamily,
    groups_meet,
    presences_by_group,
)
from jalons.households.families.enums import FactKind, GoalState
from jalons.households.families.spans import MOVED_IN, MOVED_OUT

# What lasts: it is copied as it began, and ends for who left.
LASTING = {
    FactKind.SCHOOL.value,
    FactKind.SCHOOL_SUPPORT.value,
    FactKind.WORK.value,
    FactKind.TRAINING.value,
    FactKind.HEALTH_COVER.value,
    FactKind.DOMICILIATION.value,
    FactKind.HOME.value,
}
# What figures count the day it begins: what begins on the day itself stays where it was, else it would count twice.
COUNTED_AS_BEGUN = {FactKind.HOME.value, FactKind.HEALTH_REFERRAL.value}
# Facts of the whole household that follow who leaves, unless one says no; then those that may.
UNLESS_REFUSED = {
    FactKind.SITE.value,
    FactKind.DISPOSITIF.value,
    FactKind.HEALTH_COVER.value,
    FactKind.HEALTH_REFERRAL.value,
    FactKind.DOMICILIATION.value,
    FactKind.HOME.value,
    FactKind.ARRIVAL.value,
    FactKind.FIRST_CONTACT.value,
    FactKind.INFORMATION.value,
    FactKind.OBJECTION.value,
}
OFFERED = UNLESS_REFUSED | {
    FactKind.CAF.value,
    FactKind.CONTRACT.value,
    FactKind.GOAL.value,
    FactKind.APPOINTMENT.value,
    FactKind.VISIT.value,
}


class NotThere(Exception):
    """Somebody who is to leave is not in the household on the day; or nobody would stay in it."""

    def __init__(self, person: str = "") -> None:
        super().__init__()
        self.person = person


@dataclass(frozen=True, slots=True)
class HouseholdParting:
    """Who leaves, from when, with which facts of the household; the references that each sheet then names."""

    people: Collection[str]
    facts: Collection[str]
    on: dt.date
    at: dt.datetime
    author: str = ""
    left: str = ""
    new: str = ""


def offered_facts(family: FollowedFamily, day: dt.date | None = None) -> list[FamilyFact]:
    """The facts of a whole household, as known, that may follow who leaves on a day; on any, without one."""
    facts = [fact for fact in family.facts if not fact.person and fact.kind in OFFERED]
    return facts if day is None else [fact for fact in facts if follows(fact, day)]


def follows(fact: FamilyFact, day: dt.date) -> bool:
    """Not what was over before the day; nor what is counted once, and was counted before they left."""
    if fact.kind == FactKind.HEALTH_REFERRAL:
        return fact.since is not None and fact.since > day
    begins_then = fact.kind in COUNTED_AS_BEGUN and fact.since == day
    return not begins_then and (fact.until is None or fact.until >= day)


def parted(family: FollowedFamily, parting: HouseholdParting) -> tuple[FollowedFamily, FollowedFamily]:
    """The household with those who stay, and the new one. Raises `NotThere`."""
    known = family.as_known()
    leaving = [p for p in known.people if p.id in parting.people]
    if not leaving or len(leaving) != len({*parting.people}) or len(leaving) == len(known.people):
        raise NotThere
    numbers = {p.id: edits.new_id() for p in leaving}
    new = FollowedFamily("", grouped=family.grouped)
    for person in leaving:
        new = edits.with_member(new, person._replace(id=numbers[person.id]), parting.at)
        family, arrived = moved_presence(family, known, person, parting)
        family, followed = moved_facts(family, known, person, parting)
        for fact in (*arrived, *followed):
            new = edits.with_fact(new, copied(fact, numbers), parting.at)
    for fact in offered_facts(known, parting.on):
        if fact.id in parting.facts and any(groups_meet(fact.groups, p.groups) for p in leaving):
            new = edits.with_fact(new, copied(fact, numbers), parting.at)
    return family, new


def copied(fact: FamilyFact, numbers: dict[str, str]) -> FamilyFact:
    """Its author stays who wrote it."""
    return fact._replace(id=edits.new_id(), person=numbers.get(fact.person, ""))


def moved_presence(
    family: FollowedFamily, known: FollowedFamily, person: FamilyMember, parting: HouseholdParting
) -> tuple[FollowedFamily, list[FamilyFact]]:
    """The spans of a person end on the day, those of the new household begin on it."""
    arrived: list[FamilyFact] = []
    on, there = parting.on, False
    by_group = presences_by_group(known, person)
    always = " ".join(group for group, spans in by_group.items() if not spans)
    spans = [f for f in known.facts if f.kind == FactKind.PRESENCE and f.person == person.id]
    goes_on = [f for f in spans if (f.since or dt.date.min) <= on and (f.until or dt.date.max) > on]
    through = bool(goes_on) and any((f.since or dt.date.min) < on <= (f.until or dt.date.max) for f in spans)
    for fact in spans:
        since, until = fact.since or dt.date.min, fact.until or dt.date.max
        if until > on:
            there = True
            begins = max(since, on)
            moves = mark(fact.value, MOVED_IN) if through and since <= on else fact.value
            arrived.append(
                fact._replace(
                    since=begins, value=moves, text=came_from(parting) if since <= on else fact.text
                )
            )
        if since >= on:
            # Never there any more; without a span, they would always have been.
            family = edits.correct_fact(
                family, fact.id, parting.at, since=on, until=on, author=parting.author,
                value=mark(fact.value, MOVED_OUT), detail="", text=gone_to(parting),
            )  # fmt: skip
        elif until >= on and through:
            family = edits.correct_fact(
                family, fact.id, parting.at, until=on, author=parting.author,
                value=mark(fact.value, MOVED_OUT), detail="", text=gone_to(parting),
            )  # fmt: skip
    if always or not spans:
        there = True
        presence = FamilyFact(
            edits.new_id(), FactKind.PRESENCE, person.id, author=parting.author, groups=always.strip()
        )
        family = edits.with_fact(
            family, presence._replace(until=on, value=MOVED_OUT, text=gone_to(parting)), parting.at
        )
        arrived.append(presence._replace(since=on, value=MOVED_IN, text=came_from(parting)))
    if not there:
        raise NotThere(person.id)
    return family, arrived


def mark(moves: str, move: str) -> str:
    return " ".join(sorted({*moves.split(), move}))


def gone_to(parting: HouseholdParting) -> str:
    return f"Vers {parting.new}" if parting.new else ""


def came_from(parting: HouseholdParting) -> str:
    return f"De {parting.left}" if parting.left else ""


def moved_facts(
    family: FollowedFamily, known: FollowedFamily, person: FamilyMember, parting: HouseholdParting
) -> tuple[FollowedFamily, list[FamilyFact]]:
    """What is of a person: what happened before the day stays, what goes on or comes after follows them."""
    followed: list[FamilyFact] = []
    for fact in known.facts:
        if fact.person != person.id or fact.kind == FactKind.PRESENCE:
            continue
        begun = fact.since is None or fact.since < parting.on
        lasts = fact.kind in LASTING and (fact.until is None or fact.until > parting.on)
        if not begun or (fact.kind == FactKind.GOAL and fact.value == GoalState.GOING_ON):
            followed.append(fact)
            family = edits.withdraw_fact(family, fact.id, parting.at)
        elif lasts:
            followed.append(fact)
            family = edits.correct_fact(family, fact.id, parting.at, until=parting.on, author=parting.author)
    return family, followed
