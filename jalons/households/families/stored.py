"""A family in JSON and back. `content` holds everything; `summary` what the list and the figures need, as short rows.

The shape has a number: a later one is read by nobody older, who would lose what it does not know.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from jalons.households.families.content import FamilyFact, FamilyMember, FollowedFamily
from jalons.households.families.enums import FactKind

SCHEMA = 1
# From a shape to the next one.
UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
MEMBER_KEYS = FamilyMember._fields
FACT_KEYS = FamilyFact._fields
DAYS = {"since", "until", "reviewed"}
MOMENTS = {"recorded", "superseded"}
# The facts of the first line of a summary.
ON_CARDS = {
    FactKind.SITE.value,
    FactKind.DISPOSITIF.value,
    FactKind.PRESENCE.value,
    FactKind.ARRIVAL.value,
    FactKind.FIRST_CONTACT.value,
}


class UnreadableFamily(Exception):
    """What was stored is not a family, or was written by a later Jalons."""


def written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def as_dict(piece: FamilyMember | FamilyFact) -> dict[str, Any]:
    """What is known of it; what is empty is left out."""
    return {key: written(value) for key, value in piece._asdict().items() if value not in ("", None)}


def typed_values(values: dict[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    typed: dict[str, Any] = {}
    for key, value in values.items():
        if key not in keys:
            raise UnreadableFamily
        if key in DAYS:
            value = dt.date.fromisoformat(value)
        elif key in MOMENTS:
            value = dt.datetime.fromisoformat(value)
        elif not isinstance(value, int if key == "year_of_birth" else str):
            raise UnreadableFamily
        typed[key] = value
    return typed


def to_json(family: FollowedFamily) -> bytes:
    document = {
        "schema": SCHEMA,
        "people": [as_dict(p) for p in family.people],
        "facts": [as_dict(f) for f in family.facts],
        "saves": list(family.saves),
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def from_json(payload: bytes | str, family_id: str) -> FollowedFamily:
    document = in_present_shape(payload)
    try:
        return FollowedFamily(
            id=family_id,
            people=tuple(FamilyMember(**typed_values(p, MEMBER_KEYS)) for p in document["people"]),
            facts=tuple(FamilyFact(**typed_values(f, FACT_KEYS)) for f in document["facts"]),
            saves=tuple(document.get("saves", ())),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise UnreadableFamily from None


def in_present_shape(payload: bytes | str) -> dict[str, Any]:
    try:
        document = json.loads(payload)
    except (ValueError, RecursionError):
        # The text that could not be read must not follow the exception into a report.
        raise UnreadableFamily from None
    if not isinstance(document, dict) or not isinstance(document.get("schema"), int):
        raise UnreadableFamily
    while document["schema"] < SCHEMA:
        upgrade = UPGRADES.get(document["schema"])
        if upgrade is None:
            raise UnreadableFamily
        document = upgrade(document)
    if document["schema"] > SCHEMA:
        raise UnreadableFamily
    return document


def fact_row(fact: FamilyFact, place: dict[str, str]) -> list[str | None]:
    person = place.get(fact.person, "")
    days = written(fact.since), written(fact.until), written(fact.reviewed)
    return [fact.kind, person, days[0], days[1], fact.value, fact.detail, days[2]]


def to_summary(family: FollowedFamily) -> bytes:
    """What is known now, without a sentence written by anybody: a line for the list, a line for the figures."""
    known = family.as_known()
    place = {person.id: str(i) for i, person in enumerate(known.people)}
    facts = [f for f in known.facts if not f.person or f.person in place]
    card = {
        "schema": SCHEMA,
        "people": [[*p[:7]] for p in known.people],
        "contact": written(known.last_contact),
        "review": written(known.review_on),
        "facts": [fact_row(f, place) for f in facts if f.kind in ON_CARDS],
    }
    rest = [fact_row(f, place) for f in facts if f.kind not in ON_CARDS]
    lines = (json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() for line in (card, rest))
    return b"\n".join(lines)


class FamilyCard(NamedTuple):
    """What the list shows of a family: people, where they live, who accompanies them, when they are to be seen."""

    family: FollowedFamily
    last_contact: dt.date | None
    review_on: dt.date | None


def from_summary(payload: bytes, family_id: str) -> FollowedFamily:
    """The family as it is known now, without texts nor authors: what every figure reads."""
    card, _, rest = payload.partition(b"\n")
    try:
        first = in_present_shape(card)
        return of_rows(first, [*first["facts"], *json.loads(rest)], family_id)
    except (KeyError, TypeError, ValueError, IndexError):
        raise UnreadableFamily from None


def card_from_summary(payload: bytes, family_id: str) -> FamilyCard:
    """The first line alone: the list of 5,000 families does not read the others."""
    card = in_present_shape(payload.partition(b"\n")[0])
    try:
        contact, review = card["contact"], card["review"]
        return FamilyCard(
            of_rows(card, card["facts"], family_id),
            dt.date.fromisoformat(contact) if contact else None,
            dt.date.fromisoformat(review) if review else None,
        )
    except (KeyError, TypeError, ValueError, IndexError):
        raise UnreadableFamily from None


def families_of(summaries: Iterable[tuple[str, bytes]], action_id: str | None) -> Iterator[FollowedFamily]:
    """The families that a dispositif ever accompanied; the others are not even parsed."""
    mark = (action_id or "").encode()
    return (from_summary(payload, family_id) for family_id, payload in summaries if mark in payload)


def of_rows(card: dict[str, Any], rows: list[list[Any]], family_id: str) -> FollowedFamily:
    day = dt.date.fromisoformat
    people = tuple(FamilyMember(*row) for row in card["people"])
    ids = [p.id for p in people]
    facts = tuple(
        FamilyFact(
            "",
            kind,
            ids[int(place)] if place else "",
            day(since) if since else None,
            day(until) if until else None,
            value,
            detail,
            day(reviewed) if reviewed else None,
        )
        for kind, place, since, until, value, detail, reviewed in rows
    )
    return FollowedFamily(id=family_id, people=people, facts=facts)
