"""A family in JSON and back. `content` holds everything; `summary` what the list and the figures need, as short rows.

The shape has a number: a later one is read by nobody older, who would lose what it does not know.
"""

import datetime as dt
import json
from collections.abc import Callable, Sequence
from typing import Any

from jalons.households.families.content import FamilyFact, FamilyMember, FollowedFamily

SCHEMA = 1
# From a shape to the next one.
UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
MEMBER_KEYS = FamilyMember._fields
FACT_KEYS = FamilyFact._fields
DAYS = {"since", "until", "reviewed"}
MOMENTS = {"recorded", "superseded"}


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


def to_summary(family: FollowedFamily) -> bytes:
    """What is known now, without a sentence written by anybody: rows, people named by their place in the list."""
    known = family.as_known()
    place = {person.id: str(i) for i, person in enumerate(known.people)}
    document = {
        "schema": SCHEMA,
        "people": [[*p[:7]] for p in known.people],
        "facts": [
            [f.kind, place.get(f.person, ""), written(f.since), written(f.until), f.value, f.detail,
             written(f.reviewed)]
            for f in known.facts if not f.person or f.person in place
        ],
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def from_summary(payload: bytes | str, family_id: str) -> FollowedFamily:
    """The family as it is known now, without texts nor authors. Every list and every figure reads this: it is quick."""
    document = in_present_shape(payload)
    day = dt.date.fromisoformat
    try:
        people = tuple(FamilyMember(*row) for row in document["people"])
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
            for kind, place, since, until, value, detail, reviewed in document["facts"]
        )
    except (KeyError, TypeError, ValueError, IndexError):
        raise UnreadableFamily from None
    return FollowedFamily(id=family_id, people=people, facts=facts)
