"""What does not agree in a family. Only what cannot be is refused; the rest is a warning, which stops nothing."""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from jalons.households.families.content import FamilyMember, FollowedFamily
from jalons.households.families.enums import FactKind, FamilyLink, VisitKind

OLDEST = 118
GENERATION = 12
LONGEST_TEXT = 40_000
ELDERS = {FamilyLink.REFERENCE, FamilyLink.PARTNER}
SPANS = {
    FactKind.DISPOSITIF: "L’accompagnement finit avant de commencer.",
    FactKind.SITE: "La famille quitte ce lieu avant d’y arriver.",
    FactKind.PRESENCE: "Cette personne part avant d’arriver.",
    FactKind.CONTRACT: "Le contrat finit avant de commencer.",
}
OTHER_SPAN = "La fin est avant le début."
SPANS_BY_CODE = {kind.value: message for kind, message in SPANS.items()}


class FamilyWarning(NamedTuple):
    """A sentence for the screen; `person` says whose line it stands by, `fact` which fact."""

    code: str
    message: str
    person: str = ""
    fact: str = ""
    refused: bool = False


def family_warnings(family: FollowedFamily, today: dt.date) -> list[FamilyWarning]:
    """Every disagreement in a family read by `as_known`."""
    return [*member_warnings(family, today), *fact_warnings(family, today)]


def member_warnings(family: FollowedFamily, today: dt.date) -> Iterator[FamilyWarning]:
    elders = [p for p in family.people if p.link in ELDERS and p.year_of_birth]
    for person in family.people:
        if person.year_of_birth is None:
            continue
        yield from age_warnings(person, today)
        if person.link == FamilyLink.CHILD:
            yield from child_warnings(person, elders)
        for elder in elders:
            young_parent = person.year_of_birth >= (elder.year_of_birth or 0)
            if person.link == FamilyLink.PARENT and elder.link == FamilyLink.REFERENCE and young_parent:
                yield FamilyWarning("young-parent", "Ce parent n’est pas plus âgé que son enfant.", person.id)


def age_warnings(person: FamilyMember, today: dt.date) -> Iterator[FamilyWarning]:
    age = person.age_in(today.year)
    if age is None:
        return
    if age < 0:
        yield FamilyWarning(
            "future-birth", "Cette année de naissance est dans l’avenir.", person.id, refused=True
        )
    elif age >= OLDEST:
        yield FamilyWarning(
            "very-old", f"Cette personne aurait {age} ans\u00a0: vérifiez l’année.", person.id
        )


def child_warnings(child: FamilyMember, elders: list[FamilyMember]) -> Iterator[FamilyWarning]:
    for elder in elders:
        years = (child.year_of_birth or 0) - (elder.year_of_birth or 0)
        if years <= 0:
            yield FamilyWarning(
                "child-older", "Cet enfant est né avant un de ses parents, ou la même année.", child.id
            )
            return
        if years < GENERATION:
            yield FamilyWarning(
                "child-close", f"Un parent n’a que {years} ans de plus que cet enfant.", child.id
            )
            return


def fact_warnings(family: FollowedFamily, today: dt.date) -> Iterator[FamilyWarning]:
    births = {p.id: p.year_of_birth for p in family.people}
    for fact in family.facts:
        if fact.since and fact.until and fact.until < fact.since:
            message = SPANS_BY_CODE.get(fact.kind, OTHER_SPAN)
            yield FamilyWarning("ends-before", message, fact.person, fact.id, refused=True)
        birth = births.get(fact.person)
        if birth and fact.since and fact.since.year < birth:
            yield FamilyWarning(
                "before-birth", "Cette date est avant la naissance de la personne.", fact.person, fact.id
            )
        if fact.kind == FactKind.VISIT and fact.since and fact.since > today + dt.timedelta(days=1):
            what = "note" if fact.value == VisitKind.NOTE else "visite"
            yield FamilyWarning("future-visit", f"Cette {what} est datée de l’avenir.", fact=fact.id)
        if len(fact.text) > LONGEST_TEXT:
            yield FamilyWarning(
                "long-text",
                f"Ce texte dépasse {LONGEST_TEXT} caractères.",
                fact.person,
                fact.id,
                refused=True,
            )
