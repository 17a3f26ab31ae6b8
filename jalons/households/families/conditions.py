"""What a local indicator may count in a register: a figure of the socle, or those of whom one kind of fact is noted.

One word says it all, the only one that is stored: « domiciliations », « en-emploi--femmes », « now--work--permanent »,
« since--visit--office ». It says nothing of anybody.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from jalons.households.families.content import FamilyFact, FollowedFamily, groups_meet
from jalons.households.families.enums import (
    FactKind,
    GoalState,
    HealthCover,
    HomeKind,
    HousingRequestKind,
    SchoolLevel,
    Sex,
    VisitKind,
    WorkKind,
)
from jalons.households.families.figures import MAJORITY, RegisterCount
from jalons.households.families.rules import RULES
from jalons.households.families.spans import (
    EARLIEST,
    FollowedSpan,
    covering,
    household_spans,
    people_of,
    spans_by_person,
    spans_of_group,
    touching,
)

NOW, SINCE = "now", "since"  # true at the date; happened after the last follow-up, up to the date
BETWEEN = "--"
WOMEN, MINORS = "femmes", "mineurs"
AMONG = ("", WOMEN, MINORS)
ANY = ("",)
# The values of each kind that one may count alone; « » is any of them.
CONDITIONS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    NOW: {
        FactKind.SCHOOL: tuple(SchoolLevel.values),
        FactKind.SCHOOL_SUPPORT: ANY,
        FactKind.WORK: ("", *WorkKind.values),
        FactKind.TRAINING: ANY,
        FactKind.DOMICILIATION: ANY,
        FactKind.HEALTH_COVER: ("", *HealthCover.values),
        FactKind.CAF: ANY,
        FactKind.HOME: ("", *HomeKind.values),
        FactKind.CONTRACT: ANY,
        FactKind.GOAL: (GoalState.GOING_ON,),
    },
    SINCE: {
        FactKind.FIRST_CONTACT: ANY,
        FactKind.VISIT: ("", *VisitKind.values),
        FactKind.SCHOOL: ANY,
        FactKind.SCHOOL_SUPPORT: ANY,
        FactKind.WORK: ("", *WorkKind.values),
        FactKind.TRAINING: ANY,
        FactKind.EMPLOYMENT_SERVICE: ANY,
        FactKind.DOMICILIATION: ANY,
        FactKind.HEALTH_COVER: ANY,
        FactKind.HEALTH_REFERRAL: ANY,
        FactKind.HEALTH_OUTING: ANY,
        FactKind.CAF: ANY,
        FactKind.HOUSING_REQUEST: ("", *HousingRequestKind.values),
        FactKind.HOME: ("", *HomeKind.values),
        FactKind.CONTRACT: ANY,
        FactKind.GOAL: ("", GoalState.DONE, GoalState.DROPPED),
        FactKind.INFORMATION: ANY,
    },
}
# What is noted of the household as a whole counts households; the rest counts people.
HOUSEHOLD_KINDS = {
    FactKind.FIRST_CONTACT.value,
    FactKind.VISIT.value,
    FactKind.CAF.value,
    FactKind.CONTRACT.value,
    FactKind.GOAL.value,
    FactKind.HOUSING_REQUEST.value,
    FactKind.INFORMATION.value,
}
OVER = {GoalState.DONE.value, GoalState.DROPPED.value}


class CountedCode(NamedTuple):
    """`figure`, of the socle; or else facts of a `kind`, of one value or any."""

    figure: str = ""
    when: str = ""
    kind: str = ""
    value: str = ""
    among: str = ""

    def __str__(self) -> str:
        parts = [self.figure] if self.figure else [self.when, self.kind, self.value]
        return BETWEEN.join(part for part in (*parts, self.among) if part)

    @property
    def counts_people(self) -> bool:
        return self.kind not in HOUSEHOLD_KINDS


def read_code(text: str) -> CountedCode | None:
    """None for what no register counts."""
    first, *rest = text.split(BETWEEN)
    among = rest.pop() if rest and rest[-1] in AMONG[1:] else ""
    if first in RULES:
        return None if rest else CountedCode(figure=first, among=among)
    kind, value = (*rest, "", "")[:2]
    if len(rest) > 2 or value not in CONDITIONS.get(first, {}).get(kind, ()):
        return None
    code = CountedCode(when=first, kind=kind, value=value, among=among)
    return code if str(code) == text and (code.counts_people or not among) else None


def counted(
    families: Iterable[FollowedFamily],
    code: CountedCode,
    action_id: str | None,
    date: dt.date,
    since: dt.date | None,
    figures: Mapping[str, RegisterCount],
) -> RegisterCount:
    """`figures`: those of the socle, for the same families and dates."""
    known = {family.id: family for family in families}
    if code.figure:
        base = figures[code.figure]
    else:
        rows = [row for family in known.values() for row in rows_of(family, code, action_id, date, since)]
        base = RegisterCount(len(rows), tuple(rows))
    return among(base, code.among, known, date) if code.among else base


def rows_of(
    family: FollowedFamily, code: CountedCode, action_id: str | None, date: dt.date, since: dt.date | None
) -> list[tuple[str, str]]:
    """A row for each person once, or one for the household."""
    facts = [fact for fact in family.by_kind.get(code.kind, ()) if not code.value or fact.value == code.value]
    household = household_spans(family, action_id) if facts else []
    if not household:
        return []
    spans = spans_by_person(family, household, action_id)
    rows: list[tuple[str, str]] = []
    holds = covering if code.when == NOW else touching
    for fact in facts:
        day = date if code.when == NOW else day_of(fact)
        if day is None or not (fact.covers(date) if code.when == NOW else (since or EARLIEST) < day <= date):
            continue
        there = [
            person
            for person in people_of(family, household, spans, lambda own, on=day: holds(own, on))  # type: ignore[misc]
            if fact.person == person.id or (not fact.person and groups_meet(fact.groups, person.groups))
        ]
        if code.counts_people:
            rows += [(family.id, person.id) for person in there]
        elif there:
            rows += [(family.id, family.unit_on(person.groups, day)) for person in there]
        elif is_of_nobody(family, fact, action_id, lambda own, on=day: holds(own, on)):  # type: ignore[misc]
            rows.append((family.id, family.unit_on(fact.groups, day)))
    return [*dict.fromkeys(rows)]


def is_of_nobody(
    family: FollowedFamily,
    fact: FamilyFact,
    action_id: str | None,
    holds: Callable[[list[FollowedSpan]], bool],
) -> bool:
    """It is of a household of which no person is known, and that was accompanied then."""
    if any(groups_meet(fact.groups, person.groups) for person in family.people):
        return False
    return any(holds(spans_of_group(family, action_id, group)) for group in family.groups_of(fact.groups))


def day_of(fact: FamilyFact) -> dt.date | None:
    """When it happened: a goal that is over, on its last day."""
    return fact.until if fact.kind == FactKind.GOAL and fact.value in OVER else fact.since


def among(
    count: RegisterCount, part: str, families: Mapping[str, FollowedFamily], date: dt.date
) -> RegisterCount:
    """Those of its rows that are of women, or of minors; people whose sheet does not say it are told apart."""
    people = {(family.id, person.id): person for family in families.values() for person in family.people}
    rows, unknown = [], 0
    for row in count.rows:
        person = people.get(row)
        if person is None:
            continue
        if part == WOMEN:
            rows += [row] if person.sex == Sex.FEMALE else []
            unknown += not person.sex
        elif person.year_of_birth is None:
            unknown += 1
        elif date.year - person.year_of_birth < MAJORITY:
            rows.append(row)
    return RegisterCount(len(rows), tuple(rows), unknown)
