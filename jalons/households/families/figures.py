"""Every socle indicator that a register can compute, and who is behind each figure.

Stocks are read at a date, flows after `since` and up to the date: what happened on the day of the last
follow-up was in it. Ages are those reached in the year of the date. `tests/households/families/recount.py` counts the
same, day by day.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from jalons.households.families.content import FamilyFact, FamilyMember, FollowedFamily, groups_meet
from jalons.households.families.enums import (
    EmploymentService,
    ExitReason,
    FactKind,
    HomeKind,
    HousingRequestKind,
    RightState,
    SchoolLevel,
    Sex,
    WorkKind,
)
from jalons.households.families.rules import EVENTS, RULES, SUMS
from jalons.households.families.spans import (
    EARLIEST,
    LATEST,
    FollowedSpan,
    covering,
    household_spans,
    joined,
    people_of,
    spans_by_person,
    spans_of_group,
    touching,
)

MAJORITY = 18
SCHOOL_AGES = range(3, 17)
OUTCOMES: dict[str, str] = {
    ExitReason.HOUSING: "sorties-positives",
    ExitReason.ACCOMMODATION: "sorties-positives",
    ExitReason.WORK: "sorties-positives",
    ExitReason.ABANDONED: "abandons",
    ExitReason.EXCLUDED: "exclusions",
}
LEVELS = {level.value for level in SchoolLevel if level != SchoolLevel.NONE}
LEVEL_CODES = {"autre": "autre-scolarite"}
REQUESTS: dict[str, str] = {
    HousingRequestKind.SIAO: "demandes-siao",
    HousingRequestKind.SOCIAL: "demandes-logement-social",
    HousingRequestKind.DALO: "recours-dalo",
}
SERVICES: dict[str, str] = {
    EmploymentService.FRANCE_TRAVAIL: "france-travail",
    EmploymentService.MISSION_LOCALE: "mission-locale",
}
HOMES: dict[str, str] = {HomeKind.HOUSING: "logement", HomeKind.ACCOMMODATION: "hebergement"}
STATES: dict[str, str] = {RightState.VALID: "valide", RightState.PENDING: "en-cours"}


class RegisterCount(NamedTuple):
    """A figure, the (family, person) rows behind it, and how many people could not be counted for want of a fact."""

    value: int
    rows: tuple[tuple[str, str], ...] = ()
    unknown: int = 0


class RegisterTally:
    """Counts the families of one dispositif, between two dates."""

    def __init__(self, action_id: str | None, date: dt.date, since: dt.date | None) -> None:
        self.action_id = action_id
        self.date = date
        self.since = since or EARLIEST
        self.rows: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        self.unknown: Counter[str] = Counter()

    def add(self, family: FollowedFamily) -> None:
        household = household_spans(family, self.action_id)
        # Long gone, or not there yet: nothing of it can count.
        if not household or household[0].since > self.date or household[-1].until < self.since:
            return
        spans = spans_by_person(family, household, self.action_id)
        present = people_of(family, household, spans, lambda own: covering(own, self.date))
        self.public(family, household, spans, present)
        self.rights(family, present)
        if SCHOOL_KINDS & family.by_kind.keys():
            self.school(family, present)
        self.pupils(family, present)
        self.events(family, household, spans)

    def count(self, code: str, family: FollowedFamily, person: FamilyMember | str = "") -> None:
        self.rows[code].append((family.id, person if isinstance(person, str) else person.id))

    def count_person(
        self, code: str, family: FollowedFamily, person: FamilyMember, day: dt.date, among: str = ""
    ) -> None:
        """A person, and what they are among it; `code` may already be the name of a part."""
        row = (family.id, person.id)
        self.rows[code].append(row)
        women, minors = (f"{among}-femmes", f"{among}-mineurs") if among else ("femmes", "mineurs")
        if person.sex == Sex.FEMALE:
            self.rows[women].append(row)
        elif not person.sex:
            self.unknown[women] += 1
        if person.year_of_birth is None:
            self.unknown[minors] += 1
        elif day.year - person.year_of_birth < MAJORITY:
            self.rows[minors].append(row)

    def public(
        self,
        family: FollowedFamily,
        household: list[FollowedSpan],
        spans: dict[str, list[FollowedSpan]],
        present: list[FamilyMember],
    ) -> None:
        if family.grouped:
            self.units(family, spans, present)
        elif present or (not family.people and covering(household, self.date)):
            self.count("menages", family)
        for person in present:
            self.count_person("personnes", family, person, self.date)
        for person in family.people:
            for span in spans[person.id]:
                self.moves(family, person, span)
        if family.grouped:
            return
        union = household
        if family.people and all(own is not household for own in spans.values()):
            union = joined(s for own in spans.values() for s in own)
        for span in union:
            if span.entered and self.since < span.since <= self.date and span.since != EARLIEST:
                self.count("entrees-familles", family)
            if span.until != LATEST and self.since < span.until <= self.date:
                last = [s.outcome for own in spans.values() for s in own if s.until == span.until]
                for code in {OUTCOMES[o] for o in (last or [span.outcome]) if o in OUTCOMES}:
                    self.count(f"{code}-familles", family)

    def units(
        self, family: FollowedFamily, spans: dict[str, list[FollowedSpan]], present: list[FamilyMember]
    ) -> None:
        """Of a merged household: as many families as there were on each day. See `FollowedFamily.unit_on`."""
        strands = [(person.groups, span) for person in family.people for span in spans[person.id]]
        strands += unheld_spans(family, self.action_id)
        for groups, span in strands:
            if span.since <= self.date < span.until:
                self.count("menages", family, family.unit_on(groups, self.date))
            if span.entered and self.since < span.since <= self.date and span.since != EARLIEST:
                day, unit = span.since, family.unit_on(groups, span.since)
                beside = [s for g, s in strands if family.unit_on(g, day) == unit]
                if not any(s.since < day <= s.until for s in beside):
                    self.count("entrees-familles", family, unit)
            if span.until != LATEST and self.since < span.until <= self.date:
                day, unit = span.until, family.unit_on(groups, span.until)
                beside = [s for g, s in strands if family.unit_on(g, day) == unit]
                if span.outcome in OUTCOMES and not any(s.since <= day < s.until for s in beside):
                    self.count(f"{OUTCOMES[span.outcome]}-familles", family, unit)

    def moves(self, family: FollowedFamily, person: FamilyMember, span: FollowedSpan) -> None:
        if span.entered and self.since < span.since <= self.date and span.since != EARLIEST:
            self.count_person("entrees", family, person, span.since, "entrees")
        if span.until != LATEST and self.since < span.until <= self.date and span.outcome in OUTCOMES:
            code = OUTCOMES[span.outcome]
            self.count_person(code, family, person, span.until, code)

    def pupils(self, family: FollowedFamily, present: list[FamilyMember]) -> None:
        year = self.date.year
        for person in present:
            if person.year_of_birth is None:
                self.unknown["scolarisables"] += 1
            elif year - person.year_of_birth in SCHOOL_AGES:
                self.rows["scolarisables"].append((family.id, person.id))

    def school(self, family: FollowedFamily, present: list[FamilyMember]) -> None:
        """Pupils of school age, by the latest level that covers the date."""
        levels: dict[str, FamilyFact] = {}
        for fact in family.by_kind.get(FactKind.SCHOOL, ()):
            if fact.covers(self.date):
                known = levels.get(fact.person)
                if known is None or (fact.since or EARLIEST) >= (known.since or EARLIEST):
                    levels[fact.person] = fact
        helped = {f.person for f in family.by_kind.get(FactKind.SCHOOL_SUPPORT, ()) if f.covers(self.date)}
        for person in present:
            if person.id in helped:
                self.count("mediation-scolaire", family, person)
            level = levels[person.id].value if person.id in levels else ""
            if level not in LEVELS:
                continue
            if person.year_of_birth is None:
                self.unknown["scolarises"] += 1
            elif self.date.year - person.year_of_birth in SCHOOL_AGES:
                self.count(LEVEL_CODES.get(level, level), family, person)

    def rights(self, family: FollowedFamily, present: list[FamilyMember]) -> None:
        """Stocks that a span holds open; a household's span holds for all who are there."""
        for fact in family.by_kind.get(FactKind.HEALTH_COVER, ()):
            if fact.detail in STATES and fact.covers(self.date):
                self.count_all(f"{fact.value}-{STATES[fact.detail]}", family, fact, present)
        for fact in family.by_kind.get(FactKind.DOMICILIATION, ()):
            if fact.covers(self.date):
                self.count_all("domiciliations", family, fact, present)
        for fact in family.by_kind.get(FactKind.WORK, ()):
            if fact.covers(self.date):
                self.count_all("en-emploi", family, fact, present)
        for fact in family.by_kind.get(FactKind.CAF, ()):
            if fact.covers(self.date):
                for person in present:
                    if groups_meet(fact.groups, person.groups):
                        self.count("droits-caf", family, family.unit_on(person.groups, self.date))

    def count_all(
        self, code: str, family: FollowedFamily, fact: FamilyFact, present: Iterable[FamilyMember]
    ) -> None:
        for person in present:
            if fact.person == person.id or (not fact.person and groups_meet(fact.groups, person.groups)):
                self.rows[code].append((family.id, person.id))

    def events(
        self, family: FollowedFamily, household: list[FollowedSpan], spans: dict[str, list[FollowedSpan]]
    ) -> None:
        for kind in EVENT_KINDS & family.by_kind.keys():
            for fact in family.by_kind[kind]:
                day = fact.since
                if day is None or not self.since < day <= self.date or not touching(household, day):
                    continue
                there = [
                    p
                    for p in family.people
                    if (p.id == fact.person or (not fact.person and groups_meet(fact.groups, p.groups)))
                    and (spans[p.id] is household or touching(spans[p.id], day))
                ]
                if there or self.holds_for_nobody(family, fact, day):
                    self.event(family, fact, there)

    def holds_for_nobody(self, family: FollowedFamily, fact: FamilyFact, day: dt.date) -> bool:
        """It is of a household of which no person is known."""
        if not family.grouped:
            return not family.people
        return not any(groups_meet(fact.groups, p.groups) for p in family.people) and any(
            touching(spans_of_group(family, self.action_id, group), day)
            for group in family.groups_of(fact.groups)
        )

    def event(self, family: FollowedFamily, fact: FamilyFact, there: list[FamilyMember]) -> None:
        """What happened, to whom; an event of the household is one request, and concerns all its members."""
        match fact.kind:
            case FactKind.EMPLOYMENT_SERVICE if fact.value in SERVICES:
                self.count_all(SERVICES[fact.value], family, fact, there)
            case FactKind.TRAINING:
                self.count_all("formations", family, fact, there)
            case FactKind.WORK:
                self.work(family, fact, there)
            case FactKind.HOUSING_REQUEST if fact.value in REQUESTS:
                self.count(REQUESTS[fact.value], family, fact.person)
            case FactKind.HOME if fact.value in HOMES:
                code = HOMES[fact.value]
                self.count(f"{code}-menages", family, family.unit_on(fact.groups, fact.since or EARLIEST))
                self.count_all(f"{code}-personnes", family, fact, there)
            case FactKind.HEALTH_REFERRAL:
                self.count_all("orientations-sante", family, fact, there)
            case FactKind.HEALTH_OUTING:
                self.count("accompagnements-sante", family, fact.person)

    def work(self, family: FollowedFamily, fact: FamilyFact, there: list[FamilyMember]) -> None:
        """Somebody's work: a household signs no contract."""
        for person in there:
            if person.id != fact.person:
                continue
            if fact.value == WorkKind.SELF_EMPLOYED:
                self.count("autoentrepreneurs", family, person)
            elif fact.value != WorkKind.OTHER:
                self.count("contrats", family, person)
                if person.sex == Sex.FEMALE:
                    self.count("contrats-femmes", family, person)
                elif not person.sex:
                    self.unknown["contrats-femmes"] += 1

    def figures(self) -> dict[str, RegisterCount]:
        counts = {}
        for code in RULES:
            rows = self.rows.get(code, [])
            distinct = tuple(rows) if code in EVENTS else tuple(dict.fromkeys(rows))
            counts[code] = RegisterCount(len(distinct), distinct, self.unknown[code])
        for code, parts in SUMS.items():
            rows = [row for part in parts for row in counts[part].rows]
            counts[code] = RegisterCount(len(rows), tuple(rows), self.unknown[code])
        return counts


def unheld_spans(family: FollowedFamily, action_id: str | None) -> list[tuple[str, FollowedSpan]]:
    """When a household of which no person is known was accompanied, before it was merged into this one."""
    peopled = {group for person in family.people for group in family.groups_of(person.groups)}
    return [
        (group, span)
        for group in family.group_names
        if group not in peopled
        for span in spans_of_group(family, action_id, group)
    ]


SCHOOL_KINDS = {FactKind.SCHOOL.value, FactKind.SCHOOL_SUPPORT.value}
EVENT_KINDS = {
    kind.value
    for kind in (
        FactKind.EMPLOYMENT_SERVICE,
        FactKind.TRAINING,
        FactKind.WORK,
        FactKind.HOUSING_REQUEST,
        FactKind.HOME,
        FactKind.HEALTH_REFERRAL,
        FactKind.HEALTH_OUTING,
    )
}


def family_figures(
    families: Iterable[FollowedFamily], action_id: str | None, date: dt.date, since: dt.date | None
) -> dict[str, RegisterCount]:
    """Each code of `RULES` and `SUMS`, for families as known (`as_known`, `from_summary`); `None`: any dispositif."""
    tally = RegisterTally(action_id, date, since)
    for family in families:
        tally.add(family)
    return tally.figures()
