"""Writing comments, and the outbox of e-mails."""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string

from jalons.accounts.models import User
from jalons.accounts.subjects import subject_of
from jalons.core.form_fields import no_control_characters
from jalons.core.values import format_number, join_and
from jalons.discussions.enums import Frequency, NewsKind
from jalons.discussions.followed import followed_of
from jalons.discussions.models import (
    ERROR_LENGTH,
    SUBJECT_LENGTH,
    Comment,
    DigestWeek,
    Favourite,
    Mail,
    MailChoice,
    Subscription,
)
from jalons.discussions.querysets import TRIES
from jalons.discussions.readers import MENTION as MENTION_SIGN
from jalons.discussions.readers import ReaderList, reader_list_of
from jalons.discussions.topics import must_be_declared, topics
from jalons.history.services import Actor

NOTHING = "Écrivez quelque chose avant d’ajouter le commentaire."
NOBODY = (
    "Cochez au moins une structure ou une personne, ou choisissez "
    "«\u00a0Toutes les personnes qui voient cette fiche\u00a0»."
)
NOT_A_READER = (
    "Une personne ou une structure choisie ne peut plus lire cette fiche. Retirez-la de votre choix."
)
MENTION = "mention"


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom a comment is kept: primary keys of organisations and of people who may read what it is under."""

    organisations: Sequence[int] = ()
    people: Sequence[int] = ()


@transaction.atomic
def add_comment(*, subject: Any, text: str, by: Actor, audience: Audience | None = None) -> Comment:
    """A comment on `subject`, in plain text; `audience`: for these only. Those whom it names are told by e-mail.

    `ValidationError` for one that is empty or too long, kept for nobody, kept for or naming somebody who may not read
    it.
    """
    written = plain_text(text)
    readers = reader_list_of(subject) if audience or MENTION_SIGN in written else ReaderList([])
    mentioned = check_readers(written, readers, audience, by)
    comment = Comment(subject=subject, text=written, author=by.user, organisation=by.organisation)
    comment.restricted = audience is not None
    comment.save(force_insert=True)
    if audience:
        comment.for_organisations.set(audience.organisations)
        comment.for_people.set(audience.people)
    comment.mentioned.set(mentioned)
    tell_mentioned(comment, subject, mentioned)
    if tell := subject_of(subject).commented:
        import_string(tell)(comment=comment, subject=subject)
    return comment


def check_readers(text: str, readers: ReaderList, audience: Audience | None, by: Actor) -> Sequence[User]:
    """The people that `text` names. `ValidationError` as in `add_comment`."""
    if audience:
        if not (audience.organisations or audience.people):
            raise ValidationError(NOBODY, code="nobody")
        if not readers.organisations.keys() >= {*audience.organisations} or not readers.people.keys() >= {
            *audience.people
        }:
            raise ValidationError(NOT_A_READER, code="not_a_reader")
        readers = readers.among(organisations=audience.organisations, people=audience.people, author=by.user)
    mentions = readers.mentioned_in(text)
    if mentions.unknown:
        names = join_and([f"«\u00a0{name}\u00a0»" for name in mentions.unknown])
        whose = "à qui ce commentaire est réservé" if audience else "qui peuvent lire cette fiche"
        raise ValidationError(
            f"{names}\u00a0: personne de ce nom parmi celles {whose}. Corrigez le nom, ou retirez le signe @.",
            code="mention",
        )
    return mentions.people


def tell_mentioned(comment: Comment, subject: Any, people: Iterable[User]) -> None:
    """An e-mail to each, but to the author: where, not what. It is not sent to who may not read it any more."""
    kind, link = subject_of(subject).kind, f"{settings.ORIGIN}{subject_of(subject).url(subject)}"
    for user in people:
        if user.pk == comment.author_id:
            continue
        queue_mail(
            key=f"{MENTION}/{comment.public_id}/{user.pk}",
            user=user,
            topic=MENTION,
            subject=f"{comment.author} vous a nommé dans un commentaire",
            body=f"{comment.author} ({comment.organisation}) vous a nommé dans un commentaire sur "
            f"«\u00a0{subject}\u00a0».\n\nLe lire et répondre\u00a0:\n{link}",
            about=[f"{kind}:{subject.public_id}", f"comment:{comment.public_id}"],
        )


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
def queue_mail(
    *,
    key: str,
    user: User,
    topic: str,
    subject: str,
    body: str,
    html: str = "",
    about: Sequence[str] = (),
    news: Sequence[str] = (),
) -> Mail | None:
    """Puts an e-mail in the outbox, inside the caller's transaction: it leaves only if that one is committed.

    `key` names the e-mail for ever (« reminder/2020-06-30/due/12 », 200 letters at most): whatever was queued
    under it is never queued again. `subject` comes without « Jalons : », `body` without a foot; `html` is a
    fragment already escaped; `about`, what its reader must still be allowed to read when it leaves (see
    `selectors.may_still_read`). None when the person refuses the topic, has no active account, or the key is
    taken; `LookupError` for a topic that nobody declared.
    """
    must_be_declared({topic})
    if not user.is_active or topic in MailChoice.objects.muted_by(user):
        return None
    content = {
        "subject": one_line(subject),
        "body": visible(body),
        "html": visible(html),
        "about": list(about),
        "news": list(news),
    }
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
    for model in (MailChoice, Favourite, Subscription):
        model._default_manager.filter(user=user).delete()


@transaction.atomic
def refuse_topic(*, user: User, topic: str) -> None:
    """One topic is refused, the others stay as they were. Done twice, nothing more happens."""
    must_be_declared({topic})
    choice = {"muted": True, "changed_at": timezone.now()}
    MailChoice.objects.update_or_create(user=user, topic=topic, defaults=choice)


# What one stars and follows --------------------------------------------------------------------------------


@transaction.atomic
def set_favourite(*, user: User, obj: Any, on: bool) -> None:
    named = {"user": user, "kind": followed_of(obj).kind, "object_id": obj.pk}
    if on:
        Favourite.objects.get_or_create(**named)
    else:
        Favourite.objects.filter(**named).delete()


@transaction.atomic
def follow(
    *, user: User, target: str, target_key: str, frequency: Frequency, events: Iterable[NewsKind]
) -> Subscription:
    """Subscribes, or changes how: one subscription for each thing followed."""
    wanted = {"frequency": frequency, "events": tuple(events)}
    subscription, _ = Subscription.objects.update_or_create(
        user=user, target=target, target_key=target_key, defaults=wanted
    )
    return subscription


@transaction.atomic
def stop_following(*, subscription: Subscription) -> None:
    Subscription.objects.filter(pk=subscription.pk).delete()


@transaction.atomic
def hand_over(*, leaving: Any, staying: Any) -> None:
    """Two things become one (a duplicate is merged): who starred or followed the first has the second."""
    kind = followed_of(staying).kind
    stars = Favourite.objects.filter(kind=kind)
    here = list(stars.filter(object_id=staying.pk).values_list("user", flat=True))
    stars.filter(object_id=leaving.pk).exclude(user__in=here).update(object_id=staying.pk)
    rows = Subscription.objects.filter(target=kind)
    ours = list(rows.filter(target_key=str(staying.pk)).values_list("user", flat=True))
    rows.filter(target_key=str(leaving.pk)).exclude(user__in=ours).update(target_key=str(staying.pk))


@transaction.atomic
def finish_week(*, monday: dt.date) -> None:
    DigestWeek.objects.get_or_create(monday=monday)
