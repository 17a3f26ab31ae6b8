"""The outbox, as a restoration sees it: a queue of `backups.queues`."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from jalons.backups.queues import HeldMail
from jalons.discussions.models import Mail
from jalons.discussions.querysets import TRIES


@transaction.atomic
def hold_waiting() -> int:
    return Mail.objects.waiting().update(held_at=timezone.now())


def list_held() -> list[HeldMail]:
    mails = Mail.objects.held().select_related("user").order_by("pk")
    return [
        HeldMail(mail.key, f"« {mail.subject} » à {mail.user.email}, écrit le {mail.created_at:%d/%m/%Y}")
        for mail in mails
    ]


@transaction.atomic
def release_held(keys: list[str]) -> int:
    return held_among(keys).update(held_at=None)


@transaction.atomic
def drop_held(keys: list[str]) -> int:
    now = timezone.now()
    dropped = {
        "claimed_at": now,
        "failed_at": now,
        "attempts": TRIES,
        "error": "Abandonné après une restauration",
    }
    return held_among(keys).update(held_at=None, **dropped)


def held_among(keys: list[str]) -> QuerySet[Mail]:
    return Mail.objects.held().filter(key__in=keys)


def gone_since(keys: list[str]) -> list[str]:
    """Sent, or taken by a process that has not answered: it may have left."""
    taken = Q(sent_at__isnull=False) | Q(claimed_at__isnull=False, failed_at__isnull=True)
    return sorted(Mail.objects.filter(taken, key__in=keys).values_list("key", flat=True))
