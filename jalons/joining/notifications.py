"""E-mails about access, sent by the worker: to people who have no account yet, and to whoever answers them.

They do not go through the outbox of `discussions`, which writes to accounts only. Each task reads what it tells when it
runs: nothing that opens an account waits in the queue.
"""

import datetime as dt
import logging
import smtplib
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django_tasks import task

from jalons.accounts.enums import Right, Role
from jalons.accounts.letters import digest_of, new_secret
from jalons.accounts.models import Grant, Membership, User
from jalons.accounts.notifications import NotSent, post, try_later
from jalons.accounts.permissions import territory_of
from jalons.core.clock import day_in
from jalons.core.navigation import full_address
from jalons.core.values import format_date
from jalons.core.values.dates import PARIS
from jalons.history.services import save_record
from jalons.joining.enums import RequestState
from jalons.joining.links import answer_secret
from jalons.joining.models import AccessRequest, Invitation, RequestMessage
from jalons.joining.permissions import scopes_within

logger = logging.getLogger(__name__)
PAUSE = dt.timedelta(minutes=2)  # between two links to one person
REFUSED_ADDRESS = "Le serveur de courriel refuse cette adresse. Vérifiez-la."
SERVER_AWAY = "Le serveur de courriel ne répond pas\u00a0: un nouvel essai est prévu."


def mail(address: str, subject: str, template: str, **content: Any) -> None:
    post(address, subject, render_to_string(f"joining/mail/{template}.txt", content))


def mail_or_later(
    work: Any, pk: int, tried: int, address: str, subject: str, template: str, **content: Any
) -> None:
    """Sends, or puts the same task off while the mail server is away."""
    try:
        mail(address, subject, template, **content)
    except NotSent:
        try_later(work, pk, tried=tried)


# --- activation ----------------------------------------------------------------------------------------------------


@task()
def send_activation(user_id: int, tried: int = 0) -> None:
    """A new link to open an account; nothing when the account was opened or closed, or just received one."""
    secret = new_secret()
    invitation = new_link(user_id, secret)
    if invitation is None:
        return
    user = invitation.user
    memberships = user.memberships.select_related("organisation", "changed_by").order_by("pk")
    first = memberships.first()
    content = {
        "user": user,
        "organisation": first.organisation if first else "",
        "inviter": first.changed_by if first else "",
        "link": full_address("joining:activation", secret),
        "until": format_date(day_in(PARIS, invitation.expires_at)),
    }
    links = Invitation.objects.filter(pk=invitation.pk)
    try:
        mail(user.email, "Votre accès est ouvert\u00a0: choisissez un mot de passe", "activation", **content)
    except NotSent:
        # As if it had not been written: another may leave at once.
        links.update(error=SERVER_AWAY, created_at=invitation.created_at - PAUSE)
        try_later(send_activation, user_id, tried=tried)
    except smtplib.SMTPException:
        links.update(error=REFUSED_ADDRESS)
        logger.warning("Invitation %s refusée par le serveur de courriel", invitation.pk)
    else:
        links.update(sent_at=timezone.now())


@transaction.atomic
def new_link(user_id: int, secret: str) -> Invitation | None:
    """The row of a new link, unless the account needs none or received one less than `PAUSE` ago."""
    user = User.objects.select_for_update().get(pk=user_id)
    now = timezone.now()
    if not user.is_active or user.has_usable_password():
        return None
    if user.invitations.filter(created_at__gt=now - PAUSE, created_at__lte=now).exists():
        return None
    return Invitation.objects.create(user=user, digest=digest_of(secret), created_at=now)


@task()
def send_activation_to(email: str) -> None:
    """The same for the account of an address; nothing when there is none. One more task, whoever has an account."""
    user = User.objects.filter(email=email, is_active=True).first()
    if user is not None:
        send_activation.enqueue(user.pk)


@task()
def tell_new_membership(membership_id: int, tried: int = 0) -> None:
    """Somebody who has an account is given another membership."""
    membership = Membership.objects.select_related("user", "organisation", "changed_by").get(pk=membership_id)
    content = {"membership": membership, "user": membership.user, "link": full_address("accounts:account")}
    mail_or_later(
        tell_new_membership,
        membership_id,
        tried,
        membership.user.email,
        f"Vous êtes rattaché à {membership.organisation}",
        "new_membership",
        **content,
    )


# --- requests ------------------------------------------------------------------------------------------------------


@task()
def receive_request(request_id: int, tried: int = 0) -> None:
    """Sorts a request that just came: somebody who has an account is told so, else whoever may answer is told."""
    request = AccessRequest.objects.select_related("organisation", "territory").get(pk=request_id)
    if request.state != RequestState.PENDING:
        return
    subject, template, link = "Votre demande d’accès est reçue", "request_received", full_address("home")
    first = (
        AccessRequest.objects.waiting().filter(email=request.email, pk__lt=request.pk).order_by("pk").first()
    )
    if has_access(request.email):
        subject, template, link = "Vous avez déjà un compte", "already", full_address("accounts:sign_in")
        close_request(request, "Cette adresse a déjà un compte\u00a0: la personne en est prévenue.")
    elif first is not None:
        subject, template = "Votre demande d’accès est déjà reçue", "request_repeated"
        RequestMessage.objects.create(request=first, text=f"{request.duties}\n\n{request.purpose}")
        close_request(request, "Cette personne a déjà une demande en attente\u00a0: son texte y est ajouté.")
    else:
        for admin in answerers(request):
            tell_admin.enqueue(request.pk, admin.pk, 0)
    mail_or_later(
        receive_again, request_id, tried, request.email, subject, template, request=request, link=link
    )


