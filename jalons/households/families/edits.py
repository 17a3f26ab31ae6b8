"""What one may do to a family, in memory: each gives back the family changed. Services seal and store it."""

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import uuid4

from jalons.households.families.content import FamilyFact, FamilyMember, FollowedFamily

# A save sent again comes within minutes; the page gives up long before so many others.
MOST_SAVES = 60
# What of a version one may correct; the rest says who wrote it, when.
MEMBER_PIECES, FACT_PIECES = 7, 9


class UnknownPiece(Exception):
    """The person or the fact is not there any more: erased, or withdrawn, by somebody else."""


def new_id() -> str:
    return uuid4().hex[:12]


def with_member(family: FollowedFamily, member: FamilyMember, at: dt.datetime) -> FollowedFamily:
    return replace(family, people=(*family.people, member._replace(recorded=at, superseded=None)))


def with_fact(family: FollowedFamily, fact: FamilyFact, at: dt.datetime) -> FollowedFamily:
    return replace(family, facts=(*family.facts, fact._replace(recorded=at, superseded=None)))


def correct_member(family: FollowedFamily, member_id: str, at: dt.datetime, **changes: Any) -> FollowedFamily:
    """Closes the version in force and adds the corrected one. A correction that changes nothing writes nothing."""
    old = next((p for p in family.people if p.id == member_id and p.superseded is None), None)
    if old is None:
        raise UnknownPiece
    new = old._replace(**changes)
    if new[:MEMBER_PIECES] == old[:MEMBER_PIECES]:
        return family
    people = tuple(p._replace(superseded=at) if p is old else p for p in family.people)
    return replace(family, people=(*people, new._replace(recorded=at, superseded=None)))


def correct_fact(family: FollowedFamily, fact_id: str, at: dt.datetime, **changes: Any) -> FollowedFamily:
    old = next((f for f in family.facts if f.id == fact_id and f.superseded is None), None)
    if old is None:
        raise UnknownPiece
    new = old._replace(**changes)
    if new[:FACT_PIECES] == old[:FACT_PIECES]:
        return family
    facts = tuple(f._replace(superseded=at) if f is old else f for f in family.facts)
    return replace(family, facts=(*facts, new._replace(recorded=at, superseded=None)))


def withdraw_fact(family: FollowedFamily, fact_id: str, at: dt.datetime) -> FollowedFamily:
    """Entered by mistake: no longer known, still there for « as known on »."""
    old = next((f for f in family.facts if f.id == fact_id and f.superseded is None), None)
    if old is None:
        raise UnknownPiece
    return replace(family, facts=tuple(f._replace(superseded=at) if f is old else f for f in family.facts))


def erase_fact(family: FollowedFamily, fact_id: str) -> FollowedFamily:
    """Takes every version away: after the next save nothing says that the fact was ever written."""
    return replace(family, facts=tuple(f for f in family.facts if f.id != fact_id))


def erase_member(family: FollowedFamily, member_id: str) -> FollowedFamily:
    """Takes a person away, with every fact about them, in all versions."""
    return replace(
        family,
        people=tuple(p for p in family.people if p.id != member_id),
        facts=tuple(f for f in family.facts if f.person != member_id),
    )


def with_save(family: FollowedFamily, token: str) -> FollowedFamily:
    return replace(family, saves=(*family.saves, token)[-MOST_SAVES:]) if token else family
