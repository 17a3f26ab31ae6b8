"""What enters the outbox, and what does not."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from jalons.accounts.models import User
from jalons.discussions.models import Mail, MailChoice
from jalons.discussions.services import claim_mail, mail_was_refused, queue_mail, set_mail_choices
from tests import factories

pytestmark = pytest.mark.usefixtures("two_topics")
on_database = pytest.mark.django_db


def queue(user: User, key: str = "news/2020-06-30", **given: Any) -> Mail | None:
    return queue_mail(
        **{
            "key": key,
            "user": user,
            "topic": "tests.news",
            "subject": "Bonjour",
            "body": "Il pleut.",
            **given,
        }
    )


@on_database
def test_a_key_is_used_once() -> None:
    ada, leo = factories.make_user(), factories.make_user()
    first = queue(ada)
    assert first is not None
    assert queue(ada, subject="Autre chose") is None
    assert queue(leo) is None, "la clé est celle du courriel, pas de la personne"
    assert Mail.objects.get().subject == "Bonjour"
    # Nothing is broken: the caller's transaction goes on.
    assert queue(leo, "news/2020-06-30/leo") is not None


@pytest.mark.django_db(transaction=True)
def test_it_leaves_only_with_what_it_tells() -> None:
    user = factories.make_user()

    def write_then_fail() -> None:
        with transaction.atomic():
            queue(user)
            raise ValueError("non")

    with pytest.raises(ValueError, match="non"):
        write_then_fail()
    assert not Mail.objects.exists()
    assert queue(user) is not None, "la clé est redevenue libre"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_one_key() -> None:
    user = factories.make_user()
    found = together(lambda: queue(user))
    assert [mail is None for mail in found].count(True) == 1
    assert Mail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_claim_one_mail() -> None:
    mail = queue(factories.make_user())
    assert mail is not None
    pk = mail.pk
    found = together(lambda: claim_mail(pk=pk))
    assert [claimed is None for claimed in found].count(True) == 1
    assert Mail.objects.get().attempts == 1


def together(work: Callable[[], Any]) -> list[Any]:
    """The answers of two threads that do the same thing at the same time."""
    start, answers = threading.Barrier(2), []

    def go() -> None:
        try:
            start.wait()
            answers.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 2
    return answers


@on_database
def test_nobody_is_written_to_against_their_will() -> None:
    user, gone = factories.make_user(), factories.make_user()
    set_mail_choices(user=user, muted={"tests.news"})
    assert queue(user) is None
    assert queue(user, topic="tests.evening") is not None
    User.objects.filter(pk=gone.pk).update(is_active=False)
    gone.refresh_from_db()
    assert queue(gone, "autre") is None


@on_database
def test_a_topic_is_declared() -> None:
    user = factories.make_user()
    with pytest.raises(LookupError, match=r"tests\.night"):
        queue(user, topic="tests.night")
    with pytest.raises(LookupError, match=r"tests\.night"):
        set_mail_choices(user=user, muted={"tests.night"})


@pytest.mark.parametrize(
    ("subject", "kept"),
    [
        ("Rappel\r\nBcc: autre@exemple.test", "Rappel  Bcc: autre@exemple.test"),
        ("Rappel\u2028Bcc: x\x00\x85", "Rappel Bcc: x"),
        ("Échéance\u00a0: 30 juin", "Échéance\u00a0: 30 juin"),
        ("é" * 300, "é" * 199 + "…"),
    ],
)
@on_database
def test_a_subject_is_one_line(subject: str, kept: str) -> None:
    assert queue(factories.make_user(), subject=subject)
    assert Mail.objects.get().subject == kept


@on_database
def test_a_body_keeps_its_lines_and_loses_what_no_server_takes() -> None:
    assert queue(factories.make_user(), body="un\r\ndeux\rtrois\x00\x1b\tquatre")
    assert Mail.objects.get().body == "un\ndeux\ntrois\tquatre"


@on_database
def test_choices_write_only_what_changes() -> None:
    user = factories.make_user()
    set_mail_choices(user=user, muted=set())
    assert not MailChoice.objects.exists()
    set_mail_choices(user=user, muted={"tests.news"})
    before = MailChoice.objects.get().changed_at
    set_mail_choices(user=user, muted={"tests.news"})
    assert MailChoice.objects.get().changed_at == before
    set_mail_choices(user=user, muted={"tests.evening"})
    assert MailChoice.objects.muted_by(user) == {"tests.evening"}
    assert not MailChoice.objects.muted_by(factories.make_user())


@on_database
def test_three_tries_an_hour_apart() -> None:
    mail = queue(factories.make_user())
    for attempt in (1, 2, 3):
        mail = claim_mail(pk=Mail.objects.get().pk)
        assert mail is not None
        assert mail.attempts == attempt
        assert claim_mail(pk=mail.pk) is None, "pris deux fois"
        mail_was_refused(mail=mail, error="non")
        earlier(minutes=59)
        assert claim_mail(pk=mail.pk) is None, "repris trop tôt"
        earlier(minutes=2)
    assert claim_mail(pk=mail.pk) is None
    assert not Mail.objects.waiting().exists()


def earlier(*, minutes: int) -> None:
    """As if the last refusal were that much older."""
    mail = Mail.objects.get()
    assert mail.failed_at
    Mail.objects.update(failed_at=mail.failed_at - dt.timedelta(minutes=minutes))


@on_database
def test_the_database_refuses_a_mail_both_sent_and_refused() -> None:
    queue(factories.make_user())
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.update(claimed_at=now, sent_at=now, failed_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.update(sent_at=now)
