"""What the health page looks at. Each check answers in words that give nothing away to a stranger."""

import datetime as dt
import logging
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min, Model, Q
from django.utils import timezone
from django_tasks import task_backends
from django_tasks_db import DatabaseBackend
from django_tasks_db.models import DBTaskResult, get_date_max

from jalons.core.failures import Failure, failure_of

logger = logging.getLogger(__name__)
PROBE = 65_536  # bytes: what a small form and its journal take


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


def signing_in() -> Result:
    """Can the tables be read without which nobody comes in?"""
    tables: tuple[type[Model], ...] = (get_user_model(), Session, AccessAttempt)
    try:
        for table in tables:
            table._default_manager.exists()
    except DatabaseError:
        logger.exception("Les tables de la connexion ne se lisent pas")
        return Result(Health.BROKEN, "les tables de la connexion ne se lisent pas")
    return Result(Health.OK, "possible")


def migrations() -> Result:
    """Is the database the one that this code expects? A base that is ahead of the code is no trouble."""
    try:
        executor = MigrationExecutor(connection)
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        logger.exception("Les migrations ne se lisent pas")
        return Result(Health.BROKEN, "les migrations ne se lisent pas")
    if waiting:
        return Result(Health.BROKEN, f"à faire\u00a0: {waiting} (manage.py migrate)")
    return Result(Health.OK, "à jour")


def writing() -> Result:
    """Does the database take a row? It is given back at once: this page leaves nothing behind."""
    try:
        with transaction.atomic():
            Session.objects.create(session_key="sante", session_data="", expire_date=timezone.now())
            transaction.set_rollback(True)
    except DatabaseError as error:
        if failure_of(error) is Failure.BUSY:
            return Result(Health.DEGRADED, "la base est très occupée")
        logger.exception("La base refuse l’écriture")
        return Result(Health.BROKEN, "la base refuse l’écriture\u00a0: les pages se lisent encore")
    return Result(Health.OK, "possible")


def disk() -> Result:
    """Can a file still be kept where the data is?"""
    try:
        with tempfile.TemporaryFile(dir=settings.DATA_DIR) as probe:
            probe.write(bytes(PROBE))
            probe.flush()
            os.fsync(probe.fileno())  # a full disk may only say so now
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


# In the order in which they are told.
CHECKS: dict[str, Callable[[], Result]] = {
    "base": database,
    "connexion": signing_in,
    "migrations": migrations,
    "écriture": writing,
    "disque": disk,
    "file": queue,
}
