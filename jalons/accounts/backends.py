"""Whose session it is, at each request."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from jalons.accounts.models import Membership, User
from jalons.accounts.querysets import folded
from jalons.core.clock import paris_day
from jalons.core.prepared import prepared


def held_by(user_id: int) -> Any:
    """The memberships in force of an open account, and the account."""
    return Membership.objects.active().filter(user=user_id, user__is_active=True).with_all("user")


class SessionBackend(BaseBackend):
    """Reads an account together with its rights, in one query: every page needs both.

    Nothing is kept from one request to the next, so that a right that was taken away, or that ended yesterday, is gone
    from open sessions at once. It proves nobody: that is for the other backends.
    """

    def get_user(self, user_id: int) -> User | None:
        """None for an account that was closed, as everywhere."""
        user: User | None
        held = folded(prepared.read((Membership, "session", paris_day()), held_by, user_id))
        user = held[0].user if held else User.objects.filter(pk=user_id, is_active=True).first()
        for membership in held:
            membership.user = user
        if user is not None:
            user.held = held
        return user
