"""When each person of a family is accompanied by a dispositif: half-open spans, joined where they touch."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from jalons.households.families.content import (
    FamilyFact,
    FamilyMember,
    FollowedFamily,
    groups_meet,
    presences_by_group,
)
from jalons.households.families.enums import FactKind

EARLIEST, LATEST = dt.date.min, dt.date.max


# A span of presence that begins or ends at the door of another household of the same register: no entry, no exit.
MOVED_IN, MOVED_OUT = "in", "out"
MOVED = "moved"


class FollowedSpan(NamedTuple):
    """From `since` to the day before `until`; `outcome` is why it ended. The extremes stand for « not known ».

    `entered` is False when who begins it comes from another household of the register.
    """

    since: dt.date
    until: dt.date
    outcome: str = ""
    entered: bool = True


ALWAYS = [FollowedSpan(EARLIEST, LATEST)]


def joined(spans: Iterable[FollowedSpan]) -> list[FollowedSpan]:
    """Spans in order, those that touch or overlap made into one; what ends before it begins is nothing."""
    whole: list[FollowedSpan] = []
    for span in sorted(s for s in spans if s.since < s.until):
        if whole and span.since <= whole[-1].until:
            last = whole[-1]
            entered = last.entered or (span.since == last.since and span.entered)
            if span.until > last.until or (span.until == last.until and not last.outcome):
                whole[-1] = FollowedSpan(last.since, span.until, span.outcome, entered)
            elif entered != last.entered:
                whole[-1] = last._replace(entered=entered)
        else:
            whole.append(span)
    return whole


def as_span(fact: FamilyFact) -> FollowedSpan:
    """The reason of an exit means nothing while there is no exit."""
    until = fact.until or LATEST
    outcome = fact.detail if fact.until else ""
    if fact.kind == FactKind.PRESENCE and fact.value:
        moves = fact.value.split()
        if fact.until and not outcome and MOVED_OUT in moves:
            outcome = MOVED
        return FollowedSpan(fact.since or EARLIEST, until, outcome, MOVED_IN not in moves)
    return FollowedSpan(fact.since or EARLIEST, until, outcome)


def met(household: list[FollowedSpan], person: list[FollowedSpan]) -> list[FollowedSpan]:
    """What two lists have in common; when both end the same day, the person's own reason is the more precise."""
    common = []
    for left in household:
        for right in person:
            since = max(right.since, left.since)
            own_reason = right.outcome and right.outcome != MOVED
            if right.until < left.until or (right.until == left.until and own_reason):
                until, outcome = right.until, right.outcome
            else:
                until, outcome = left.until, left.outcome
            if since < until:
                entered = (right.entered and right.since == since) or (left.entered and left.since == since)
                common.append(FollowedSpan(since, until, outcome, entered))
    return common


def household_spans(family: FollowedFamily, action_id: str | None) -> list[FollowedSpan]:
    """When the household is accompanied, by the dispositif or by any; a family of none, from its first contact."""
    if family.grouped:
        return joined(
            span for group in family.group_names for span in spans_of_group(family, action_id, group)
        )
    return spans_of_group(family, action_id, "")


def spans_of_group(family: FollowedFamily, action_id: str | None, group: str) -> list[FollowedSpan]:
    """The same for the people of a household merged into it; without a group, of all."""
    facts: Iterable[FamilyFact] = family.by_kind.get(FactKind.DISPOSITIF, ())
    contacts: Iterable[FamilyFact] = family.by_kind.get(FactKind.FIRST_CONTACT, ())
    if group:
        facts = [f for f in facts if groups_meet(f.groups, group)]
        contacts = [f for f in contacts if groups_meet(f.groups, group)]
    if action_id is not None:
        return joined([as_span(f) for f in facts if f.value == action_id])
    if facts:
        return joined([as_span(f) for f in facts])
    first = [f.since for f in contacts if f.since]
    return [FollowedSpan(min(first), LATEST)] if first else []


def spans_by_person(
    family: FollowedFamily, household: list[FollowedSpan], action_id: str | None
) -> dict[str, list[FollowedSpan]]:
    """When each person is accompanied: the household's spans, less the time before birth, arrival and after leaving."""
    if family.grouped:
        return {person.id: spans_over_groups(family, person, action_id) for person in family.people}
    own: defaultdict[str, list[FollowedSpan]] = defaultdict(list)
    for fact in family.by_kind.get(FactKind.PRESENCE, ()):
        own[fact.person].append(as_span(fact))
    first_year = household[0].since.year if household else dt.MINYEAR
    spans = {}
    for person in family.people:
        present = joined(own[person.id]) if person.id in own else ALWAYS
        # A birth is known by its year alone: from its first day. One before it all changes nothing.
        if person.year_of_birth is not None and first_year < person.year_of_birth <= dt.MAXYEAR:
            present = met(present, [FollowedSpan(dt.date(person.year_of_birth, 1, 1), LATEST)])
        spans[person.id] = household if present is ALWAYS else met(household, present)
    return spans


def spans_over_groups(
    family: FollowedFamily, person: FamilyMember, action_id: str | None
) -> list[FollowedSpan]:
    """Of a merged household: what each of those that a person comes from says of them, made into one."""
    spans: list[FollowedSpan] = []
    for group, presences in presences_by_group(family, person).items():
        present = joined(as_span(f) for f in presences) if presences else ALWAYS
        spans += met(spans_of_group(family, action_id, group), present)
    if person.year_of_birth is not None and dt.MINYEAR < person.year_of_birth <= dt.MAXYEAR:
        spans = met(spans, [FollowedSpan(dt.date(person.year_of_birth, 1, 1), LATEST)])
    return joined(spans)


def people_of(
    family: FollowedFamily,
    household: list[FollowedSpan],
    spans: dict[str, list[FollowedSpan]],
    holds: Callable[[list[FollowedSpan]], bool],
) -> list[FamilyMember]:
    """Those whose spans hold. Most people share the very spans of their household, which are asked once."""
    if not holds(household):
        return []
    return [p for p in family.people if spans[p.id] is household or holds(spans[p.id])]


def covering(spans: Iterable[FollowedSpan], day: dt.date) -> bool:
    for span in spans:  # noqa: SIM110 (asked of every person: a generator costs more than its answer)
        if span.since <= day < span.until:
            return True
    return False


def touching(spans: Iterable[FollowedSpan], day: dt.date) -> bool:
    """Accompanied on the day, its last one included: who leaves for a home enters it that very day."""
    for span in spans:  # noqa: SIM110
        if span.since <= day <= span.until:
            return True
    return False
