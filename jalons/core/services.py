"""A form sent twice (double click, back button, lost network) writes once."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from jalons.core.models import Submission


@dataclass(frozen=True)
class Claim:
    """`repeated`: the same person already sent this key; `target_url` is then where it led, if known."""

    key: uuid.UUID
    user_key: str
    repeated: bool
    target_url: str = ""


def once(key: uuid.UUID, *, user_key: str) -> Claim:
    """Claims `key` for `user_key`, inside the caller's transaction: if that fails, the key is free again.

    A second request waits for the first to end, then reads what it did.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("once() has to share a transaction with what it protects")
    try:
        with transaction.atomic():
            Submission.objects.create(key=key, user_key=user_key)
    except IntegrityError:
        first = Submission.objects.get(key=key, user_key=user_key)
        return Claim(key, user_key, repeated=True, target_url=first.target_url)
    return Claim(key, user_key, repeated=False)


def settle(claim: Claim, url: str) -> None:
    """Says where the claimed submission led, in the same transaction."""
    Submission.objects.filter(key=claim.key, user_key=claim.user_key).update(target_url=url)


def sent_before(key: uuid.UUID, *, user_key: str) -> str | None:
    """Where this key led when it was already sent; None when it was not. For pages that judge before they write."""
    return Submission.objects.filter(key=key, user_key=user_key).values_list("target_url", flat=True).first()


def write_once(
    key: uuid.UUID, *, user_key: str, write: Callable[[], str], before: Callable[[], object] | None = None
) -> str:
    """Calls `write`, which answers the address to go to; if this key was already sent, answers it alone.

    `before` computes or reads what `write` needs and takes long: it is called while nobody waits for us to write.
    """
    if before is not None:
        sent = sent_before(key, user_key=user_key)
        if sent is not None:
            return sent
        before()
    with transaction.atomic():
        claim = once(key, user_key=user_key)
        if claim.repeated:
            return claim.target_url
        url = write()
        settle(claim, url)
    return url


@transaction.atomic
def forget_old_submissions(before: datetime) -> int:
    """Removes the keys older than `before` (30 days are plenty); answers how many."""
    return Submission.objects.filter(created_at__lt=before).delete()[0]
