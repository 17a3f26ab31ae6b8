"""The queue of background tasks, which today are all e-mails: links to choose a password or to sign in.

`django_tasks` has no word for a task that waits for someone: a held one is planned for a day that does not come.
"""

import datetime as dt

from django.db.models import QuerySet
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from jalons.backups.queues import HeldMail

HELD = dt.datetime(9998, 1, 1, tzinfo=dt.UTC)


def hold_waiting() -> int:
    return DBTaskResult.objects.filter(status=TaskResultStatus.READY).update(run_after=HELD)


def held_tasks(keys: list[str] | None = None) -> QuerySet[DBTaskResult]:  # type: ignore[type-arg]
    """All of them, or those that `keys` name."""
    held = DBTaskResult.objects.filter(status=TaskResultStatus.READY, run_after=HELD)
    if keys is None:
        return held
    return held.filter(pk__in=[task.pk for task in held if str(task.pk) in keys])


def list_held() -> list[HeldMail]:
    return [
        HeldMail(
            str(task.pk),
            f"{task.task_path.rpartition('.')[2]} {task.args_kwargs['args']}, demandé le {task.enqueued_at:%d/%m/%Y}",
        )
        for task in held_tasks().order_by("enqueued_at", "pk")
    ]


def release_held(keys: list[str]) -> int:
    return held_tasks(keys).update(run_after=get_date_max())


def drop_held(keys: list[str]) -> int:
    return held_tasks(keys).delete()[0]


def gone_since(keys: list[str]) -> list[str]:
    """A task that is not there any more ran too: those that ended are pruned."""
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY)
    names = {str(task.pk) for task in waiting}
    return [key for key in keys if is_task_key(key) and key not in names]


def is_task_key(key: str) -> bool:
    return len(key) == 36 and key.count("-") == 4
