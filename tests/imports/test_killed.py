"""The worker is killed, truly, in the middle of writing a table: everything or nothing, and the page says which."""

import datetime as dt
import os
import signal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jalons.history.services import Actor
from jalons.imports import jobs
from jalons.imports.enums import BatchState
from jalons.imports.models import ImportBatch, ImportedFact
from jalons.imports.services import apply_now, ask_to_apply, ask_to_undo, undo_now
from jalons.sites.models import Occupation, Site, Survey
from tests import factories
from tests.imports.test_applying import applied, given

# Statements after which the process dies: the first of the transaction, some of its writings, its last ones.
POINTS = (1, 2, 4, 6, 8, 11, 14, 17, 20, 23)
UNDOING_POINTS = (1, 3, 6, 10, 14, 18, 22)
TABLE = "Commune\tSite\tPers.\tEau\tVu le\n" + "".join(
    f"Lille\tTalus {word}\t{number}\toui\t28/09/2026\n"
    for number, word in enumerate(("nord", "sud", "est", "ouest"), 10)
)


class Killer:
    """Lets that many statements through, then kills the process that asks for one more."""

    def __init__(self, statements: int) -> None:
        self.left = statements

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1
        return execute(sql, params, many, context)


def killed_at(statements: int, batch: ImportBatch, by: Actor) -> bool:
    """Runs the work in a process of its own, killed after so many statements; False when it ended before."""
    inherited = connection.connection  # held: freeing it in the child would end the session of the parent
    child = os.fork()
    if child == 0:
        try:
            connection.connection = None
            connection.in_atomic_block = False
            work = apply_now if batch.state == BatchState.APPLYING else undo_now
            with connection.execute_wrapper(Killer(statements)):
                work(batch=batch, by=by)
        finally:
            os._exit(0)
    del inherited
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def written() -> tuple[int, int, int]:
    return Site.objects.count(), Survey.objects.count(), ImportedFact.objects.count()


@pytest.mark.both_databases(reason="ce qu’un processus tué laisse dépend de la base")
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_everything_or_nothing() -> None:
    cast = factories.make_cast()
    by = factories.actor(cast.correspondent59)
    batch = given(by, TABLE)
    before, kills = written(), 0
    for point in POINTS:
        ImportBatch.objects.update(state=BatchState.READY)
        assert ask_to_apply(batch=batch)
        batch.refresh_from_db()
        if killed_at(point, batch, by):
            kills += 1
            assert written() == before, point
            assert ImportBatch.objects.get().state == BatchState.APPLYING
        else:
            break
    assert kills == len(POINTS), "le travail finit avant d’être tué : rapprochez les coups"
    # Silence is noticed: stopped aloud after two passages, begun again (here at once) after one.
    client = Client()
    client.force_login(cast.correspondent59, factories.BACKEND)
    url = reverse("imports:batch", args=[batch.public_id])
    for attempts, words in ((2, "Le travail a été interrompu deux fois"), (1, "4 lignes enregistrées")):
        silent = timezone.now() - jobs.SILENCE - dt.timedelta(minutes=1)
        ImportBatch.objects.update(state=BatchState.APPLYING, pulse_at=silent, attempts=attempts)
        assert written() == before
        jobs.give_back()
        assert words in client.get(url, follow=True).content.decode()
    assert written() == (before[0] + 4, before[1] + 4, 12)


@pytest.mark.both_databases(reason="ce qu’un processus tué laisse dépend de la base")
@pytest.mark.django_db(transaction=True)
def test_a_killed_undoing_leaves_everything_or_nothing() -> None:
    """The table stays whole, its page says so and one click goes on; begun again, it is taken back whole."""
    cast = factories.make_cast()
    by = factories.actor(cast.correspondent59)
    factories.make_survey(factories.make_site("Talus nord"), factories.OPENED, people=3)
    before = standing()
    batch = applied(given(by, TABLE), by)
    whole, kills = (standing(), written()), 0
    assert whole[0] != before
    for point in UNDOING_POINTS:
        ImportBatch.objects.update(state=BatchState.APPLIED)
        batch.refresh_from_db()
        assert ask_to_undo(batch=batch)
        batch.refresh_from_db()
        kills += killed_at(point, batch, by)
        assert (standing(), written()) == whole, point
        assert ImportBatch.objects.get().state == BatchState.UNDOING
    assert kills == len(UNDOING_POINTS), "le travail finit avant d’être tué : rapprochez les coups"
    client = Client()
    client.force_login(cast.correspondent59, factories.BACKEND)
    url = reverse("imports:batch", args=[batch.public_id])
    assert "Annulation" in client.get(url).content.decode()
    silent = timezone.now() - jobs.SILENCE - dt.timedelta(minutes=1)
    ImportBatch.objects.update(pulse_at=silent, attempts=2)
    jobs.give_back()
    page = client.get(url, follow=True).content.decode()
    assert "rien n’a été annulé" in page
    assert "rien n’a été écrit" not in page
    assert "Annuler tout ce tableau" in page
    assert standing() == whole[0]
    client.post(reverse("imports:undo", args=[batch.public_id]))
    assert ImportBatch.objects.get().state == BatchState.UNDONE
    assert standing() == before


def standing() -> list[tuple[str, int | None]]:
    """The sites that are there, and their people."""
    counted = dict(Survey.objects.known().order_by("valid_on", "pk").values_list("site__name", "people"))
    known = Occupation.objects.known().values_list("site__name", flat=True)
    return sorted((name, counted.get(name)) for name in known)
