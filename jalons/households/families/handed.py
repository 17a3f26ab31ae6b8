"""The copy of a family that another organisation is handed: what serves the family, and nothing of who wrote it."""

import datetime as dt
import json
from dataclasses import replace
from typing import NamedTuple

from jalons.households.families.content import FamilyFact, FollowedFamily
from jalons.households.families.edits import new_id
from jalons.households.families.enums import FactKind
from jalons.households.families.stored import UnreadableFamily, from_json, to_json

# Of the organisation that writes them, and not of the family.
KEPT_BACK = {
    FactKind.DISPOSITIF.value,
    FactKind.CONTRACT.value,
    FactKind.APPOINTMENT.value,
    FactKind.FIRST_CONTACT.value,
    FactKind.INFORMATION.value,
    FactKind.OBJECTION.value,
    FactKind.HANDING.value,
}


class HandingAgreement(NamedTuple):
    """What the family said yes to: when, in which language and how it was told."""

    on: dt.date
    language: str
    way: str

    def fact(self, text: str, author: str = "") -> FamilyFact:
        return FamilyFact(
            new_id(),
            FactKind.HANDING,
            since=self.on,
            value=self.language,
            detail=self.way,
            text=text,
            author=author,
        )


def handed_copy(family: FollowedFamily, *, notes: bool) -> FollowedFamily:
    """Of a family as known. New identifiers: those of two registers never meet. Nothing of former versions."""
    people = {p.id: new_id() for p in family.people}
    groups = {group: new_id() for group in family.group_names if group}

    def fresh(words: str) -> str:
        return " ".join(groups[word] for word in words.split())

    facts = []
    for fact in family.facts:
        if fact.kind in KEPT_BACK or (fact.kind == FactKind.VISIT and not notes):
            continue
        if fact.kind == FactKind.PRESENCE:  # the references of our own households
            fact = fact._replace(text="", value="")
        facts.append(
            fact._replace(
                id=new_id(), person=people.get(fact.person, ""), groups=fresh(fact.groups),
                recorded=None, author="", reason="",
            )
        )  # fmt: skip
    return FollowedFamily(
        "",
        people=tuple(
            p._replace(id=people[p.id], groups=fresh(p.groups), recorded=None, author="", reason="")
            for p in family.people
        ),
        facts=tuple(facts),
        grouped=family.grouped,
    )


def to_handed(family: FollowedFamily, agreement: HandingAgreement) -> bytes:
    on, language, way = agreement
    about = {"on": on.isoformat(), "language": language, "way": way}
    return json.dumps({"agreement": about, "family": to_json(family).decode()}, ensure_ascii=False).encode()


def from_handed(payload: bytes) -> tuple[FollowedFamily, HandingAgreement]:
    """What was sealed, read; `UnreadableFamily` for what is not ours. A fact of a kind that is unknown here is left."""
    try:
        document = json.loads(payload)
        about = document["agreement"]
        agreement = HandingAgreement(
            dt.date.fromisoformat(about["on"]), str(about["language"]), str(about["way"])
        )
        family = from_json(document["family"], "")
    except (KeyError, TypeError, ValueError):
        raise UnreadableFamily from None
    known = tuple(f for f in family.facts if f.kind in FactKind.values)
    return replace(family, facts=known), agreement


def accepted_copy(
    family: FollowedFamily, agreement: HandingAgreement, *, at: dt.datetime, author: str, sender: str
) -> FollowedFamily:
    """As the first content of a new household, written by who accepted it."""
    agreed = agreement.fact(f"Confiée par {sender}")
    return replace(
        family,
        people=tuple(p._replace(recorded=at, author=author) for p in family.people),
        facts=tuple(f._replace(recorded=at, author=author) for f in (*family.facts, agreed)),
    )
