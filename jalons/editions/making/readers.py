"""The rights of the author of an edition as they were when it was asked for: it is made again with the same ones."""

from collections.abc import Mapping
from typing import Any

from jalons.accounts.enums import Right
from jalons.accounts.permissions import NOWHERE, Territory, territory_of

SETS = ("departements", "epcis", "communes", "organisations", "parts")


class ReaderOfThen:
    """Reads what its author could read. No account: no page is made for it."""

    is_authenticated = True
    active_memberships: tuple[Any, ...] = ()

    def __init__(self, rights: Mapping[str, Mapping[str, Any]]) -> None:
        self._territories = dict.fromkeys(Right, NOWHERE)
        self._territories |= {
            Right(name): unfrozen(where) for name, where in rights.items() if name in Right.values
        }


def frozen_rights(user: Any) -> dict[str, dict[str, Any]]:
    """Where a person holds each right, as JSON; nothing for those that they do not hold."""
    held = {right: territory_of(user, right) for right in Right}
    return {right.value: frozen(where) for right, where in held.items() if where}


def frozen(where: Territory) -> dict[str, Any]:
    return {"everywhere": where.everywhere} | {name: sorted(getattr(where, name)) for name in SETS}


def unfrozen(where: Mapping[str, Any]) -> Territory:
    return Territory(bool(where["everywhere"]), **{name: frozenset(where[name]) for name in SETS})
