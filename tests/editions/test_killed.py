"""The worker is killed, truly, while it writes an edition: one edition and its files, and none of what it had begun."""

import datetime as dt
import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.utils import timezone

from jalons.editions import jobs
from jalons.editions.enums import EditionStage, ReportFormat
from jalons.editions.models import STORED_IN, ReportEdition, ReportFile
from jalons.editions.services import making
from jalons.editions.services.making import drop_orphans
from tests import factories
from tests.editions.making import make_edition

MINUTE = dt.timedelta(minutes=1)


def killed(work: Callable[[], object], prepare: Callable[[], object]) -> None:
    """Runs `work` in a process of its own, which `prepare` arranges to be killed in the middle of it."""
    inherited = connection.connection  # held: freeing it in the child would end the session of the parent
    child = os.fork()
    if child == 0:
        try:
            connection.connection = None
            connection.in_atomic_block = False
            prepare()
            work()
        finally:
            os._exit(0)
    del inherited
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "le travail finit avant d’être tué"


def die(*args: Any, **more: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def on_disk() -> set[str]:
    storage = storages["default"]
    if not storage.exists(STORED_IN):
        return set()
    shelves = storage.listdir(STORED_IN)[0]
    return {
        f"{STORED_IN}/{shelf}/{name}"
        for shelf in shelves
        for name in storage.listdir(f"{STORED_IN}/{shelf}")[1]
    }


def cleared(before: dt.datetime) -> int:
    return sum(drop_orphans(shelf=f"{number:02x}", before=before) for number in range(jobs.SHELVES))


@pytest.mark.both_databases(reason="ce qu’un processus tué laisse dépend de la base")
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_one_edition_and_no_file_for_ever(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # A disk of its own: that of the process has the files of other tests, whose rows are gone.
    monkeypatch.setitem(storages["default"].__dict__, "base_location", str(tmp_path))
    monkeypatch.setitem(storages["default"].__dict__, "location", str(tmp_path))
    cast = factories.make_cast()
    edition = make_edition(cast.correspondent59, made=False)
    monkeypatch.setattr(making, "WRITERS", dict.fromkeys(ReportFormat, lambda content: b"Jalons"))
    before = on_disk()

    # While it writes the first of them; then within the transaction of the end, all of them on the disk.
    for target, deadly in (("WRITERS", dict.fromkeys(ReportFormat, die)), ("values_of", die)):
        killed(partial(jobs.make_report.func, edition.pk), partial(setattr, making, target, deadly))
        edition.refresh_from_db()
        assert (edition.stage, ReportFile.objects.count()) == (EditionStage.MAKING, 0)
    left = on_disk() - before
    formats = making.kind_of(edition).every_format
    assert len(left) == len(formats)

    # Its silence is noticed: given back to another worker (here at once), which ends it.
    ReportEdition.objects.update(pulse_at=timezone.now() - jobs.SILENCE - MINUTE, attempts=1)
    assert "1 rapport rendu" in jobs.give_back()
    edition.refresh_from_db()
    assert (edition.stage, ReportEdition.objects.count()) == (EditionStage.DRAFT, 1)
    mine = set(ReportFile.objects.values_list("file", flat=True))
    assert len(mine) == len(formats)
    assert on_disk() - before == left | mine

    # What is young may be of a worker at work; later, what no edition has goes, and nothing else.
    assert cleared(timezone.now() - MINUTE) == 0
    assert on_disk() - before == left | mine
    gone = cleared(timezone.now() + MINUTE)
    assert gone >= len(left)
    assert not on_disk() & left
    assert mine <= on_disk()
    jobs.clear_shelf()
    assert mine <= on_disk()
