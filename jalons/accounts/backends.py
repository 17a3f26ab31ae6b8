"""Whose session it is, at each request."""

from django.contrib.auth.backends import BaseBackend

from jalons.accounts.models import Membership, User


class SessionBackend(BaseBackend):
    """Reads an account together with its rights, in one query: every page needs both.

    Nothing is kept from one request to the next, so that a right that was taken away, or that ended yesterday, is gone
    from open sessions at once. It proves nobody: that is for the other backends.
    """

    def get_user(self, user_id: int) -> User | None:
        """None for an account that was closed, as everywhere."""
        user: User | None
        held = Membership.objects.active().filter(user=user_id, user__is_active=True).read_at_once("user")
        user = held[0].user if held else User.objects.filter(pk=user_id, is_active=True).first()
        for membership in held:
            membership.user = user
        if user is not None:
            user.held = held
        return user
