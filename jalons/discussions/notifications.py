"""E-mails leave the outbox, each at most once: see docs/adr/0007-outbox.md."""

import contextlib
import logging
import smtplib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from jalons.accounts.models import User
from jalons.backups.selectors import unconfirmed_restoration
from jalons.core.navigation import full_address
from jalons.core.periodic import JobFailed
from jalons.core.values import format_number, plural
from jalons.discussions import services
from jalons.discussions.held import hold_waiting
from jalons.discussions.models import Mail, MailChoice
from jalons.discussions.querysets import TRIES
from jalons.discussions.selectors import may_still_read
from jalons.discussions.topics import stop_sentence

logger = logging.getLogger(__name__)

CLOSING = 421  # the server answers that it is closing, and took nothing
UNSUBSCRIBE = "discussions.unsubscribe"  # salt
SENT, FAILED, UNWANTED = "sent", "failed", "unwanted"
# Said by the server, or before it was asked: the e-mail certainly did not leave.
REFUSALS = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPResponseException,
    smtplib.SMTPNotSupportedError,
    ValueError,
)


class Unreachable(Exception):
    """The server is not there, or went away: no use trying the next e-mail."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What one call did: e-mails `sent`, `failed` (refused), `unwanted` (refused by their reader meanwhile).

    `waiting` counts those left in the outbox, now or for a next try. `uncertain` names, as the journal of the mail
    server does, those of the last week that may or may not have left. `stopped` says why the call ended before
    the last one.
    """

    sent: int
    failed: int
    waiting: int
    unwanted: int = 0
    uncertain: tuple[str, ...] = ()
    stopped: str = ""


def send_queued(*, limit: int = 200) -> Sent:
    """Sends what is ready in the outbox, oldest first, `limit` at most. Not to be called inside a transaction.

    Several processes may call it at once: each e-mail is claimed by one of them.
    """
    done: Counter[str] = Counter()
    stopped = ""
    ready = list(Mail.objects.ready().order_by("pk").values_list("pk", flat=True)[:limit])
    with server() as connection:
        try:
            for pk in ready:
                reach(connection)
                done[deliver(pk, connection)] += 1
        except Unreachable as error:
            stopped = str(error)
    return Sent(
        sent=done[SENT],
        failed=done[FAILED],
        unwanted=done[UNWANTED],
        waiting=Mail.objects.waiting().count(),
        uncertain=tuple(mail.name for mail in Mail.objects.uncertain().order_by("pk")),
        stopped=stopped,
    )


@contextlib.contextmanager
def server() -> Iterator[Any]:
    """One connection for all the e-mails of a call, opened by `reach` when there is one to send."""
    connection = get_connection()
    try:
        yield connection
    finally:
        with contextlib.suppress(OSError):
            connection.close()


def reach(connection: Any) -> None:
    """The server answers, on this connection or on a new one. Nothing is claimed before: `Unreachable`."""
    smtp = getattr(connection, "connection", None)  # other backends have none
    try:
        if smtp is not None and not answers(smtp):
            connection.close()
        connection.open()
    except OSError as error:  # every error of smtplib is one
        raise Unreachable(f"le serveur de courriel ne répond pas ({failure_words(error)})") from error


def answers(smtp: smtplib.SMTP) -> bool:
    try:
        return smtp.noop()[0] < 400
    except OSError:
        return False


def deliver(pk: int, connection: Any) -> str:
    """What became of an e-mail; nothing when another process has it. `Unreachable` ends the call."""
    mail = services.claim_mail(pk=pk)
    if mail is None:
        return ""
    if why := unwanted(mail):
        services.mail_was_refused(mail=mail, error=why, for_good=True)
        return UNWANTED
    try:
        connection.send_messages([letter(mail)])
    except smtplib.SMTPServerDisconnected as error:
        # It may have been accepted just before: nobody will ever know, so it is never sent again.
        services.mail_is_uncertain(
            mail=mail, error=f"Connexion coupée pendant l’envoi ({failure_words(error)})"
        )
        raise Unreachable(f"connexion coupée pendant l’envoi de {mail.name}") from error
    except REFUSALS as error:
        if is_closing(error):
            services.mail_was_left(mail=mail)
            raise Unreachable(
                f"le serveur de courriel demande d’attendre ({failure_words(error)})"
            ) from error
        logger.warning("Courriel %s refusé (essai %s sur %s)", mail.name, mail.attempts, TRIES)
        services.mail_was_refused(mail=mail, error=failure_words(error))
        return FAILED
    services.mail_was_sent(mail=mail)
    return SENT


