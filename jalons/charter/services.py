"""Publishing a text, accepting the charter."""

from typing import Any

from django.db import transaction

from jalons.accounts.models import User
from jalons.accounts.opening import Entrance
from jalons.charter.enums import TextKind
from jalons.charter.models import Charter, CharterSignature
from jalons.charter.selectors import current
from jalons.history.services import Actor


class Replaced(Exception):
    """The charter that was read is not the one in force any more: `charter` is."""

    def __init__(self, charter: Charter) -> None:
        super().__init__(str(charter))
        self.charter = charter


@transaction.atomic
def publish(*, kind: str, body: str, by: Actor | None, what_changed: str = "", seen: int = 0) -> Charter:
    """The next version of a text. A new charter is asked of everybody, at their next page.

    `seen`: the number of the version that the writer started from; raises `Replaced` when there is a newer one.
    """
    last = current(kind)
    if last is not None and last.number != seen:
        raise Replaced(last)
    text = Charter.objects.create(
        kind=kind,
        number=seen + 1,
        body=body,
        what_changed=what_changed,
        published_by=by.user if by else None,
        published_for=by.organisation if by else None,
    )
    if kind == TextKind.CHARTER:
        User.objects.filter(is_active=True).update(charter_due=True)
    return text


@transaction.atomic
def accept(*, user: User, number: int) -> None:
    """Raises `Replaced` when another version was published since this one was read."""
    charter = current(TextKind.CHARTER)
    if charter is not None:
        if charter.number != number:
            raise Replaced(charter)
        CharterSignature.objects.get_or_create(user=user, charter=charter)
    User.objects.filter(pk=user.pk).update(charter_due=False)
    user.charter_due = False


def ask_on_opening(request: Any, entrance: Entrance) -> None:
    """Called when a session opens: somebody new, or closed while the charter changed, has it to accept too."""
    user, charter = entrance.user, current(TextKind.CHARTER)
    due = charter is not None and not charter.signatures.filter(user=user).exists()
    if due != user.charter_due:
        User.objects.filter(pk=user.pk).update(charter_due=due)
        user.charter_due = due
