"""What the health page looks at. Each check answers in words that give nothing away to a stranger."""

import datetime as dt
import logging
import shutil
import tempfile
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count, Min, Q
from django.utils import timezone
from django_tasks import task_backends
from django_tasks_db import DatabaseBackend
from django_tasks_db.models import DBTaskResult, get_date_max

logger = logging.getLogger(__name__)


class Health(StrEnum):
    """From best to worst."""

    OK = "ok"
    DEGRADED = "dégradé"
    BROKEN = "en panne"


@dataclass(frozen=True, slots=True)
class Result:
    health: Health
    detail: str


def database() -> Result:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        logger.exception("La base ne répond pas")
        return Result(Health.BROKEN, "la base ne répond pas")
    return Result(Health.OK, "répond")


def disk() -> Result:
    """Can a file still be kept where the data is?"""
    try:
        with tempfile.TemporaryFile(dir=settings.DATA_DIR) as probe:
            probe.write(b"sante")
            probe.flush()
        free = shutil.disk_usage(settings.DATA_DIR).free
    except OSError:
        logger.exception("Le dossier des données refuse l’écriture")
        return Result(Health.BROKEN, "le dossier des données refuse l’écriture")
    if free < settings.HEALTH_MIN_FREE_BYTES:
        return Result(Health.BROKEN, "la place libre est sous le seuil")
    return Result(Health.OK, "écriture possible")


def queue() -> Result:
    """Are background tasks taken in time? Late is degraded, not broken: pages are still served."""
    if not isinstance(task_backends["default"], DatabaseBackend):
        return Result(Health.OK, "immédiate")
    try:
        waiting, since = waiting_tasks()
    except DatabaseError:
        logger.exception("La file ne se lit pas")
        return Result(Health.BROKEN, "la file ne se lit pas")
    if since is None:
        return Result(Health.OK, "aucune tâche en attente")
    minutes = int((timezone.now() - since) / dt.timedelta(minutes=1))
    late = minutes >= settings.HEALTH_QUEUE_MINUTES
    health = Health.DEGRADED if late else Health.OK
    return Result(health, f"{waiting} en attente, la plus ancienne depuis {minutes} min")


def waiting_tasks() -> tuple[int, dt.datetime | None]:
    """How many tasks could run now, and since when the oldest could."""
    at_once = Q(run_after=get_date_max())  # how the backend writes « no delay »
    row = DBTaskResult.objects.ready().aggregate(
        waiting=Count("pk"), asked=Min("enqueued_at", filter=at_once), due=Min("run_after", filter=~at_once)
    )
    return row["waiting"], min(filter(None, (row["asked"], row["due"])), default=None)
