"""The families of an opened register, by their summaries."""

from dataclasses import dataclass

from jalons.households.families.content import FollowedFamily
from jalons.households.families.stored import UnreadableFamily, counted_family, from_summary
from jalons.households.keys import opened_summaries
from jalons.households.models import reference_of
from jalons.households.vault import OpenRegister


@dataclass(frozen=True, slots=True)
class RegisterFamilies:
    """`references`: « M-0142 », by identifier of a family. `unreadable`: those whose key is destroyed or missing."""

    families: tuple[FollowedFamily, ...]
    references: dict[str, str]
    unreadable: tuple[str, ...] = ()


def read_families(register: OpenRegister, action_id: str = "", *, whole: bool = False) -> RegisterFamilies:
    """As they are known now; those that a dispositif never accompanied are not even parsed. One query.

    `whole`: visits, goals and contracts too, which no socle figure reads.
    """
    parsed = from_summary if whole else counted_family
    mark = action_id.encode()
    families: list[FollowedFamily] = []
    references: dict[str, str] = {}
    unreadable: list[str] = []
    for household_id, number, payload in opened_summaries(register):
        if payload is not None and mark not in payload:
            continue
        try:
            if payload is None:
                raise UnreadableFamily
            families.append(parsed(payload, str(household_id)))
        except UnreadableFamily:
            unreadable.append(reference_of(number))
            continue
        references[str(household_id)] = reference_of(number)
    return RegisterFamilies(tuple(families), references, tuple(unreadable))
