"""A family in JSON and back. `content` holds everything; `summary` what the list and the figures need, as short rows.

The shape has a number: a later one is read by nobody older, who would lose what it does not know.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any

from jalons.households.families.content import FamilyFact, FamilyMember, FollowedFamily, HouseholdMerger
from jalons.households.families.enums import FactKind

SCHEMA = 2
# From a shape to the next one.
UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {
    1: lambda document: document | {"schema": 2},  # from 2 on, a household may be made of several
}
MEMBER_KEYS = FamilyMember._fields
FACT_KEYS = FamilyFact._fields
MERGER_KEYS = HouseholdMerger._fields
DAYS = {"since", "until", "reviewed", "on"}
MOMENTS = {"recorded", "superseded"}
# The facts of the first line of a summary.
ON_CARDS = {
    FactKind.SITE.value,
    FactKind.DISPOSITIF.value,
    FactKind.PRESENCE.value,
    FactKind.ARRIVAL.value,
    FactKind.FIRST_CONTACT.value,
}
# Those of the last line: no socle figure reads them, and they are most of what is written.
BESIDE_FIGURES = {
    FactKind.CONTRACT.value,
    FactKind.GOAL.value,
    FactKind.APPOINTMENT.value,
    FactKind.VISIT.value,
    FactKind.INFORMATION.value,
    FactKind.OBJECTION.value,
    FactKind.HANDING.value,
    FactKind.FILE_REFERENCE.value,
}
# What rows of a summary do not hold: of a person, from when it was recorded; of a fact, from its text.
BEYOND_PEOPLE = tuple(FamilyMember("")[7:])
BEYOND_ROWS = tuple(FamilyFact("", "")[8:])
# In a merged household, a row ends with its groups.
PEOPLE_PIECES, FACT_PIECES = 7, 7


class UnreadableFamily(Exception):
    """What was stored is not a family, or was written by a later Jalons."""


def written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def as_dict(piece: FamilyMember | FamilyFact | HouseholdMerger) -> dict[str, Any]:
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
    if family.grouped:
        document |= {"grouped": True, "mergers": [as_dict(m) for m in family.mergers]}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def from_json(payload: bytes | str, family_id: str) -> FollowedFamily:
    document = in_present_shape(payload)
    try:
        return FollowedFamily(
            id=family_id,
            people=tuple(FamilyMember(**typed_values(p, MEMBER_KEYS)) for p in document["people"]),
            facts=tuple(FamilyFact(**typed_values(f, FACT_KEYS)) for f in document["facts"]),
            saves=tuple(document.get("saves", ())),
            mergers=mergers_of(document),
            grouped=bool(document.get("grouped")),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise UnreadableFamily from None


def mergers_of(document: dict[str, Any]) -> tuple[HouseholdMerger, ...]:
    return tuple(HouseholdMerger(**typed_values(m, MERGER_KEYS)) for m in document.get("mergers", ()))


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


def fact_row(fact: FamilyFact, place: dict[str, str], grouped: bool) -> list[str | None]:
    person = place.get(fact.person, "")
    days = written(fact.since), written(fact.until), written(fact.reviewed)
    row = [fact.kind, person, days[0], days[1], fact.value, fact.detail, days[2]]
    return [*row, fact.groups] if grouped else row


def to_summary(family: FollowedFamily) -> bytes:
    """What is known now, without a sentence written by anybody: a line for the list, one for the socle, the others."""
    known = family.as_known()
    place = {person.id: str(i) for i, person in enumerate(known.people)}
    facts = [f for f in known.facts if not f.person or f.person in place]
    card = {
        "schema": SCHEMA,
        "people": [[*p[:PEOPLE_PIECES], *([p.groups] if family.grouped else [])] for p in known.people],
        "contact": written(known.last_contact),
        "review": written(known.review_on),
        "facts": [fact_row(f, place, family.grouped) for f in facts if f.kind in ON_CARDS],
    }
    if family.grouped:
        card |= {"grouped": True, "mergers": [as_dict(m) for m in family.mergers]}
    counted = [fact_row(f, place, family.grouped) for f in facts if f.kind not in ON_CARDS | BESIDE_FIGURES]
    rest = [fact_row(f, place, family.grouped) for f in facts if f.kind in BESIDE_FIGURES]
    lines = (json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in (card, counted, rest))
    return "\n".join(lines).encode()


class FamilyCard:
    """What the list shows of a family: people, where they live, who accompanies them, when they are to be seen.

    Of thousands, a page shows fifty: rows are read as they were written, and `family` is made of them when asked.
    Days written as « 2026-03-04 » have the order of days.
    """

    def __init__(self, first: dict[str, Any], family_id: str) -> None:
        self._first, self._people, self._facts, self._family_id = (
            first,
            first["people"],
            first["facts"],
            family_id,
        )
        self.last_contact = dt.date.fromisoformat(first["contact"]) if first["contact"] else None
        self.review_on = dt.date.fromisoformat(first["review"]) if first["review"] else None

    @cached_property
    def family(self) -> FollowedFamily:
        return of_rows(self._first, self._facts, self._family_id)

    @property
    def former(self) -> list[str]:
        """The references of the households merged into this one."""
        return [merger["reference"] for merger in self._first.get("mergers", ())]

    @property
    def names(self) -> list[str]:
        return [name for row in self._people if (name := f"{row[4]} {row[5]}".strip())]

    def values_on(self, kind: str, day: dt.date) -> list[str]:
        """What facts of a kind say on the day, the latest first."""
        written_day = day.isoformat()
        rows = [
            row
            for row in self._facts
            if row[0] == kind and (row[2] or "") <= written_day and (row[3] is None or written_day < row[3])
        ]
        return [row[4] for row in sorted(rows, key=lambda row: row[2] or "", reverse=True)]

    def is_gone(self, written_day: str) -> bool:
        """Accompanied once, and by nobody on the day nor later."""
        ends = [row[3] for row in self._facts if row[0] == FactKind.DISPOSITIF]
        return bool(ends) and all(end is not None and end <= written_day for end in ends)


def from_summary(payload: bytes, family_id: str) -> FollowedFamily:
    """The family as it is known now, without texts nor authors: what every figure of a team reads."""
    return of_lines(payload, family_id)


def counted_family(payload: bytes, family_id: str) -> FollowedFamily:
    """The same, without what no socle figure reads: visits, goals…"""
    return of_lines(payload, family_id, most=2)


def of_lines(payload: bytes, family_id: str, most: int | None = None) -> FollowedFamily:
    try:
        # Decoded once: of bytes, `json` first asks in which encoding they are, a quarter of the time it takes.
        lines = payload.decode().split("\n")[:most]
        first = in_present_shape(lines[0])
        rows = first["facts"]
        for line in lines[1:]:
            rows += json.loads(line)
        return of_rows(first, rows, family_id)
    except (KeyError, TypeError, ValueError, IndexError):
        raise UnreadableFamily from None


def card_from_summary(payload: bytes, family_id: str) -> FamilyCard:
    """The first line alone: the list of 5,000 families does not read the others."""
    try:
        first = in_present_shape(payload.partition(b"\n")[0].decode())
        return FamilyCard(first, family_id)
    except (KeyError, TypeError, ValueError, IndexError):
        raise UnreadableFamily from None


def families_of(summaries: Iterable[tuple[str, bytes]], action_id: str | None) -> Iterator[FollowedFamily]:
    """The families that a dispositif ever accompanied: the others are not even parsed, nor what nobody can read."""
    mark = (action_id or "").encode()
    for family_id, payload in summaries:
        if mark in payload:
            with suppress(UnreadableFamily):
                yield from_summary(payload, family_id)


def of_rows(card: dict[str, Any], rows: list[list[Any]], family_id: str) -> FollowedFamily:
    if card.get("grouped"):
        return of_grouped_rows(card, rows, family_id)
    day = dt.date.fromisoformat
    people = tuple(tuple.__new__(FamilyMember, (*row, *BEYOND_PEOPLE)) for row in card["people"])
    ids = [p.id for p in people]
    # As `FamilyFact(…)`, without the call in Python, which is a third of reading two hundred thousand of them.
    facts = tuple(
        tuple.__new__(
            FamilyFact,
            (
                "",
                kind,
                ids[int(place)] if place else "",
                day(since) if since else None,
                day(until) if until else None,
                value,
                detail,
                day(reviewed) if reviewed else None,
                *BEYOND_ROWS,
            ),
        )
        for kind, place, since, until, value, detail, reviewed in rows
    )
    return FollowedFamily(id=family_id, people=people, facts=facts)


def of_grouped_rows(card: dict[str, Any], rows: list[list[Any]], family_id: str) -> FollowedFamily:
    """A merged household: what `of_rows` reads, then the groups that end each row."""
    bare = {"people": [row[:PEOPLE_PIECES] for row in card["people"]]}
    family = of_rows(bare, [row[:FACT_PIECES] for row in rows], family_id)
    return FollowedFamily(
        id=family_id,
        people=tuple(
            p._replace(groups=row[-1]) for p, row in zip(family.people, card["people"], strict=True)
        ),
        facts=tuple(f._replace(groups=row[-1]) for f, row in zip(family.facts, rows, strict=True)),
        mergers=mergers_of(card),
        grouped=True,
    )
