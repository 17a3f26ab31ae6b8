"""What a household made of two would be, before anybody says yes. Nothing is written."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from jalons.core.values.text import fold
from jalons.households.families.content import FamilyFact, FollowedFamily
from jalons.households.families.enums import FactKind
from jalons.households.families.unions import HouseholdUnion, stays_together, united
from jalons.households.models import Household
from jalons.households.sheets.display import (
    FactLine,
    FamilySheet,
    fact_dates,
    fact_line,
    fact_words,
    sheet_of,
    who_is,
)
from jalons.households.sheets.kinds import Choices
from jalons.households.sheets.selectors import FamilyLine

MOST_CANDIDATES = 20
SHORT_TEXT = 90


@dataclass(frozen=True, slots=True)
class UnionPreview:
    """`facts`: with the reference of the household that each comes from, in the order of dates."""

    sheet: FamilySheet
    facts: list[tuple[FactLine, str]]
    warnings: list[str]


def union_preview(
    rows: tuple[Household, Household],
    families: tuple[FollowedFamily, FollowedFamily],
    union: HouseholdUnion,
    names: Mapping[str, str],
    today: dt.date,
) -> UnionPreview:
    """`rows` and `families`: the household that stays, then the other."""
    whole = united(*families, union).as_known()
    people = {p.id: p.name for p in whole.people}
    ours = {fact.id for fact in families[0].facts}
    facts = [
        (
            fact_line(fact, today, who_is(whole, fact, people), names, [], ""),
            rows[0].reference if fact.id in ours else rows[1].reference,
        )
        for fact in sorted(whole.facts, key=lambda fact: fact.since or dt.date.min)
    ]
    sheet = sheet_of(whole, today, names)
    warnings = [*sheet.warnings, *[w for person in sheet.people for w in person.warnings]]
    warnings += [
        f"Deux lieux de vie à la fois\u00a0: {place(first, names)} et {place(second, names)}. "
        "Terminez l’un des deux sur la fiche."
        for first, second in stays_together(whole, union.on)
    ]
    return UnionPreview(sheet, facts, list(dict.fromkeys(warnings)))


def place(fact: FamilyFact, names: Mapping[str, str]) -> str:
    words, dates = fact_words(fact, names), fact_dates(fact)
    return f"«\u00a0{words}\u00a0» {dates}".strip()


def candidates(lines: list[FamilyLine], household: Household, query: str) -> list[FamilyLine]:
    """Readable families that may be the same: those that answer, else those that share a name."""
    others = [line for line in lines if line.card and line.household_id != household.pk]
    words = fold(query).split()
    if words:
        return [line for line in others if line.answers(words)][:MOST_CANDIDATES]
    mine = next((line for line in lines if line.household_id == household.pk and line.card), None)
    if mine is None or mine.card is None:
        return []
    shared = {fold(p.family_name) for p in mine.card.family.people if p.family_name}
    return [
        line
        for line in others
        if line.card and shared & {fold(p.family_name) for p in line.card.family.people}
    ][:MOST_CANDIDATES]


def fact_choices(facts: list[FamilyFact], names: Mapping[str, str]) -> Choices:
    """« Lieu de vie : Bois des Pins, depuis le 3 mars 2026 », the latest first."""
    return [
        (fact.id, choice_words(fact, names))
        for fact in sorted(facts, key=lambda fact: (fact.kind == FactKind.VISIT, -day_number(fact)))
    ]


def day_number(fact: FamilyFact) -> int:
    return (fact.since or dt.date.min).toordinal()


def choice_words(fact: FamilyFact, names: Mapping[str, str]) -> str:
    line = fact_line(fact, dt.date.max, "", names, [], "")
    text = fact.text if len(fact.text) <= SHORT_TEXT else f"{fact.text[:SHORT_TEXT]}…"
    details = ", ".join(part for part in (line.words, line.dates, text) if part)
    return f"{line.title}\u00a0: {details}" if details else line.title
