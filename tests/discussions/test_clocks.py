"""A mail server that is away for an hour, a clock that is set back by one: nothing lost, nothing twice."""

import datetime as dt
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP
from django.contrib.sessions.models import Session
from django.core import mail as django_mail
from django.test import Client
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from jalons.core.periodic import JobFailed
from jalons.discussions.models import Comment, Mail
from jalons.discussions.notifications import send_mails, send_queued
from jalons.discussions.services import add_comment, queue_mail
from jalons.history.models import FOREVER
from jalons.history.services import correct, enter, save_record
from jalons.sites.models import Survey
from tests import factories
from tests.factories import BACKEND, Cast
from tests.mailbox import Mailbox, free_port, point_to, serving

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("two_topics")]
Move = Callable[[dt.timedelta], None]
FIVE_MINUTES, HOUR = dt.timedelta(minutes=5), dt.timedelta(hours=1)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Move:
    """Moves what Jalons takes for now; the tests do not sleep."""
    real, moved = timezone.now, [dt.timedelta()]
    monkeypatch.setattr(timezone, "now", lambda: real() + moved[0])

    def move(by: dt.timedelta) -> None:
        moved[0] += by

    return move


def queue(count: int) -> None:
    for number in range(count):
        content = {"topic": "tests.news", "subject": f"Nouvelle {number}", "body": "Il pleut."}
        assert queue_mail(key=f"news/{number}", user=factories.make_user(), **content)


# The mail server is away -----------------------------------------------------------------------------------


def test_an_hour_without_a_mail_server(settings: Any, clock: Move) -> None:
    queue(5)
    point_to(settings, free_port())
    for _ in range(12):
        with pytest.raises(JobFailed, match="5 en attente"):
            send_mails()
        clock(FIVE_MINUTES)
    assert not Mail.objects.exclude(attempts=0, claimed_at=None, sent_at=None).exists()
    mailbox = Mailbox()
    with serving(mailbox, settings):
        assert send_mails() == "5 courriels envoyés."
        clock(FIVE_MINUTES)
        assert send_mails() == "0 courriel envoyé."
    assert [letter["Subject"].rpartition(" ")[2] for letter in mailbox.received] == list("01234")


class Full(Mailbox):
    """A server that answers « come back later » (a full disk, a grey list), to everybody."""

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: Any) -> str:
        return "452 4.3.1 Insufficient system storage"


def test_an_hour_with_a_server_that_takes_nothing(settings: Any, clock: Move) -> None:
    queue(2)
    with serving(Full(), settings):
        for _ in range(12):
            send_mails()
            clock(FIVE_MINUTES)
    mailbox = Mailbox()
    with serving(mailbox, settings):
        clock(HOUR)
        send_mails()
        send_mails()
    assert len(mailbox.received) == 2


