"""Writing comments, and the outbox of e-mails."""

import unicodedata
from collections.abc import Set
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from jalons.accounts.models import User
from jalons.core.form_fields import no_control_characters
from jalons.core.values import format_number
from jalons.discussions.models import ERROR_LENGTH, SUBJECT_LENGTH, Comment, Mail, MailChoice
from jalons.discussions.querysets import TRIES
from jalons.discussions.topics import must_be_declared, topics
from jalons.history.services import Actor

NOTHING = "Écrivez quelque chose avant d’ajouter le commentaire."


@transaction.atomic
def add_comment(*, subject: Any, text: str, by: Actor) -> Comment:
    """A comment on `subject`, in plain text. `ValidationError` for one that is empty or too long."""
    comment = Comment(subject=subject, text=plain_text(text), author=by.user, organisation=by.organisation)
    comment.save(force_insert=True)
    return comment


def plain_text(text: str) -> str:
    """The text as it is kept: one kind of line end, composed accents, no blank around."""
    written = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not written:
        raise ValidationError(NOTHING, code="required")
    longest = settings.COMMENT_MAX_LENGTH
    if len(written) > longest:
        raise ValidationError(
            f"Ce commentaire a {format_number(len(written))} caractères\u00a0: {format_number(longest)} au plus. "
            "Raccourcissez-le, ou joignez un document.",
            code="max_length",
        )
    no_control_characters(written)
    return written


@transaction.atomic
def withdraw_comment(*, comment: Comment, by: Actor) -> None:
    """Hide one’s own comment from everybody, with the trace of who and when. Once withdrawn, nothing more happens."""
    if comment.author_id != by.user.pk:
        raise PermissionDenied("Seule la personne qui a écrit un commentaire peut le retirer.")
    Comment.objects.standing().filter(pk=comment.pk).update(
        withdrawn_at=timezone.now(), withdrawn_by=by.user, withdrawn_for=by.organisation
    )


# The outbox ------------------------------------------------------------------------------------------------


@transaction.atomic
def queue_mail(*, key: str, user: User, topic: str, subject: str, body: str, html: str = "") -> Mail | None:
    """Puts an e-mail in the outbox, inside the caller's transaction: it leaves only if that one is committed.

    `key` names the e-mail for ever (« reminder/2020-06-30/due/12 », 200 letters at most): whatever was queued
    under it is never queued again. `subject` comes without « Jalons : », `body` without a foot; `html` is a
    fragment already escaped. None when the person refuses the topic, has no active account, or the key is
    taken; `LookupError` for a topic that nobody declared.
    """
    must_be_declared({topic})
    if not user.is_active or topic in MailChoice.objects.muted_by(user):
        return None
    content = {"subject": one_line(subject), "body": visible(body), "html": visible(html)}
    mail, created = Mail.objects.get_or_create(key=key, defaults={"user": user, "topic": topic, **content})
    return mail if created else None


def one_line(text: str) -> str:
    """A subject that holds in its column and cannot carry another header: what is beyond is cut with « … »."""
    line = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text).strip(" ")
    return line if len(line) <= SUBJECT_LENGTH else f"{line[: SUBJECT_LENGTH - 1]}…"


def visible(text: str) -> str:
    """Without the characters that a database or a mail server refuses; one kind of line end."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


@transaction.atomic(durable=True)
def claim_mail(*, pk: int) -> Mail | None:
    """Takes an e-mail for this process alone; None when another has it, or it may not leave.

    Committed before anything is sent: whatever happens next, it is not taken again unless it was refused.
    """
    taken = Mail.objects.ready().filter(pk=pk)
    # One statement: the second of two processes waits for the first, then finds nothing that is ready.
    if not taken.update(claimed_at=timezone.now(), failed_at=None, error="", attempts=F("attempts") + 1):
        return None
    return Mail.objects.select_related("user").get(pk=pk)


@transaction.atomic
def mail_was_sent(*, mail: Mail) -> None:
    Mail.objects.filter(pk=mail.pk).update(sent_at=timezone.now())


@transaction.atomic
def mail_was_refused(*, mail: Mail, error: str, for_good: bool = False) -> None:
    """The server did not take it, or `for_good` nobody is to receive it any more."""
    attempts = TRIES if for_good else mail.attempts
    written = {"failed_at": timezone.now(), "attempts": attempts, "error": short(error)}
    Mail.objects.filter(pk=mail.pk).update(**written)


@transaction.atomic
def mail_was_left(*, mail: Mail) -> None:
    """The server asked to come back later, and certainly did not take it: as if it had not been claimed."""
    Mail.objects.filter(pk=mail.pk).update(claimed_at=None, attempts=F("attempts") - 1)


@transaction.atomic
def mail_is_uncertain(*, mail: Mail, error: str) -> None:
    """It stays claimed, with what is known of the accident."""
    Mail.objects.filter(pk=mail.pk).update(error=short(error))


def short(error: str) -> str:
    return visible(error).replace("\n", " ")[:ERROR_LENGTH]


@transaction.atomic
def set_mail_choices(*, user: User, muted: Set[str]) -> None:
    """Of the topics declared today, `muted` are refused and the others received. Only what changes is written."""
    must_be_declared(muted)
    known = {topic.code for topic in topics()}
    changed = (MailChoice.objects.muted_by(user) & known) ^ muted
    for code in sorted(changed):  # in one order: two requests at once wait for each other
        choice = {"muted": code in muted, "changed_at": timezone.now()}
        MailChoice.objects.update_or_create(user=user, topic=code, defaults=choice)


def erase_mails(user: User) -> None:
    """What Jalons wrote to somebody whose account is erased; the keys stay, so that nothing leaves twice."""
    written = Mail.objects.filter(user=user)
    written.filter(sent_at__isnull=True, failed_at__isnull=True).update(
        claimed_at=timezone.now(), failed_at=timezone.now(), attempts=TRIES
    )
    written.update(subject="", body="", html="", error="")
    MailChoice.objects.filter(user=user).delete()
