"""Who publishes the open figures."""

from typing import Any

from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.accounts.permissions import membership_territory, territory_of
from jalons.history.services import Actor


def publishes_figures(user: Any) -> bool:
    """These figures are of the whole country: the right over a part of it gives nothing."""
    return bool(user.is_authenticated) and territory_of(user, Right.PUBLISH_FIGURES).everywhere


def publishing_actor(user: User) -> Actor:
    """In whose name somebody publishes: the organisation that gives them the right, over the whole country."""
    for membership in user.active_memberships:
        if membership_territory(membership, Right.PUBLISH_FIGURES).everywhere:
            return Actor(user, membership.organisation)
    raise LookupError("only for who publishes the open figures")