@pytest.fixture
def worker(settings: Any) -> Callable[[], None]:
    """Does what the real one does of each task that is due, in the transaction of the test."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    real = Worker(
        queue_names=["*"], excluded_queue_names=[], interval=0, batch=True, backend_name="default",
        startup_delay=False, max_tasks=None, worker_id="tests",
    )  # fmt: skip

    def run() -> None:
        while task := DBTaskResult.objects.ready().first():
            task.claim(real.worker_id)
            real.run_task(task)

    return run


def time_passes() -> None:
    """What was put off is due."""
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now() - HOUR)


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("/mot-de-passe/oublie/", r"/mot-de-passe/nouveau/\S+"),
        ("/connexion/lien/", r"/connexion/lien/\S+"),
    ],
)
def test_a_link_asked_for_meanwhile_comes_when_the_server_does(
    address: str, link: str, settings: Any, worker: Callable[[], None], client: Client, clock: Move
) -> None:
    user = factories.make_user(email="camille@exemple.test")
    point_to(settings, free_port())
    for _ in range(2):  # not having received anything, the person asks again
        client.post(address, {"email": user.email})
        worker()
    for _ in range(5):
        time_passes()
        worker()
        assert DBTaskResult.objects.filter(status="READY").count() == 2
    mailbox = Mailbox()
    with serving(mailbox, settings):
        for _ in range(3):
            time_passes()
            worker()
    (letter,) = mailbox.received
    found = re.search(link, letter.get_body(("plain",)).get_content())
    assert found
    page = Client().get(found[0], follow=True).content.decode()
    assert "n’est plus valable" not in page
    assert not DBTaskResult.objects.filter(status="READY").exists()


def test_a_server_that_never_comes_back_is_told_in_the_journal(
    settings: Any, worker: Callable[[], None], client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    user = factories.make_user(email="camille@exemple.test")
    point_to(settings, free_port())
    client.post("/mot-de-passe/oublie/", {"email": user.email})
    for _ in range(12):
        worker()
        time_passes()
    assert not DBTaskResult.objects.filter(status="READY").exists()
    assert caplog.text.count("n’est pas parti") == 1
    assert user.email not in caplog.text


# The clock is set back by one hour -------------------------------------------------------------------------


def test_a_refused_mail_is_tried_again_all_the_same(settings: Any, clock: Move) -> None:
    queue(1)
    with serving(Full(), settings):
        send_queued()
    clock(-HOUR)
    mailbox = Mailbox()
    with serving(mailbox, settings):
        assert send_queued().waiting == 1
        clock(2 * HOUR + FIVE_MINUTES)
        assert send_queued().sent == 1
        assert send_queued().sent == 0
    assert len(mailbox.received) == 1


def test_a_mail_queued_before_leaves_before(settings: Any, clock: Move) -> None:
    queue(2)
    clock(-HOUR)
    content = {"topic": "tests.news", "subject": "Nouvelle 2", "body": "Il neige."}
    queue_mail(key="news/2", user=factories.make_user(), **content)
    mailbox = Mailbox()
    with serving(mailbox, settings):
        assert send_queued().sent == 3
    assert [letter["Subject"].rpartition(" ")[2] for letter in mailbox.received] == list("012")
    assert not Mail.objects.filter(sent_at=None).exists()


def test_what_was_known_still_goes_forwards(cast: Cast, clock: Move) -> None:
    """Corrected within the hour that is lived twice: no interval runs backwards, the last word stands."""
    site, by = factories.make_site(), factories.actor(cast.correspondent59)
    day = dt.date(2020, 1, 1)
    fact = enter(fact=Survey(site=site, valid_on=day, people=40, source_kind="operator"), by=by)
    clock(-HOUR)
    for people in (41, 42, 43):
        fact = correct(fact=fact, by=by, reason="une erreur", people=people)
    versions = list(Survey.objects.filter(lineage=fact.lineage).order_by("recorded_at"))
    assert [version.people for version in versions] == [40, 41, 42, 43]
    for before, after in pairwise(versions):
        assert before.recorded_at < before.superseded_at == after.recorded_at
    assert (versions[-1].superseded_at, versions[-1].holds_until) == (None, FOREVER)


def test_a_record_saved_in_the_hour_lived_twice(cast: Cast, clock: Move) -> None:
    site, by = factories.make_site("Rue du Moulin"), factories.actor(cast.correspondent59)
    clock(-HOUR)
    site.name = "Rue du Vieux Moulin"
    save_record(record=site, by=by)
    site.refresh_from_db()
    assert (site.name, site.history.count()) == ("Rue du Vieux Moulin", 2)
    assert [row.version for row in site.history.order_by("version")] == [1, 2]


def test_comments_of_the_hour_lived_twice_are_all_there(cast: Cast, clock: Move) -> None:
    site, by = factories.make_site(), factories.actor(cast.correspondent59)
    add_comment(subject=site, text="avant", by=by)
    clock(-HOUR)
    add_comment(subject=site, text="après", by=by)
    assert {comment.text for comment in Comment.objects.about(site).newest_first()} == {"avant", "après"}


def test_sessions_stay_open(cast: Cast, clock: Move, client: Client) -> None:
    client.force_login(cast.correspondent59, BACKEND)
    clock(-HOUR)
    assert client.get("/mon-compte/").status_code == 200
    assert Session.objects.count() == 1
    assert django_mail.outbox == []
