"""How far the writing of a table is, on its page; stopped before the end, it leaves nothing."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jalons.core import memory
from jalons.core.progress import JobProgress, JobStopped
from jalons.history.services import Actor
from jalons.imports import jobs
from jalons.imports.enums import BatchState
from jalons.imports.models import ImportBatch, ImportedFact
from jalons.imports.progress import progress_of
from jalons.imports.services import apply_now, ask_to_apply, ask_to_undo, undo_now
from jalons.sites.models import Site
from jalons.sites.services import in_bulk
from tests import factories
from tests.imports.test_applying import applied, given

pytestmark = pytest.mark.django_db
TABLE = "Commune\tSite\tPers.\tEau\tVu le\n" + "".join(
    f"Lille\tTalus {word}\t{number}\toui\t28/09/2026\n"
    for number, word in enumerate(("nord", "sud", "est", "ouest"), 10)
)


@pytest.fixture
def by(cast: Any) -> Actor:
    return factories.actor(cast.correspondent59)


@pytest.fixture
def batch(by: Actor) -> ImportBatch:
    return given(by, TABLE)


def run(batch: ImportBatch, by: Actor) -> ImportBatch:
    jobs.run_batch.func(batch.pk, by.user.pk, by.organisation.pk)
    return ImportBatch.objects.get(pk=batch.pk)


def test_each_chunk_written_is_told(batch: ImportBatch, by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_bulk, "CHUNK", 1)
    told: list[tuple[int, int]] = []
    assert ask_to_apply(batch=batch)
    assert apply_now(batch=batch, by=by, tell=lambda done, total: told.append((done, total)))
    assert told == [(number, 8) for number in range(1, 9)]  # four sites, then four assessments
    batch.refresh_from_db()
    told.clear()
    assert ask_to_undo(batch=batch)
    undo_now(batch=batch, by=by, tell=lambda done, total: told.append((done, total)))
    assert told[-1] == (12, 12)


def test_stopped_in_the_middle_nothing_is_written(
    batch: ImportBatch, by: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_bulk, "CHUNK", 1)
    tell = JobProgress.tell

    def asked_at_half(progress: JobProgress, done: int, total: int) -> None:
        if done * 2 == total:
            assert Site.objects.count() == 4
            progress.ask_to_stop()
        tell(progress, done, total)

    monkeypatch.setattr(JobProgress, "tell", asked_at_half)
    assert ask_to_apply(batch=batch)
    batch = run(batch, by)
    assert (batch.state, Site.objects.count(), ImportedFact.objects.count()) == (BatchState.READY, 0, 0)
    assert batch.failure == jobs.french_spaces(jobs.STOPPED_BY_HAND.format("rien n’a été écrit"))
    # Asked again, it is done: the stop that was asked is forgotten.
    monkeypatch.setattr(JobProgress, "tell", tell)
    given_back: list[bool] = []
    monkeypatch.setattr(memory, "give_back", lambda: given_back.append(True))
    assert ask_to_apply(batch=batch)
    assert (run(batch, by).state, Site.objects.count()) == (BatchState.APPLIED, 4)
    assert (progress_of(batch).read(), given_back) == (None, [True])


def test_an_undo_stopped_before_it_begins_leaves_the_table(batch: ImportBatch, by: Actor) -> None:
    applied(batch, by)
    assert ask_to_undo(batch=batch)
    progress_of(batch).ask_to_stop()
    assert (run(batch, by).state, Site.objects.count()) == (BatchState.APPLIED, 4)


def test_the_page_says_how_far_and_stops(batch: ImportBatch, client: Client, by: Actor) -> None:
    client.force_login(by.user, factories.BACKEND)
    url = reverse("imports:batch", args=[batch.public_id])
    assert ask_to_apply(batch=batch)
    first = client.get(url)
    assert "relues une dernière fois" in first.content.decode()
    assert first["Refresh"]
    progress_of(batch).tell(3, 8)
    page = client.get(url).content.decode()
    assert "37\xa0%, sur 4 lignes" in page
    assert 'value="3" max="8"' in page
    client.post(reverse("imports:stop", args=[batch.public_id]))
    assert "L’arrêt est demandé." in client.get(url).content.decode()
    with pytest.raises(JobStopped):
        progress_of(batch).tell(4, 8)
    progress_of(batch).forget()
