"""What a register holds about a family: people, and dated facts. No database, no key.

Every version of a person or of a fact has two axes of time: the days it is true (`since`, `until`) and when the
register knew it (`recorded`, `superseded`). A correction adds a version and closes the former; erasing takes every
version away (see the decision 0089). A span is half-open: a person who leaves on the 3rd is not there on the 3rd.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from jalons.households.families.enums import FactKind, GoalState, VisitKind


class FamilyMember(NamedTuple):
    """One version of what is known of a person; everything but the identifier may be unknown."""

    id: str
    year_of_birth: int | None = None
    sex: str = ""
    link: str = ""
    given_name: str = ""
    family_name: str = ""
    origin: str = ""
    recorded: dt.datetime | None = None
    superseded: dt.datetime | None = None
    author: str = ""
    reason: str = ""
    groups: str = ""  # see `groups_meet`

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def age_in(self, year: int) -> int | None:
        """The age reached in the year: the register asks for a year of birth, never for a day."""
        return None if self.year_of_birth is None else year - self.year_of_birth


class FamilyFact(NamedTuple):
    """One version of a dated fact. An event has a `since` and no `until`; `person` is empty for the household."""

    id: str
    kind: str
    person: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    value: str = ""
    detail: str = ""
    reviewed: dt.date | None = None
    text: str = ""
    recorded: dt.datetime | None = None
    superseded: dt.datetime | None = None
    author: str = ""
    reason: str = ""
    groups: str = ""

    def covers(self, day: dt.date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


class HouseholdMerger(NamedTuple):
    """That another household was merged into this one; what carries its `groups` was apart before `on`."""

    household: str
    reference: str
    on: dt.date
    groups: str
    recorded: dt.datetime
    author: str = ""


def groups_meet(left: str, right: str) -> bool:
    """True when a fact of the household holds for a person, both of a merged one.

    What was written of each household before it was merged carries groups, and holds only for its people; what was
    written since carries none, and holds for all.
    """
    return not left or not right or not set(left.split()).isdisjoint(right.split())


def known_at(
    moment: dt.datetime | None, recorded: dt.datetime | None, superseded: dt.datetime | None
) -> bool:
    """True when the register held the version at the moment; without a moment, when it holds it now."""
    if moment is None:
        return superseded is None
    return (recorded is None or recorded <= moment) and (superseded is None or moment < superseded)


@dataclass(frozen=True)
class FollowedFamily:
    """A household with all its versions, or only those known at a moment (`as_known`)."""

    id: str
    people: tuple[FamilyMember, ...] = ()
    facts: tuple[FamilyFact, ...] = ()
    # What the last saves called themselves: a save that comes twice is stored once.
    saves: tuple[str, ...] = ()
    # Households merged into this one; `grouped` when any person or fact carries groups.
    mergers: tuple[HouseholdMerger, ...] = ()
    grouped: bool = False

    def __repr__(self) -> str:
        """Nothing of a family goes to a log or to an error report."""
        return f"<FollowedFamily {self.id}>"

    def as_known(self, moment: dt.datetime | None = None) -> "FollowedFamily":
        """The family as the register knew it; what was recorded and closed is left out."""
        return replace(
            self,
            people=tuple(p for p in self.people if known_at(moment, p.recorded, p.superseded)),
            facts=tuple(f for f in self.facts if known_at(moment, f.recorded, f.superseded)),
            mergers=tuple(
                m._replace(on=dt.date.max) if moment is not None and moment < m.recorded else m
                for m in self.mergers
            ),
        )

    @cached_property
    def by_kind(self) -> Mapping[str, list[FamilyFact]]:
        """The facts of each kind, in the order they were written. Meant for a family read by `as_known`."""
        facts: defaultdict[str, list[FamilyFact]] = defaultdict(list)
        for fact in self.facts:
            facts[fact.kind].append(fact)
        return facts

    def of_kind(self, kind: str, person: str | None = None) -> list[FamilyFact]:
        """Facts of a kind, of everyone or of a person, the latest first."""
        facts = (f for f in self.by_kind.get(kind, ()) if person is None or f.person == person)
        return sorted(facts, key=lambda f: f.since or dt.date.min, reverse=True)

    def current(self, kind: str, day: dt.date, person: str = "") -> FamilyFact | None:
        """The latest span of a kind that covers the day."""
        return next((f for f in self.of_kind(kind, person) if f.covers(day)), None)

    @cached_property
    def last_contact(self) -> dt.date | None:
        """The last day somebody met the family: a note written alone is not a contact."""
        days = [
            f.since for f in self.by_kind.get(FactKind.VISIT, ()) if f.value != VisitKind.NOTE and f.since
        ]
        days += [f.since for f in self.by_kind.get(FactKind.FIRST_CONTACT, ()) if f.since]
        return max(days, default=None)

    @cached_property
    def review_on(self) -> dt.date | None:
        """When to see the family again: an appointment that no meeting came after, or the review of a goal."""
        met = self.last_contact or dt.date.min
        days = [f.since for f in self.by_kind.get(FactKind.APPOINTMENT, ()) if f.since and f.since > met]
        days += [
            f.reviewed
            for f in self.by_kind.get(FactKind.GOAL, ())
            if f.value == GoalState.GOING_ON and f.reviewed
        ]
        return min(days, default=None)

    @property
    def names(self) -> list[str]:
        return [p.name for p in self.people if p.name]

    @cached_property
    def group_names(self) -> list[str]:
        """Every group of a merged household; one without a name in any other."""
        words = {word for person in self.people for word in person.groups.split()}
        words |= {word for fact in self.facts for word in fact.groups.split()}
        return sorted(words) or [""]

    def groups_of(self, groups: str) -> list[str]:
        """Those of a person or of a fact; all of them for what came after the merger."""
        return groups.split() or self.group_names

    def unit_on(self, groups: str, day: dt.date) -> str:
        """The household, of those merged, that a piece was still in on the day; empty for the one that stays."""
        words = set(groups.split())
        apart = [m for m in self.mergers if m.on > day and words and words <= set(m.groups.split())]
        return min(apart, key=lambda m: len(m.groups)).reference if apart else ""


def presences_by_group(family: FollowedFamily, person: FamilyMember) -> dict[str, list[FamilyFact]]:
    """The spans in the household of a person, in each household they came from; none where they always were."""
    facts = [f for f in family.by_kind.get(FactKind.PRESENCE, ()) if f.person == person.id]
    return {
        group: [f for f in facts if groups_meet(f.groups, group)] for group in family.groups_of(person.groups)
    }


def members_at(family: FollowedFamily, day: dt.date) -> list[FamilyMember]:
    """Who is in the household on the day: born, arrived, not gone."""
    if family.grouped:
        return [
            person
            for person in family.people
            if (person.year_of_birth is None or person.year_of_birth <= day.year)
            and any(
                not spans or any(span.covers(day) for span in spans)
                for spans in presences_by_group(family, person).values()
            )
        ]
    spans: defaultdict[str, list[FamilyFact]] = defaultdict(list)
    for fact in family.by_kind.get(FactKind.PRESENCE, ()):
        spans[fact.person].append(fact)
    return [
        person
        for person in family.people
        if (person.year_of_birth is None or person.year_of_birth <= day.year)
        and (person.id not in spans or any(span.covers(day) for span in spans[person.id]))
    ]
