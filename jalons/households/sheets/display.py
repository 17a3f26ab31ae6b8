"""A family made ready for its screen: words instead of codes, in the order of the screen. Reads nothing."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from jalons.core.values import format_date
from jalons.households.families.checks import FamilyWarning, family_warnings
from jalons.households.families.content import (
    FamilyFact,
    FamilyMember,
    FollowedFamily,
    HouseholdMerger,
    groups_meet,
    members_at,
)
from jalons.households.families.enums import (
    FactKind,
    FamilyLink,
    GoalState,
    SchoolLevel,
    WorkKind,
)
from jalons.households.families.free_text import text_warnings
from jalons.households.sheets.kinds import FACT_SHEETS, LABELS, SECTIONS

NAMELESS = "Personne sans nom"
LINKS = dict(FamilyLink.choices)
SHORT_NOTES = 4
SHORT_NAMES = 3
LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class FactLine:
    """« CDD – Ana, depuis le 3 mars 2026 »."""

    id: str
    kind: str
    title: str
    words: str
    who: str
    dates: str
    text: str = ""
    is_over: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonLine:
    id: str
    name: str
    age: str
    link: str
    school: str
    work: str
    is_gone: bool
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetSection:
    title: str
    lines: list[FactLine]
    kinds: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FamilySheet:
    title: str
    people: list[PersonLine]
    sections: list[SheetSection]
    visits: list[FactLine]
    more_visits: int
    last_contact: dt.date | None
    review_on: dt.date | None
    mergers: tuple[HouseholdMerger, ...] = ()
    warnings: list[str] = field(default_factory=list)


def sheet_of(
    family: FollowedFamily,
    today: dt.date,
    names: Mapping[str, str],
    *,
    reread: str = "",
    every_note: bool = False,
) -> FamilySheet:
    """`names`: those of sites and dispositifs by identifier; `reread`: the fact whose words are looked at again."""
    people = {p.id: p.name or NAMELESS for p in family.people}
    warnings = family_warnings(family, today)
    lines = {
        kind: [
            fact_line(f, today, who_is(family, f, people), names, warnings, reread)
            for f in latest_first(family, kind)
        ]
        for kind in family.by_kind
    }
    visits = lines.get(FactKind.VISIT, [])
    limit = len(visits) if every_note else SHORT_NOTES
    return FamilySheet(
        title=family_title(family),
        people=person_lines(family, today, warnings),
        sections=[
            SheetSection(
                title,
                [line for kind in kinds for line in lines.get(kind, [])],
                [(kind, FACT_SHEETS[kind].title) for kind in kinds],
            )
            for title, kinds in SECTIONS
        ],
        visits=visits[:limit],
        more_visits=len(visits[limit:]),
        last_contact=family.last_contact,
        review_on=family.review_on,
        mergers=tuple(m for m in family.mergers if m.on != dt.date.max),  # not those of after that day
        warnings=[w.message for w in warnings if not w.person and not w.fact],
    )


def latest_first(family: FollowedFamily, kind: str) -> list[FamilyFact]:
    """Of two visits of one day, the last written is read first: a short list hides none that was just noted."""
    return sorted(
        family.of_kind(kind),
        key=lambda fact: (fact.since or dt.date.min, fact.recorded or LONG_AGO),
        reverse=True,
    )


def family_title(family: FollowedFamily) -> str:
    """« Famille Exemplescu, Testov », else its first names."""
    names = list(dict.fromkeys(p.family_name for p in family.people if p.family_name))
    first = [p.given_name for p in family.people if p.given_name]
    return f"Famille {', '.join(names[:2])}" if names else ", ".join(first[:3]) or "Famille sans nom"


def who_is(family: FollowedFamily, fact: FamilyFact, people: Mapping[str, str]) -> str:
    """Whom a fact is about; nothing for the whole household. Those of the household it came with, in a merged one."""
    if fact.person or not fact.groups:
        return people.get(fact.person, "")
    held = [p for p in family.people if groups_meet(fact.groups, p.groups)]
    if len(held) == len(family.people):
        return ""
    named = [p.given_name or people[p.id] for p in held]
    return ", ".join(named[:SHORT_NAMES]) + (
        f" et {len(named) - SHORT_NAMES}" if len(named) > SHORT_NAMES else ""
    )


def fact_line(
    fact: FamilyFact,
    today: dt.date,
    who: str,
    names: Mapping[str, str],
    warnings: list[FamilyWarning],
    reread: str,
) -> FactLine:
    about = [w.message for w in warnings if w.fact == fact.id]
    if fact.id == reread:
        about += [w.message for w in text_warnings(fact.text)]
    title, words = FACT_SHEETS[fact.kind].title, fact_words(fact, names)
    if fact.kind == FactKind.VISIT and words:
        title, words = words, ""
    return FactLine(
        id=fact.id,
        kind=fact.kind,
        title=title,
        words=words,
        who=who,
        dates=fact_dates(fact),
        text=fact.text,
        is_over=is_over(fact, today),
        warnings=tuple(about),
    )


def fact_words(fact: FamilyFact, names: Mapping[str, str]) -> str:
    labels = LABELS[fact.kind]
    if fact.kind in (FactKind.SITE, FactKind.DISPOSITIF):
        value = names.get(
            fact.value, "Lieu que vous ne lisez pas" if fact.kind == FactKind.SITE else "Dispositif"
        )
    else:
        value = fact.value if FACT_SHEETS[fact.kind].typed else labels.get(fact.value, "")
    detail = labels.get(fact.detail, "") if fact.detail else ""
    return ", ".join(part for part in (value, detail[:1].lower() + detail[1:]) if part)


def fact_dates(fact: FamilyFact) -> str:
    """« depuis le 3 mars », « du 3 mars au 5 avril », « le 3 mars »; empty when nothing is known."""
    is_span = bool(FACT_SHEETS[fact.kind].until)
    if fact.since and fact.until:
        return f"du {format_date(fact.since)} au {format_date(fact.until)}"
    if fact.until:
        return f"jusqu’au {format_date(fact.until)}"
    if fact.since:
        review = f", à revoir le {format_date(fact.reviewed)}" if fact.reviewed else ""
        return f"{'depuis le' if is_span else 'le'} {format_date(fact.since)}{review}"
    return f"à revoir le {format_date(fact.reviewed)}" if fact.reviewed else ""


def is_over(fact: FamilyFact, today: dt.date) -> bool:
    if fact.kind == FactKind.GOAL:
        return fact.value in (GoalState.DONE, GoalState.DROPPED)
    return fact.until is not None and fact.until <= today


def person_lines(family: FollowedFamily, today: dt.date, warnings: list[FamilyWarning]) -> list[PersonLine]:
    there = {p.id for p in members_at(family, today)}
    order = list(FamilyLink.values)
    people = sorted(
        family.people,
        key=lambda p: (
            p.id not in there,
            order.index(p.link) if p.link in order else len(order),
            p.year_of_birth or 9999,
        ),
    )
    return [person_line(family, p, today, p.id in there, warnings) for p in people]


def person_line(
    family: FollowedFamily,
    person: FamilyMember,
    today: dt.date,
    is_there: bool,
    warnings: list[FamilyWarning],
) -> PersonLine:
    school = family.current(FactKind.SCHOOL, today, person.id)
    work = family.current(FactKind.WORK, today, person.id)
    age = person.age_in(today.year)
    return PersonLine(
        id=person.id,
        name=person.name or NAMELESS,
        age="" if age is None else f"{age} an{'s' if age > 1 else ''}",
        link=LINKS.get(person.link, ""),
        school=dict(SchoolLevel.choices).get(school.value, "") if school else "",
        work=dict(WorkKind.choices).get(work.value, "") if work else "",
        is_gone=not is_there,
        warnings=tuple(w.message for w in warnings if w.person == person.id and not w.fact),
    )


def linked_codes(family: FollowedFamily) -> tuple[set[str], set[str]]:
    """Identifiers of the sites and of the dispositifs that a family names."""
    sites = {f.value for f in family.by_kind.get(FactKind.SITE, ()) if f.value}
    return sites, {f.value for f in family.by_kind.get(FactKind.DISPOSITIF, ()) if f.value}
