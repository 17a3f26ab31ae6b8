"""E-mails about an account that nobody uses."""

from django_tasks import task

from jalons.accounts.models import User
from jalons.accounts.notifications import NotSent, send, try_later
from jalons.core.navigation import full_address


@task()
def tell_idle(user_id: int, tried: int = 0) -> None:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    try:
        send(user, "Votre compte sera fermé dans un mois", "idle", link=full_address("accounts:sign_in"))
    except NotSent:
        try_later(tell_idle, user_id, tried=tried)


@task()
def tell_closed(user_id: int, tried: int = 0) -> None:
    user = User.objects.filter(pk=user_id, erased_at__isnull=True).first()
    if user is None:
        return
    try:
        send(user, "Votre compte est fermé", "closed", link=full_address("joining:ask"))
    except NotSent:
        try_later(tell_closed, user_id, tried=tried)
