"""Opening an account with the link of an e-mail: once, within seven days, and only by a button."""

from functools import partial

from axes.utils import reset as forget_failures
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone

from jalons.accounts.letters import digest_of
from jalons.accounts.models import User
from jalons.history.services import Actor
from jalons.joining.enums import AccountEventKind, LinkState
from jalons.joining.models import Invitation
from jalons.joining.notifications import send_activation, send_activation_to
from jalons.joining.services.accounts import record_event


def link_of(secret: str) -> tuple[LinkState, Invitation | None]:
    """What a link can still do, and the invitation that it is of."""
    links = Invitation.objects.with_newest().select_related("user")
    invitation = links.filter(digest=digest_of(secret)).first() if secret else None
    if invitation is None:
        return LinkState.UNKNOWN, None
    return invitation.state_at(timezone.now()), invitation


def activate(*, invitation: Invitation, password: str) -> User | None:
    """The person chose their password. None when another sending of the same page was first.

    Raises `ValidationError` for a password that is too weak, in French.
    """
    user = invitation.user
    validate_password(password, user)
    user.set_password(password)  # slow on purpose: before the transaction, nobody waits for it
    with transaction.atomic():
        # One statement: of two people who send the page together, one opens the account.
        unused = Invitation.objects.filter(pk=invitation.pk, used_at__isnull=True)
        if not unused.update(used_at=timezone.now()):
            return None
        user.save(update_fields=["password"])
        record_event(user=user, kind=AccountEventKind.ACTIVATED, by=Actor(user, None))
        forget_failures(username=user.email)
    return user


def send_again(*, invitation: Invitation) -> None:
    """Another link for the person who opened one that does not work any more."""
    send_activation.enqueue(invitation.user_id)


def ask_activation_link(*, email: str) -> None:
    """Another link, if an account that was never opened has this address; the caller cannot tell."""
    send_activation_to.enqueue(email)


@transaction.atomic
def resend_activation(*, user: User, by: Actor) -> None:
    """Whoever manages accounts sends the link again."""
    record_event(user=user, kind=AccountEventKind.LINK_SENT, by=by)
    transaction.on_commit(partial(send_activation.enqueue, user.pk))