def unwanted(mail: Mail) -> str:
    """Why its reader is not to receive it, if that changed while it waited."""
    if not mail.user.is_active:
        return "Compte fermé"
    if mail.topic in MailChoice.objects.muted_by(mail.user):
        return "Sujet refusé par la personne"
    return "" if may_still_read(mail.user, mail.about) else "Contenu que la personne ne peut plus lire"


def letter(mail: Mail) -> EmailMultiAlternatives:
    """As it leaves: « Jalons : » before the subject, and how to refuse the next ones at the foot."""
    choices, stop = full_address("discussions:mail_choices"), unsubscribe_address(mail.user, mail.topic)
    # `html` comes from a template of ours, which has escaped what people wrote.
    content = {
        "mail": mail,
        "html": mark_safe(mail.html),
        "choices": choices,
        "stop_url": stop,
        "stop": stop_sentence(mail.topic),
    }
    headers = {
        "Message-ID": f"<{mail.name}@{urlsplit(settings.ORIGIN).hostname}>",
        "Auto-Submitted": "auto-generated",  # RFC 3834: no « absent du bureau » in return
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058: the reader’s mail posts there by itself
    }
    message = EmailMultiAlternatives(
        subject=f"Jalons\u00a0: {mail.subject}",
        body=render_to_string("discussions/mail/letter.txt", content),
        to=[mail.user.email],
        headers=headers,
    )
    if mail.html:
        message.attach_alternative(render_to_string("discussions/mail/letter.html", content), "text/html")
    return message


def unsubscribe_address(user: User, topic: str) -> str:
    """Signed, for this person and topic: it needs no sign-in, never expires, and says nothing of who it is."""
    return full_address("discussions:unsubscribe", signing.dumps([user.pk, topic], salt=UNSUBSCRIBE))


def unsubscribing(token: str) -> tuple[User, str] | None:
    """Whose and of what; None for an address that is not ours."""
    try:
        pk, topic = signing.loads(token, salt=UNSUBSCRIBE)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=pk).first()
    return (user, topic) if user else None


def is_closing(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code == CLOSING for code, _ in error.recipients.values())
    return getattr(error, "smtp_code", 0) == CLOSING


def failure_words(error: Exception) -> str:
    """What the server said, or the name of the accident."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return " ; ".join(reply(code, text) for code, text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return reply(error.smtp_code, error.smtp_error)
    return str(error) or type(error).__name__


def reply(code: int, text: bytes | str) -> str:
    return f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"


def send_mails() -> str:
    """The periodic job. `JobFailed` when the server could not be reached to the end."""
    if restoration := unconfirmed_restoration():
        hold_waiting()
        count = Mail.objects.held().count()
        raise JobFailed(
            f"{counted(count, 'courriel gardé', 'courriels gardés')} à confirmer depuis la restauration du "
            f"{restoration}\u00a0: voir manage.py held_mails."
        )
    done = send_queued()
    sentence = in_words(done)
    if done.stopped:
        raise JobFailed(f"{done.stopped}. {sentence}")
    return sentence


def in_words(done: Sent) -> str:
    """« 12 courriels envoyés, 1 refusé, 3 en attente. »"""
    parts = [counted(done.sent, "courriel envoyé", "courriels envoyés")]
    if done.failed:
        parts.append(counted(done.failed, "refusé", "refusés"))
    if done.unwanted:
        parts.append(counted(done.unwanted, "abandonné", "abandonnés"))
    if done.waiting:
        parts.append(f"{format_number(done.waiting)} en attente")
    if done.uncertain:
        parts.append(
            f"{counted(len(done.uncertain), 'incertain', 'incertains')} ({', '.join(done.uncertain)})"
        )
    return f"{', '.join(parts)}."


def counted(count: int, singular: str, several: str) -> str:
    return f"{format_number(count)} {plural(count, singular, several)}"
