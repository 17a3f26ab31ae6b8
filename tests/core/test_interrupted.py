"""A worker that is killed in the middle of a task: the task comes back once, then fails aloud."""

import datetime as dt

import pytest
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from jalons.core.interrupted import SILENCE, give_back_tasks

pytestmark = pytest.mark.django_db


def running(since: dt.timedelta, *workers: str) -> DBTaskResult:
    return DBTaskResult.objects.create(
        status=TaskResultStatus.RUNNING, started_at=timezone.now() - since, worker_ids=list(workers),
        args_kwargs={"args": [], "kwargs": {}}, task_path="jalons.imports.jobs.run_batch", backend_name="default",
        run_after=timezone.now(), exception_class_path="", traceback="",
    )  # fmt: skip


def test_it_comes_back_once_then_fails() -> None:
    killed = running(SILENCE * 2, "one")
    assert give_back_tasks() == "1 tâche rendue à la file, 0 en échec."
    killed.refresh_from_db()
    assert (killed.status, killed.started_at) == (TaskResultStatus.READY, None)
    assert killed in DBTaskResult.objects.ready()
    killed.claim("two")
    DBTaskResult.objects.filter(pk=killed.pk).update(started_at=timezone.now() - SILENCE * 2)
    assert give_back_tasks() == "0 tâche rendue à la file, 1 en échec."
    killed.refresh_from_db()
    assert killed.status == TaskResultStatus.FAILED
    assert "interrompu deux fois" in killed.traceback


def test_one_that_works_is_left_alone() -> None:
    running(SILENCE / 2, "one")
    assert give_back_tasks() == "Aucune tâche interrompue."
    assert DBTaskResult.objects.running().count() == 1
