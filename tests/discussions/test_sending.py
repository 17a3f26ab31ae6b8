"""The outbox, emptied into a real mail server."""

import datetime as dt
import io
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.mail.backends.smtp import EmailBackend
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from jalons.accounts.models import User
from jalons.discussions.models import Mail
from jalons.discussions.notifications import Sent, in_words, send_queued
from jalons.discussions.querysets import IN_PROGRESS, PAUSE
from jalons.discussions.services import queue_mail, set_mail_choices
from tests import factories
from tests.mailbox import Mailbox, free_port, point_to, serving

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("two_topics")]


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    with serving(Mailbox(), settings) as mailbox:
        yield mailbox


def queue(user: User, key: str = "news/1", **given: Any) -> Mail:
    content = {"topic": "tests.news", "subject": "Bonjour", "body": "Il pleut.", **given}
    mail = queue_mail(key=key, user=user, **content)
    assert mail is not None
    return mail


def queue_several(count: int) -> list[Mail]:
    return [queue(factories.make_user(), f"news/{number}") for number in range(count)]


def later(delay: dt.timedelta) -> None:
    """As if what happened to the e-mails had happened `delay` and a minute before."""
    for mail in Mail.objects.exclude(claimed_at=None):
        for name in ("claimed_at", "failed_at"):
            if told := getattr(mail, name):
                Mail.objects.filter(pk=mail.pk).update(**{name: told - delay - dt.timedelta(minutes=1)})


def test_what_is_received_is_what_was_written(mailbox: Mailbox) -> None:
    user = factories.make_user(email="zoe@exemple.test")
    subject, body = (
        "Échéance\u00a0: à Œuf-en-Ternois, le 30\u00a0juin",
        "Bonjour Zoé,\n\n1\u202f240 €\u00a0!\n" + "é" * 1200,
    )
    queue(user, subject=subject, body=body, html="<p>Bonjour <b>Zoé</b>\u00a0!</p>")
    assert send_queued() == Sent(sent=1, failed=0, waiting=0)
    (received,) = mailbox.received
    assert received["To"] == "zoe@exemple.test"
    # Django folds a long subject before its first word: RFC 5322 allows it, and readers drop the space.
    assert received["Subject"].removeprefix(" ") == f"Jalons\u00a0: {subject}"
    assert received["Auto-Submitted"] == "auto-generated"
    text = received.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert text.startswith(body)
    stop = received["List-Unsubscribe"].strip(" <>")  # a long header is folded
    assert stop.startswith("https://jalons.exemple.test/courriels/arret/")
    assert f"Ne plus recevoir ces nouvelles\u00a0: {stop}" in text
    assert "https://jalons.exemple.test/compte/courriels/" in text
    html = received.get_body(("html",)).get_content()
    assert "<p>Bonjour <b>Zoé</b>\u00a0!</p>" in html
    assert f'<a href="{stop}">Ne plus recevoir ces nouvelles</a>' in html
    # What the server's journal calls it is what the command would call it.
    assert received["Message-ID"] == f"<{Mail.objects.get().name}@jalons.exemple.test>"


def test_plain_text_alone_when_there_is_no_html(mailbox: Mailbox) -> None:
    queue(factories.make_user(), body="<b> & « rien » d’échappé")
    send_queued()
    (received,) = mailbox.received
    assert received.get_content_type() == "text/plain"
    assert "<b> & « rien » d’échappé" in received.get_content()


def test_no_header_comes_in_with_a_subject(mailbox: Mailbox) -> None:
    queue(factories.make_user(), subject="Rappel\r\nBcc: intrus@exemple.test\r\n\r\nTexte faux")
    send_queued()
    (received,) = mailbox.received
    assert received["Bcc"] is None
    assert "intrus@exemple.test" in received["Subject"]


def test_a_subject_forced_into_the_table_is_refused_not_sent(mailbox: Mailbox) -> None:
    queue(factories.make_user())
    Mail.objects.update(subject="Rappel\nBcc: intrus@exemple.test")
    assert send_queued() == Sent(sent=0, failed=1, waiting=1)
    assert mailbox.received == []


