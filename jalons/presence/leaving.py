"""Idle accounts, and accounts that their person deletes: closed, then without personal data.

What was written stays, signed by the organisation: a fact keeps its source. The name and the address of the person go.
"""

import datetime as dt
from typing import Any

from axes.models import AccessAttempt, AccessLog
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from jalons.accounts.models import AccountLetter, User
from jalons.core.values import format_number, plural
from jalons.history.services import Actor
from jalons.joining.services import close_account
from jalons.presence.erasing import erase_elsewhere
from jalons.presence.notifications import tell_closed, tell_idle
from jalons.presence.sessions import close_others

# Months of 30 days and a half, as people count them.
MONTH = dt.timedelta(days=30.5)
WARNED_AFTER, CLOSED_AFTER, ERASED_AFTER = 5 * MONTH, 6 * MONTH, 6 * MONTH
KEPT = dt.timedelta(days=365)  # sign-ins
ERASED_NAME = "Compte supprimé"
IDLE = "sans connexion depuis six mois"


def look_after_accounts() -> str:
    """The job: warn at five months without signing in, close at six, erase six months after closing.

    Each step is one conditional update: two runs at once do it once.
    """
    now = timezone.now()
    warned = sum(warn(user, now) for user in idle(now - WARNED_AFTER).filter(idle_warned_at__isnull=True))
    # Whoever is warned late, after a long stop of the server, keeps a month to come back.
    ripe = Q(idle_warned_at__lte=now - (CLOSED_AFTER - WARNED_AFTER))
    closed = sum(close_idle(user, now) for user in idle(now - CLOSED_AFTER).filter(ripe))
    gone = User.objects.filter(is_active=False, erased_at__isnull=True, closed_at__lte=now - ERASED_AFTER)
    erased = sum(erase(user) for user in gone)
    AccessLog.objects.filter(attempt_time__lt=now - KEPT).delete()
    return (
        f"{format_number(warned)}\u00a0{plural(warned, 'compte prévenu', 'comptes prévenus')}, "
        f"{format_number(closed)}\u00a0{plural(closed, 'fermé', 'fermés')}, "
        f"{format_number(erased)}\u00a0{plural(erased, 'effacé', 'effacés')}."
    )


def idle(since: dt.datetime) -> Any:
    """Open accounts that nobody signed in with since a moment."""
    seen = Coalesce("last_login", "joined_at")
    return (
        User.objects.filter(is_active=True).annotate(seen_at=seen).filter(seen_at__lte=since).order_by("pk")
    )


def warn(user: User, now: dt.datetime) -> int:
    with transaction.atomic():
        taken = User.objects.filter(pk=user.pk, idle_warned_at__isnull=True).update(idle_warned_at=now)
        if taken:
            tell_idle.enqueue(user.pk)
    return taken


def close_idle(user: User, now: dt.datetime) -> int:
    """Signing in meanwhile forgets the warning: see `came_back`."""
    with transaction.atomic():
        if not idle(now - CLOSED_AFTER).filter(pk=user.pk).exists():
            return 0
        done = leave(user, by=None, reason=IDLE)
        if done:
            tell_closed.enqueue(user.pk)
    return int(done)


def came_back(request: Any, entrance: Any) -> None:
    """Called when a session opens: the warning of an idle account is forgotten."""
    User.objects.filter(pk=entrance.user.pk, idle_warned_at__isnull=False).update(idle_warned_at=None)


@transaction.atomic
def leave(user: User, *, by: Actor | None, reason: str) -> bool:
    """Closes the account and its sessions; `ValidationError` for the last national administrator."""
    done = close_account(user=user, by=by, reason=reason)
    if done:
        User.objects.filter(pk=user.pk).update(closed_at=timezone.now())
        close_others(user, here=None)
    return done


@transaction.atomic
def erase(user: User) -> int:
    """Takes the personal data of a closed account away. The row stays: what was written points at it."""
    gone = User.objects.filter(pk=user.pk, is_active=False, erased_at__isnull=True)
    stored = gone.first()
    if stored is None:
        return 0
    AccessLog.objects.filter(username=stored.email).delete()
    AccessAttempt.objects.filter(username=stored.email).delete()
    AccountLetter.objects.filter(user=stored).delete()
    erase_elsewhere(stored)
    stored.set_unusable_password()
    return int(
        gone.update(
            name=ERASED_NAME,
            email=f"compte-{stored.pk}@efface.invalid",
            password=stored.password,
            erased_at=timezone.now(),
            last_login=None,
        )
    )


@transaction.atomic
def delete_own_account(user: User) -> None:
    """At once, on the wish of the person: closed, then erased."""
    leave(user, by=None, reason="supprimé par la personne")
    erase(User.objects.get(pk=user.pk))
