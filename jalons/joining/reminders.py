"""What is done by the clock: requests that wait, rights that end soon. Each thing is told once."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone

from jalons.accounts.models import Grant, Membership
from jalons.core.clock import paris_day
from jalons.core.values import format_number, plural
from jalons.joining.models import AccessRequest, Notice
from jalons.joining.notifications import (
    answerers,
    national_admins,
    tell_admin,
    tell_grant_ends,
    tell_membership_ends,
)

# Days without an answer, and whether the national administration is told rather than those of the territory.
REMINDERS = ((2, False), (7, False), (9, True))
ENDS_SOON = 15  # days
FORGET_ORIGIN = dt.timedelta(days=1)


def tell_once(key: str) -> bool:
    """True for the first who says so: a second run of the same job, even at the same time, finds it told."""
    try:
        with transaction.atomic():
            Notice.objects.create(key=key)
    except IntegrityError:
        return False
    return True


def remind() -> str:
    """The periodic job of requests: at 2 and 7 days those who may answer, at 9 days the national administration."""
    now, sent = timezone.now(), 0
    for rows in (AccessRequest.objects.all(), AccessRequest.history.all()):  # its history must forget too
        rows.filter(created_at__lt=now - FORGET_ORIGIN).exclude(origin="").update(origin="")
    waiting = AccessRequest.objects.waiting().select_related("territory").order_by("pk")
    for request in waiting.filter(created_at__lte=now - dt.timedelta(days=REMINDERS[0][0])):
        sent += remind_of(request, (now - request.created_at).days)
    return f"{format_number(sent)} {plural(sent, 'rappel envoyé', 'rappels envoyés')}."


def remind_of(request: AccessRequest, days: int) -> int:
    """Only the last reminder that is due: after an outage nobody receives three at once."""
    due = [(after, national) for after, national in REMINDERS if after <= days]
    new = [step for step in due if tell_once(f"request/{request.pk}/{step[0]}")]
    if not new or new[-1] != due[-1]:
        return 0
    readers = national_admins() if due[-1][1] else answerers(request)
    for user in readers:
        tell_admin.enqueue(request.pk, user.pk, days)
    return len(readers)


def announce_ends() -> str:
    """The periodic job of memberships and grants that end within fifteen days."""
    today = paris_day()
    soon = {
        "ends_on__range": (today, today + dt.timedelta(days=ENDS_SOON)),
        "ended_at__isnull": True,
    }
    announced = 0
    memberships = Membership.objects.filter(**soon, user__is_active=True).order_by("pk")
    for membership in memberships:
        if is_news(membership) and tell_once(f"membership/{membership.pk}/{membership.ends_on}"):
            tell_membership_ends.enqueue(membership.pk)
            announced += 1
    for grant in Grant.objects.filter(**soon, membership__user__is_active=True).order_by("pk"):
        if is_news(grant) and tell_once(f"grant/{grant.pk}/{grant.ends_on}"):
            tell_grant_ends.enqueue(grant.pk)
            announced += 1
    return f"{format_number(announced)} {plural(announced, 'fin annoncée', 'fins annoncées')}."


def is_news(held: Membership | Grant) -> bool:
    """What was given for fifteen days or less said its end when it was given."""
    return bool(held.ends_on and (held.ends_on - held.starts_on).days > ENDS_SOON)
