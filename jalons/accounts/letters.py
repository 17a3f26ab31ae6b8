"""The pause between two e-mails to one person, and the links that open a session once.

Both are kept in the database: they hold whatever the process, and after a restart.
"""

import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from jalons.accounts.enums import LetterKind
from jalons.accounts.models import AccountLetter, User
from jalons.accounts.querysets import AccountLetterQuerySet

PAUSE = dt.timedelta(minutes=2)  # between two letters of one kind to one person: nobody's mailbox is flooded
LIFE = dt.timedelta(minutes=15)  # of a link that opens a session
# Clocks of two machines differ a little. Beyond, the clock went back: what stands in the future has no date.
SKEW = dt.timedelta(minutes=1)


@transaction.atomic
def claim_letter(*, user: User, kind: LetterKind, secret: str = "") -> bool:
    """Takes the right to write to this person now; False when it was taken less than `PAUSE` ago.

    The link of a former letter of the same kind stops working: `secret` replaces it.
    """
    now = timezone.now()
    AccountLetter.objects.get_or_create(user=user, kind=kind)
    free = Q(sent_at__isnull=True) | Q(sent_at__lte=now - PAUSE) | Q(sent_at__gt=now + SKEW)
    letters = AccountLetter.objects.filter(free, user=user, kind=kind)
    # One statement: the second of two processes waits for the first, then finds nothing that is free.
    return bool(letters.update(sent_at=now, digest=digest_of(secret)))


@transaction.atomic
def give_letter_back(*, user: User, kind: LetterKind) -> None:
    """The letter did not leave: another may be asked for at once."""
    AccountLetter.objects.filter(user=user, kind=kind).update(sent_at=None, digest="")


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What is kept of a secret: a copy of the database opens no session."""
    return hashlib.sha256(secret.encode()).hexdigest() if secret else ""


def opening(secret: str) -> AccountLetterQuerySet:
    """The letter whose link still opens a session; none once it was used, replaced, or is too old."""
    now = timezone.now()
    return AccountLetter.objects.select_related("user").filter(
        kind=LetterKind.SIGN_IN,
        digest=digest_of(secret) or None,
        sent_at__gt=now - LIFE,
        sent_at__lte=now + SKEW,
        user__is_active=True,
    )


@transaction.atomic
def use_link(*, secret: str) -> User | None:
    """Whose session the link opens, once: of two people who send it together, one comes in."""
    letter = opening(secret).first()
    # Of the row alone: after waiting for another to end, PostgreSQL looks again at the row, not at what it joins.
    if letter is None or not AccountLetter.objects.filter(pk=letter.pk, digest=letter.digest).update(
        digest=""
    ):
        return None
    return letter.user
