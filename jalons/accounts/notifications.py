"""E-mails about accounts, sent by the worker; a mail server that is away is tried again later."""

import datetime as dt
import logging
import smtplib
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django_tasks import task

from jalons.accounts.enums import LetterKind
from jalons.accounts.letters import claim_letter, give_letter_back, new_secret
from jalons.accounts.models import User
from jalons.core.navigation import full_address

logger = logging.getLogger(__name__)
# Minutes before each new try: four hours in all, as long as a link of password lives.
TRIES = (1, 2, 5, 10, 15, 30, 60, 60, 60)


class NotSent(Exception):
    """The e-mail certainly did not leave, and may leave later."""


@task()
def send_password_link(email: str, tried: int = 0) -> None:
    """A link to choose a new password, to the active account of that address; nothing when there is none.

    The address travels rather than a link, so that no link waits in the queue, and so that asking takes the
    same time whether the account exists.
    """
    user = User.objects.filter(email=email, is_active=True).first()
    if user is None or not claim_letter(user=user, kind=LetterKind.PASSWORD):
        return
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    link = full_address("accounts:new_password", uid, default_token_generator.make_token(user))
    try:
        send(user, "Choisir un nouveau mot de passe", "password_link", link=link)
    except NotSent:
        give_letter_back(user=user, kind=LetterKind.PASSWORD)
        try_later(send_password_link, email, tried=tried)


@task()
def send_sign_in_link(email: str, tried: int = 0) -> None:
    """A link that opens one session, to the active account of that address; nothing when there is none."""
    user, secret = User.objects.filter(email=email, is_active=True).first(), new_secret()
    if user is None or not claim_letter(user=user, kind=LetterKind.SIGN_IN, secret=secret):
        return
    try:
        link = full_address("accounts:sign_in_link", secret)
        send(user, "Votre lien pour vous connecter", "sign_in_link", link=link)
    except NotSent:
        give_letter_back(user=user, kind=LetterKind.SIGN_IN)
        try_later(send_sign_in_link, email, tried=tried)


@task()
def tell_password_changed(user_id: int, tried: int = 0) -> None:
    """So that the owner of the account knows, if it was not them."""
    user = User.objects.get(pk=user_id)
    try:
        link = full_address("accounts:forgotten")
        send(user, "Votre mot de passe a été changé", "password_changed", link=link)
    except NotSent:
        try_later(tell_password_changed, user_id, tried=tried)


def send(user: User, subject: str, template: str, *, folder: str = "accounts", **content: str) -> None:
    """`folder`: the app whose `mail/` holds the template."""
    post(user.email, subject, render_to_string(f"{folder}/mail/{template}.txt", {"user": user, **content}))


def post(address: str, subject: str, body: str) -> None:
    """`NotSent` when it may be tried again. A connection cut meanwhile is not: it may have left."""
    connection = get_connection()
    letter = EmailMessage(f"Jalons\u00a0: {subject}", body, None, [address], connection=connection)
    try:
        connection.open()
    except OSError as error:  # every error of smtplib is one
        raise NotSent from error
    try:
        letter.send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
        if is_for_good(error):
            raise
        raise NotSent from error
    finally:
        connection.close()


def is_for_good(error: Any) -> bool:
    """Answers from 500 on: the server will never take this one."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return any(code >= 500 for code, _ in error.recipients.values())
    return bool(error.smtp_code >= 500)


def try_later(work: Any, *args: Any, tried: int) -> None:
    """The same task, in a while; an error of the journal after the last try, or without a queue that waits."""
    if tried < len(TRIES) and work.get_backend().supports_defer:
        work.using(run_after=timezone.now() + dt.timedelta(minutes=TRIES[tried])).enqueue(
            *args, tried=tried + 1
        )
        return
    logger.error("Le serveur de courriel ne répond pas\u00a0: %s n’est pas parti", work.name)
