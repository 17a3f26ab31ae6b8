"""Tasks whose worker was killed: the library leaves them « running » for ever, and another worker finds nothing.

They go back to the queue once, then fail aloud. Each task of Jalons may run twice: it takes what it does with a
conditional UPDATE, or reads again what it tells.
"""

import datetime as dt

from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from jalons.core.values import french_spaces, plural

SILENCE = dt.timedelta(hours=1)  # far longer than any task takes
MOST_ATTEMPTS = 2
WHY = "Le travail a été interrompu deux fois sur le serveur."


def give_back_tasks() -> str:
    """The periodic job. Two at once do no harm: each row is taken as it was read."""
    silent = DBTaskResult.objects.running().filter(started_at__lt=timezone.now() - SILENCE)
    again = failed = 0
    for task in silent.order_by("started_at", "pk"):
        mine = DBTaskResult.objects.filter(pk=task.pk, status=task.status, started_at=task.started_at)
        if len(task.worker_ids) < MOST_ATTEMPTS:
            again += mine.update(status=TaskResultStatus.READY, started_at=None)
        else:
            failed += mine.update(
                status=TaskResultStatus.FAILED,
                finished_at=timezone.now(),
                exception_class_path=f"{__name__}.Interrupted",
                traceback=french_spaces(WHY),
            )
    if not again and not failed:
        return "Aucune tâche interrompue."
    return f"{again} {plural(again, 'tâche rendue', 'tâches rendues')} à la file, {failed} en échec."


class Interrupted(Exception):
    """What the record of such a task names as its failure."""
