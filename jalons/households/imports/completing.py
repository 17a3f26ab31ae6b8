"""A household of the register completed by a family of a table; and the same undone, as long as nothing came after."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from jalons.core.values import fold
from jalons.households.families import edits
from jalons.households.families.content import FamilyFact, FamilyMember, FollowedFamily
from jalons.households.families.enums import FactKind, FamilyLink, Sex
from jalons.households.sheets.display import fact_dates
from jalons.households.sheets.kinds import FACT_SHEETS, LABELS
from jalons.sites.enums import Origin

PERSON_FIELDS = ("year_of_birth", "sex", "link", "given_name", "family_name", "origin")
FACT_FIELDS = ("since", "until", "value", "detail", "text")
# Several may stand side by side: another one is no contradiction.
MANY = {FactKind.VISIT.value, FactKind.APPOINTMENT.value, FactKind.HOUSING_REQUEST.value}
WORDS: dict[str, dict[str, str]] = {
    "sex": dict(Sex.choices),
    "link": dict(FamilyLink.choices),
    "origin": dict(Origin.choices),
}
LABELLED = {
    "year_of_birth": "Année de naissance",
    "sex": "Sexe",
    "link": "Lien",
    "given_name": "Prénom",
    "family_name": "Nom",
    "origin": "Ressortissants",
}


@dataclass(frozen=True, slots=True)
class RegisterDifference:
    """What the register says, and what the table says."""

    label: str
    ours: str = field(repr=False)
    theirs: str = field(repr=False)


@dataclass
class Completed:
    """`added`: what the table brings, in words. `differences`: what stays as the register has it, unless replaced."""

    family: FollowedFamily = field(repr=False)
    added: list[str] = field(default_factory=list, repr=False)
    differences: list[RegisterDifference] = field(default_factory=list, repr=False)


def fresh(read: FollowedFamily, family_id: str, at: dt.datetime, author: str) -> FollowedFamily:
    """A family of a table as a new household: its own identifiers, recorded now."""
    ids = {person.id: edits.new_id() for person in read.people}
    people = tuple(p._replace(id=ids[p.id], recorded=at, author=author) for p in read.people)
    facts = tuple(
        f._replace(id=edits.new_id(), person=ids.get(f.person, ""), recorded=at, author=author)
        for f in read.facts
    )
    return FollowedFamily(family_id, people, facts)


def completed(
    family: FollowedFamily, read: FollowedFamily, *, at: dt.datetime, author: str, overwrite: bool
) -> Completed:
    """Nothing is taken away: what the table does not say stays. `overwrite`: what it says otherwise replaces."""
    result = Completed(family)
    known = family.as_known()
    ids: dict[str, str] = {"": ""}
    free = [*known.people]
    for person in read.people:
        mine = person_like(person, free)
        if mine is not None:
            free.remove(mine)
            ids[person.id] = mine.id
            complete_person(result, mine, person, at, author, overwrite=overwrite)
        elif person.name:
            ids[person.id] = edits.new_id()
            new = person._replace(id=ids[person.id], author=author)
            result.family = edits.with_member(result.family, new, at)
            result.added.append(person.name)
    names = {person.id: person.name for person in read.people}
    for fact in read.facts:
        if fact.person in ids:
            complete_fact(
                result, known, fact._replace(person=ids[fact.person]), names.get(fact.person, ""), at, author,
                overwrite=overwrite,
            )  # fmt: skip
    return result


def person_like(person: FamilyMember, people: Iterable[FamilyMember]) -> FamilyMember | None:
    """The same words in the name, within one family; two of one name are told apart by their years."""
    words = set(fold(person.name).split())
    same = [mine for mine in people if words and set(fold(mine.name).split()) == words]
    years = [mine for mine in same if mine.year_of_birth == person.year_of_birth]
    return next(iter(years or same), None)


def complete_person(
    result: Completed,
    mine: FamilyMember,
    person: FamilyMember,
    at: dt.datetime,
    author: str,
    *,
    overwrite: bool,
) -> None:
    changes: dict[str, Any] = {}
    for name in PERSON_FIELDS:
        ours, theirs = getattr(mine, name), getattr(person, name)
        if theirs in ("", None) or fold(str(ours)) == fold(str(theirs)):
            continue
        if ours in ("", None):
            changes[name] = theirs
            result.added.append(f"{mine.name} : {LABELLED[name].lower()} {words_of(name, theirs)}")
            continue
        if name in ("given_name", "family_name"):
            continue  # the same words, in other columns
        label = f"{mine.name} : {LABELLED[name].lower()}"
        result.differences.append(RegisterDifference(label, words_of(name, ours), words_of(name, theirs)))
        if overwrite:
            changes[name] = theirs
    if changes:
        result.family = edits.correct_member(result.family, mine.id, at, **changes, author=author)


def complete_fact(
    result: Completed,
    known: FollowedFamily,
    fact: FamilyFact,
    who: str,
    at: dt.datetime,
    author: str,
    *,
    overwrite: bool,
) -> None:
    title = FACT_SHEETS[fact.kind].title + (f" ({who})" if who else "")
    same_kind = [mine for mine in known.facts if mine.kind == fact.kind and mine.person == fact.person]
    if any(says_all(mine, fact) for mine in same_kind):
        return
    mine = next((mine for mine in same_kind if may_complete(mine, fact)), None)
    if mine is not None:
        changes = {name: getattr(fact, name) for name in FACT_FIELDS if getattr(fact, name) not in ("", None)}
        result.family = edits.correct_fact(result.family, mine.id, at, **changes, author=author)
        result.added.append(f"{title} : {fact_in_words(fact)}")
        return
    if not same_kind or fact.kind in MANY:
        new = fact._replace(id=edits.new_id(), author=author)
        result.family = edits.with_fact(result.family, new, at)
        result.added.append(f"{title} : {fact_in_words(fact)}" if fact_in_words(fact) else title)
        return
    latest = max(same_kind, key=lambda mine: mine.since or dt.date.min)
    result.differences.append(RegisterDifference(title, fact_in_words(latest), fact_in_words(fact)))
    if overwrite:
        changes = {name: getattr(fact, name) for name in FACT_FIELDS if getattr(fact, name) not in ("", None)}
        result.family = edits.correct_fact(result.family, latest.id, at, **changes, author=author)


def says_all(mine: FamilyFact, fact: FamilyFact) -> bool:
    """The register says as much already. A note is known by its words: its day is that of the import."""
    if fact.kind == FactKind.VISIT:
        return mine.text == fact.text
    return all(getattr(fact, name) in ("", None, getattr(mine, name)) for name in FACT_FIELDS)


def may_complete(mine: FamilyFact, fact: FamilyFact) -> bool:
    """Nothing in it says otherwise, and something is missing in it; a fact does not end before it began."""
    if fact.kind in MANY:
        return False
    since, until = mine.since or fact.since, mine.until or fact.until
    if since and until and until < since:
        return False
    return all(
        getattr(mine, name) in ("", None) or getattr(fact, name) in ("", None, getattr(mine, name))
        for name in FACT_FIELDS
    )


def words_of(name: str, value: Any) -> str:
    return WORDS.get(name, {}).get(value, str(value))


def fact_in_words(fact: FamilyFact) -> str:
    """Without the names of sites and dispositifs, which are not known here."""
    linked = fact.kind in (FactKind.SITE, FactKind.DISPOSITIF)
    sheet = FACT_SHEETS[fact.kind]
    value = "" if linked else fact.value if sheet.typed else LABELS[fact.kind].get(fact.value, "")
    parts = [value, LABELS[fact.kind].get(fact.detail, ""), fact_dates(fact), fact.text[:80]]
    return ", ".join(part for part in parts if part)


def without(family: FollowedFamily, at: dt.datetime, token: str) -> FollowedFamily:
    """The family as it was before it was completed at that moment."""
    people = tuple(
        p._replace(superseded=None) if p.superseded == at else p for p in family.people if p.recorded != at
    )
    facts = tuple(
        f._replace(superseded=None) if f.superseded == at else f for f in family.facts if f.recorded != at
    )
    return replace(family, people=people, facts=facts, saves=tuple(s for s in family.saves if s != token))