@task()
def receive_again(request_id: int, tried: int = 0) -> None:
    """The acknowledgement alone, when the mail server was away the first time. Its request is sorted already."""
    request = AccessRequest.objects.get(pk=request_id)
    known = has_access(request.email)
    subject, template, link = (
        ("Vous avez déjà un compte", "already", full_address("accounts:sign_in"))
        if known
        else ("Votre demande d’accès est reçue", "request_received", full_address("home"))
    )
    mail_or_later(
        receive_again, request_id, tried, request.email, subject, template, request=request, link=link
    )


def has_access(email: str) -> bool:
    """An account with a membership of today. One without any asks, like somebody who has no account."""
    return Membership.objects.active().filter(user__email=email, user__is_active=True).exists()


def close_request(request: AccessRequest, why: str) -> None:
    request.state, request.answer, request.answered_at = RequestState.CLOSED, why, timezone.now()
    save_record(record=request, by=None, reason=why)


def answerers(request: AccessRequest, *, national: bool = False) -> list[User]:
    """The local administrators of its territory; the national ones when there is none, or when it is for them."""
    local = [] if national or request.national else local_admins(request)
    return local or national_admins()


def local_admins(request: AccessRequest) -> list[User]:
    admins = administrators(Role.LOCAL_ADMIN)
    inside = (scopes_within(territory_of(user, Right.MANAGE_ACCOUNTS)) for user in admins)
    return [
        user
        for user, scopes in zip(admins, inside, strict=True)
        if scopes.filter(pk=request.territory_id).exists()
    ]


def national_admins() -> list[User]:
    return administrators(Role.NATIONAL_ADMIN)


def administrators(role: Role) -> list[User]:
    held = Membership.objects.active().filter(role=role)
    return list(User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("pk"))


@task()
def tell_admin(request_id: int, user_id: int, days: int, tried: int = 0) -> None:
    """A request waits for this administrator; `days`, since when (0: it just came)."""
    request = AccessRequest.objects.select_related("organisation").get(pk=request_id)
    user = User.objects.get(pk=user_id)
    if not request.is_waiting or not user.is_active:
        return
    subject = f"Demande d’accès de {request.name}" + (f", en attente depuis {days} jours" if days else "")
    content = {
        "user": user,
        "request": request,
        "days": days,
        "link": full_address("joining:request", request.public_id),
    }
    try:
        mail(user.email, subject, "request_waits", **content)
    except NotSent:
        try_later(tell_admin, request_id, user_id, days, tried=tried)


@task()
def tell_answer(request_id: int, tried: int = 0) -> None:
    """The request is refused, with why."""
    request = AccessRequest.objects.select_related("changed_by", "changed_for").get(pk=request_id)
    mail_or_later(
        tell_answer,
        request_id,
        tried,
        request.email,
        "Réponse à votre demande d’accès",
        "request_refused",
        request=request,
    )


@task()
def tell_question(message_id: int, tried: int = 0) -> None:
    message = RequestMessage.objects.select_related("request", "author", "organisation").get(pk=message_id)
    mail_or_later(
        tell_question,
        message_id,
        tried,
        message.request.email,
        "Une question sur votre demande d’accès",
        "question",
        message=message,
        request=message.request,
        link=full_address("joining:answer", answer_secret(message.request)),
    )


@task()
def tell_reply(message_id: int) -> None:
    """Whoever asked is told that the person answered; when their account closed meanwhile, whoever may answer."""
    message = RequestMessage.objects.select_related("request").get(pk=message_id)
    last_question = message.request.messages.filter(author__is_active=True).order_by("-pk").first()
    readers = [last_question.author] if last_question and last_question.author else answerers(message.request)
    for user in readers:
        tell_reply_to.enqueue(message.pk, user.pk)


@task()
def tell_reply_to(message_id: int, user_id: int, tried: int = 0) -> None:
    message = RequestMessage.objects.select_related("request").get(pk=message_id)
    user = User.objects.get(pk=user_id)
    content = {
        "user": user,
        "request": message.request,
        "message": message,
        "link": full_address("joining:request", message.request.public_id),
    }
    try:
        mail(user.email, f"{message.request.name} a répondu", "reply", **content)
    except NotSent:
        try_later(tell_reply_to, message_id, user_id, tried=tried)


# --- what ends soon ------------------------------------------------------------------------------------------------


@task()
def tell_membership_ends(membership_id: int, tried: int = 0) -> None:
    membership = Membership.objects.select_related("user", "organisation").get(pk=membership_id)
    if membership.ended_at or membership.ends_on is None:
        return
    what = f"votre rattachement à {membership.organisation} ({membership.get_role_display().lower()})"
    tell_end(tell_membership_ends, membership_id, tried, membership.user, what, membership.ends_on)


@task()
def tell_grant_ends(grant_id: int, tried: int = 0) -> None:
    grant = Grant.objects.select_related("membership__user", "membership__organisation").get(pk=grant_id)
    if grant.ended_at or grant.ends_on is None:
        return
    verb = "vous est donné" if grant.allowed else "vous est retiré"
    what = f"le droit « {grant.get_right_display()} » qui {verb} ({grant.membership.organisation})"
    tell_end(tell_grant_ends, grant_id, tried, grant.membership.user, what, grant.ends_on)


def tell_end(work: Any, pk: int, tried: int, user: User, what: str, ends_on: dt.date) -> None:
    link = full_address("accounts:account")
    content = {"user": user, "what": what, "ends_on": ends_on, "link": link}
    mail_or_later(work, pk, tried, user.email, "Un de vos droits se termine bientôt", "ends_soon", **content)
