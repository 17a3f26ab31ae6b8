"""The families of an opened register, by their summaries."""

from dataclasses import dataclass

from jalons.households.families.content import FollowedFamily
from jalons.households.families.stored import UnreadableFamily, from_summary
from jalons.households.keys import learn_keys, opened
from jalons.households.models import Household
from jalons.households.vault import OpenRegister


@dataclass(frozen=True, slots=True)
class RegisterFamilies:
    """`references`: « M-0142 », by identifier of a family. `unreadable`: those whose key is destroyed or missing."""

    families: tuple[FollowedFamily, ...]
    references: dict[str, str]
    unreadable: tuple[str, ...] = ()


def read_families(register: OpenRegister) -> RegisterFamilies:
    """As they are known now. One query, whatever their number."""
    rows = list(Household.objects.of(register).defer("content").order_by("number"))
    learn_keys(register, rows)
    families: list[FollowedFamily] = []
    references: dict[str, str] = {}
    unreadable: list[str] = []
    for row in rows:
        payload = opened(register, row, "summary")
        try:
            if payload is None:
                raise UnreadableFamily
            families.append(from_summary(payload, str(row.pk)))
        except UnreadableFamily:
            unreadable.append(row.reference)
            continue
        references[str(row.pk)] = row.reference
    return RegisterFamilies(tuple(families), references, tuple(unreadable))
