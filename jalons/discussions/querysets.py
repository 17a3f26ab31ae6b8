"""Comments by who may read them; the outbox, by what can still happen to its e-mails; what people chose to receive."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from jalons.accounts.querysets import AttachedQuerySet

TRIES = 3
PAUSE = dt.timedelta(hours=1)  # between two tries of one e-mail, at least
# Longer than any sending lasts: each exchange with the server has EMAIL_TIMEOUT seconds.
IN_PROGRESS = dt.timedelta(minutes=15)
TOLD = dt.timedelta(days=7)  # how long the command speaks of an uncertain e-mail

NEVER_TRIED = Q(claimed_at__isnull=True)
REFUSED = Q(failed_at__isnull=False, attempts__lt=TRIES)


class CommentQuerySet(AttachedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Those that `user`, who may read what they are under, may read: for everybody, written by them, or kept for
        them or for an organisation in whose name they work today, or that was merged into one of these.
        """
        model: Any = self.model
        organisations = sorted(getattr(user, "organisation_ids", ()))
        theirs = model.for_people.through.objects.filter(user=user.pk).values("comment")
        chosen = Q(organisation__in=organisations) | Q(organisation__merged_into__in=organisations)
        ours = model.for_organisations.through.objects.filter(chosen).values("comment")
        readable = Q(restricted=False) | Q(author=user.pk) | Q(pk__in=theirs) | Q(pk__in=ours)
        return self.filter(readable)

    def for_everyone(self) -> Self:
        """Those that leave in a file, which nobody knows who will read."""
        return self.filter(restricted=False)


class MailQuerySet(models.QuerySet[Any]):
    def ready(self) -> Self:
        """Those that may leave now. Also the condition under which one is claimed."""
        again = REFUSED & Q(failed_at__lte=timezone.now() - PAUSE)
        return self.filter(NEVER_TRIED | again, sent_at__isnull=True, held_at__isnull=True)

    def waiting(self) -> Self:
        """Those that will leave, now or at a next try."""
        return self.filter(NEVER_TRIED | REFUSED, sent_at__isnull=True, held_at__isnull=True)

    def held(self) -> Self:
        """Those that a restoration holds until someone says whether they leave."""
        return self.filter(held_at__isnull=False)

    def uncertain(self) -> Self:
        """Claimed within a week, and nothing was heard since: did they leave? They never leave again anyway."""
        now = timezone.now()
        unheard = self.filter(sent_at__isnull=True, failed_at__isnull=True)
        return unheard.filter(claimed_at__gte=now - TOLD, claimed_at__lt=now - IN_PROGRESS)


class MailChoiceQuerySet(models.QuerySet[Any]):
    def muted_by(self, user: Any) -> set[str]:
        """The codes of the topics that a person refuses: one query."""
        return set(self.filter(user=user, muted=True).values_list("topic", flat=True))


class FavouriteQuerySet(models.QuerySet[Any]):
    def keys_of(self, user: Any, kind: str) -> Any:
        """The primary keys of one kind that a person starred, for `pk__in`."""
        return self.filter(user=user.pk, kind=kind).values("object_id")


class SubscriptionQuerySet(models.QuerySet[Any]):
    def of(self, user: Any) -> Self:
        return self.filter(user=user.pk).order_by("target", "pk")