def test_a_second_run_sends_nothing(mailbox: Mailbox) -> None:
    queue_several(3)
    assert send_queued(limit=2) == Sent(sent=2, failed=0, waiting=1)
    assert send_queued() == Sent(sent=1, failed=0, waiting=0)
    assert send_queued() == Sent(sent=0, failed=0, waiting=0)
    assert len(mailbox.received) == 3


def test_one_connection_for_all(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[bool] = []
    real = EmailBackend.open

    def counted(self: EmailBackend) -> Any:
        opened.append(bool(new := real(self)))
        return new

    monkeypatch.setattr(EmailBackend, "open", counted)
    queue_several(4)
    send_queued()
    assert opened.count(True) == 1


class Slow(Mailbox):
    """Long enough at each letter for two senders to meet."""

    def handle_message(self, message: Any) -> None:
        time.sleep(0.01)
        super().handle_message(message)


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_mail_once(settings: Any) -> None:
    queue_several(20)
    start, done = threading.Barrier(2), []

    def send() -> None:
        try:
            start.wait()
            done.append(send_queued())
        finally:
            connection.close()

    with serving(Slow(), settings) as mailbox:
        threads = [threading.Thread(target=send) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    recipients = [letter["To"] for letter in mailbox.received]
    assert len(recipients) == len(set(recipients)) == 20
    assert sum(one.sent for one in done) == 20


class Choosy(Mailbox):
    """Refuses some recipients, as long as it is told to."""

    refused: tuple[str, ...] = ()
    answer = "550 5.1.1 boîte inconnue"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.refused:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"


def test_a_refused_recipient_does_not_stop_the_others(settings: Any, caplog: Any) -> None:
    first, second = queue_several(2)
    with serving(Choosy(), settings) as mailbox:
        assert isinstance(mailbox, Choosy)
        mailbox.refused = (first.user.email,)
        assert send_queued() == Sent(sent=1, failed=1, waiting=1)
        assert [letter["To"] for letter in mailbox.received] == [second.user.email]
        first.refresh_from_db()
        assert first.error.startswith("550 5.1.1")
        assert first.user.email not in caplog.text, "le journal de Jalons ne nomme personne"
        assert send_queued() == Sent(sent=0, failed=0, waiting=1), "réessayé avant une heure"
        mailbox.refused = ()
        later(PAUSE)
        assert send_queued() == Sent(sent=1, failed=0, waiting=0)
    first.refresh_from_db()
    assert (first.attempts, first.failed_at, first.error) == (2, None, "")
    assert first.sent_at


def test_three_refusals_are_enough(settings: Any) -> None:
    (mail,) = queue_several(1)
    with serving(Choosy(), settings) as mailbox:
        assert isinstance(mailbox, Choosy)
        mailbox.refused = (mail.user.email,)
        results = []
        for _ in range(5):
            results.append(send_queued())
            later(PAUSE)
    assert [one.failed for one in results] == [1, 1, 1, 0, 0]
    assert [one.waiting for one in results] == [1, 1, 0, 0, 0]


def test_no_server(settings: Any) -> None:
    queue_several(3)
    point_to(settings, free_port())
    done = send_queued()
    assert (done.sent, done.failed, done.waiting) == (0, 0, 3)
    assert "le serveur de courriel ne répond pas" in done.stopped
    assert not Mail.objects.exclude(claimed_at=None, attempts=0).exists(), "un courriel a été pris pour rien"
    out = io.StringIO()
    with pytest.raises(CommandError, match="Envoi des courriels"):
        call_command("periodic", stdout=out)
    assert out.getvalue().count("ne répond pas") == 1
    assert "3 en attente" in out.getvalue()


def test_nothing_to_send_asks_nothing_of_the_server(settings: Any) -> None:
    point_to(settings, free_port())
    assert send_queued() == Sent(sent=0, failed=0, waiting=0)


class Busy(Mailbox):
    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        return "421 4.3.2 le service ferme"


def test_a_server_that_asks_to_wait_is_left_alone(settings: Any) -> None:
    queue_several(2)
    with serving(Busy(), settings):
        done = send_queued()
    assert (done.sent, done.failed, done.waiting) == (0, 0, 2)
    assert "demande d’attendre (421" in done.stopped
    with serving(Mailbox(), settings) as mailbox:
        assert send_queued().sent == 2, "rien n’avait été accepté : tout repart, sans attendre une heure"
    assert len(mailbox.received) == 2


class Impatient(Mailbox):
    """Closes the connection between two letters, as servers do after a while."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.handle_message(self.prepare_message(session, envelope))
        server.loop.call_soon(server.transport.close)  # what was answered is sent first
        return "250 OK"


def test_a_connection_closed_between_two_letters_is_opened_again(settings: Any, monkeypatch: Any) -> None:
    queue_several(3)
    real = EmailBackend.send_messages

    def then_see_it_closed(self: EmailBackend, letters: Any) -> int:
        sent = real(self, letters)
        assert self.connection.sock.recv(1) == b""  # waits until the server has closed
        return sent

    monkeypatch.setattr(EmailBackend, "send_messages", then_see_it_closed)
    with serving(Impatient(), settings) as mailbox:
        assert send_queued() == Sent(sent=3, failed=0, waiting=0)
    assert len(mailbox.received) == 3


class Cutting(Mailbox):
    """Takes the letter, then goes away without a word."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.handle_message(self.prepare_message(session, envelope))
        server.transport.abort()
        return "250 OK"


def test_an_answer_that_never_came_is_never_asked_again(settings: Any) -> None:
    first, second = queue_several(2)
    with serving(Cutting(), settings) as cutting:
        done = send_queued()
    assert len(cutting.received) == 1
    assert (done.sent, done.failed, done.waiting) == (0, 0, 1)
    assert "connexion coupée pendant l’envoi" in done.stopped
    assert done.uncertain == (), "un envoi en cours n’est pas encore incertain"
    later(IN_PROGRESS)
    with serving(Mailbox(), settings) as mailbox:
        done = send_queued()
    assert [letter["To"] for letter in mailbox.received] == [second.user.email]
    first.refresh_from_db()
    assert done == Sent(sent=1, failed=0, waiting=0, uncertain=(first.name,))
    assert "Connexion coupée" in first.error


class Killed(BaseException):
    """What kill -9 does to a process, as seen from inside: nothing after runs."""


def test_a_crash_between_the_claim_and_the_end(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    (mail,) = queue_several(1)

    def die(self: EmailBackend, letters: Any) -> int:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", die)
        with pytest.raises(Killed):
            send_queued()
    later(IN_PROGRESS)
    out = io.StringIO()
    call_command("periodic", stdout=out)
    assert mailbox.received == []
    mail.refresh_from_db()
    assert f"1 incertain ({mail.name})" in out.getvalue()
    later(dt.timedelta(days=7))
    assert send_queued().uncertain == (), "on n’en parle pas sans fin"
    assert mailbox.received == []


def test_who_refuses_meanwhile_receives_nothing(mailbox: Mailbox) -> None:
    muted, gone, other = queue_several(3)
    set_mail_choices(user=muted.user, muted={"tests.news"})
    User.objects.filter(pk=gone.user.pk).update(is_active=False)
    assert send_queued() == Sent(sent=1, failed=0, waiting=0, unwanted=2)
    assert [letter["To"] for letter in mailbox.received] == [other.user.email]
    set_mail_choices(user=muted.user, muted=set())
    later(PAUSE)
    assert send_queued().sent == 0


def test_the_sentence() -> None:
    assert in_words(Sent(0, 0, 0)) == "0 courriel envoyé."
    done = Sent(1200, 1, 3, unwanted=2, uncertain=("jalons.1", "jalons.2"))
    assert in_words(done) == (
        "1\u202f200 courriels envoyés, 1 refusé, 2 abandonnés, 3 en attente, 2 incertains (jalons.1, jalons.2)."
    )


@pytest.mark.django_db(transaction=True)
def test_not_inside_a_transaction(mailbox: Mailbox) -> None:
    """The claim would not be seen by the others before the letter has left."""
    queue(factories.make_user())
    with transaction.atomic(), pytest.raises(RuntimeError):
        send_queued()
    assert mailbox.received == []
