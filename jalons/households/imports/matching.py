"""Whether a family of a table is already in the register: by the reference of the file, never by a name alone."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from jalons.core.values import fold, french_spaces
from jalons.households.families.content import FamilyMember, FollowedFamily
from jalons.households.families.enums import FactKind
from jalons.households.families.stored import UnreadableFamily, card_from_summary, from_summary
from jalons.households.imports.content import ImportChoices, ReadFamily
from jalons.households.keys import opened_summaries
from jalons.households.models import reference_of
from jalons.households.retention.dates import erasure_month
from jalons.households.vault import OpenRegister

NEW, COMPLETE, REPLACE, LEAVE = "new", "complete", "replace", "leave"
MARK = f'"{FactKind.FILE_REFERENCE.value}"'.encode()
SAME_REFERENCE = "la même référence, mais personne du même nom"
SAME_NAME = "quelqu’un du même nom"
LONG_GONE = (
    "sortie depuis plus longtemps que votre durée de conservation : elle ne doit plus être gardée, elle n’est pas "
    "reprise"
)


@dataclass(frozen=True, slots=True)
class KnownHousehold:
    household_id: UUID
    number: int
    names: tuple[str, ...] = field(repr=False)
    years: frozenset[int] = field(repr=False)

    @property
    def reference(self) -> str:
        return reference_of(self.number)


@dataclass
class KnownFamilies:
    """The households of the register, by the references of earlier files and by the names of people."""

    by_reference: dict[str, list[KnownHousehold]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[frozenset[str], list[tuple[int | None, KnownHousehold]]] = field(
        default_factory=lambda: defaultdict(list)
    )


@dataclass(frozen=True, slots=True)
class FamilyVerdict:
    """What becomes of a family: `outcome` is empty until a person decides. `known`: the household that it is, or may
    be; `why` it may be, or why it is left out.
    """

    read: ReadFamily
    outcome: str
    known: KnownHousehold | None = None
    why: str = ""
    is_sure: bool = False  # known by its reference

    @property
    def is_open(self) -> bool:
        return not self.outcome

    @property
    def chooses(self) -> bool:
        return self.known is not None


def known_families(register: OpenRegister) -> KnownFamilies:
    """One query; what cannot be read is known by nobody."""
    known = KnownFamilies()
    for household_id, number, payload in opened_summaries(register):
        if payload is None:
            continue
        try:
            people = card_from_summary(payload, str(household_id)).family.people
            references = from_summary(payload, "").of_kind(FactKind.FILE_REFERENCE) if MARK in payload else []
        except UnreadableFamily:
            continue
        years = frozenset(p.year_of_birth for p in people if p.year_of_birth)
        names = tuple(p.name for p in people if p.name)
        household = KnownHousehold(household_id, number, names, years)
        for fact in references:
            known.by_reference[fold(fact.value)].append(household)
        for person in people:
            if key := name_key(person):
                known.by_name[key].append((person.year_of_birth, household))
    return known


def name_key(person: FamilyMember) -> frozenset[str]:
    """The words of a name, whatever their order and their column."""
    return frozenset(fold(person.name).split())


def verdicts(
    families: list[ReadFamily], choices: ImportChoices, known: KnownFamilies, *, today: dt.date, months: int
) -> list[FamilyVerdict]:
    """In the order of the file. A household is completed by one family of the table only."""
    taken: set[UUID] = set()
    results = []
    for read in families:
        verdict = verdict_of(read, choices, known, today, months)
        household = verdict.known
        if household is not None and verdict.outcome in (COMPLETE, REPLACE):
            if household.household_id in taken:
                why = french_spaces(f"une autre famille du tableau est déjà {household.reference}")
                verdict = FamilyVerdict(read, LEAVE, household, why)
            taken.add(household.household_id)
        results.append(verdict)
    return results


def verdict_of(
    read: ReadFamily, choices: ImportChoices, known: KnownFamilies, today: dt.date, months: int
) -> FamilyVerdict:
    if is_long_gone(read.family, today, months):
        return FamilyVerdict(read, LEAVE, why=french_spaces(LONG_GONE))
    decided = choices.decisions.get(read.key, "")
    same = known.by_reference.get(fold(read.reference), []) if read.reference else []
    if len(same) == 1 and agree(read.family, same[0]):
        return FamilyVerdict(read, decided if decided != NEW and decided else COMPLETE, same[0], is_sure=True)
    twin, why = (same[0], SAME_REFERENCE) if same else (twin_of(read.family, known), SAME_NAME)
    if twin is not None:
        return FamilyVerdict(read, decided or choices.for_all, twin, french_spaces(why))
    return FamilyVerdict(read, LEAVE if decided == LEAVE else NEW)


def agree(family: FollowedFamily, household: KnownHousehold) -> bool:
    """Somebody of the same whole name in both, or nobody is named in one of them: a family name alone is too common."""
    mine = {frozenset(fold(name).split()) for name in family.names}
    theirs = {frozenset(fold(name).split()) for name in household.names}
    return not mine or not theirs or bool(mine & theirs)


def twin_of(family: FollowedFamily, known: KnownFamilies) -> KnownHousehold | None:
    """The first household with somebody of the same name whose year of birth does not say otherwise."""
    for person in family.people:
        key = name_key(person)
        for year, household in known.by_name.get(key, []) if key else []:
            if year is None or person.year_of_birth is None or year == person.year_of_birth:
                return household
    return None


def is_long_gone(family: FollowedFamily, today: dt.date, months: int) -> bool:
    """Everybody left so long ago that the register would have erased them."""
    ends = [fact.until for fact in family.by_kind.get(FactKind.DISPOSITIF, ())]
    return bool(ends) and all(end is not None and erasure_month(end, months) <= today for end in ends)
