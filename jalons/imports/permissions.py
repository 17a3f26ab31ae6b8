"""Who may write what a table holds, in the name of the structure that gave it."""

from collections.abc import Mapping
from typing import Any

from jalons.accounts.enums import Right
from jalons.accounts.permissions import NOWHERE, Territory, has, membership_territory
from jalons.history.services import Actor
from jalons.imports.enums import TargetKind

SITE_RIGHTS = (Right.UPDATE_SITE, Right.DECLARE_SITE)
WRITES_OF: Mapping[str, tuple[Right, ...]] = {
    TargetKind.SITES: SITE_RIGHTS,
    TargetKind.CONDITIONS: SITE_RIGHTS,
    TargetKind.INDICATORS: (Right.FOLLOW_ACTION,),
    TargetKind.FUNDING: (Right.WRITE_FUNDING,),
    TargetKind.ORGANISATIONS: (Right.MANAGE_ACCOUNTS,),
    TargetKind.ACTIONS: (Right.DECLARE_ACTION, Right.FOLLOW_ACTION),
    TargetKind.DESCRIPTIONS: (Right.EDIT_ACTION,),
}
# Whoever holds one of these may give a table, if only to see what it would do.
GIVES = (Right.READ_SITES, Right.MANAGE_ACCOUNTS)
# Beside whoever gave it, who of its organisation reads a batch: by what its table holds.
READS_OF: Mapping[str, Right] = {
    TargetKind.SITES: Right.READ_SITES,
    TargetKind.CONDITIONS: Right.READ_SITES,
    TargetKind.INDICATORS: Right.READ_SITES,
    TargetKind.ORGANISATIONS: Right.MANAGE_ACCOUNTS,
}
WRITES = tuple(dict.fromkeys(right for rights in WRITES_OF.values() for right in rights))


def may_write(user: Any, target: str) -> bool:
    """Somewhere at least: where exactly is judged row by row."""
    return any(has(user, right) for right in WRITES_OF.get(target, ()))


def own_territory(by: Actor, right: Right) -> Territory:
    """Where this person holds a right for the organisation in whose name the file is read."""
    territory = NOWHERE
    for membership in by.user.active_memberships:
        if membership.organisation_id == by.organisation.standing_id:
            territory |= membership_territory(membership, right)
    return territory
