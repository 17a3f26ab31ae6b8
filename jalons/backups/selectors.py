import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max, Min
from django.utils import timezone

from jalons.backups.models import BackupRun, Restoration


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old what can be restored is. `age` is None before the first backup; `late`: older than the settings allow.

    A new instance has as long to make its first backup as the others to make the next.
    """

    watched: bool
    age: dt.timedelta | None = None
    late: bool = False

    @property
    def hours(self) -> int:
        return int(self.age / dt.timedelta(hours=1)) if self.age is not None else 0


def freshness() -> Freshness:
    limit = settings.BACKUP_MAX_HOURS
    if not limit:
        return Freshness(watched=False)
    now = timezone.now()
    latest = BackupRun.objects.aggregate(latest=Max("taken_at"))["latest"]
    since = latest or installed_at()
    late = since is not None and now - since > dt.timedelta(hours=limit)
    return Freshness(watched=True, age=now - latest if latest else None, late=late)


def installed_at() -> dt.datetime | None:
    """When the first migration of this base was made; None without any."""
    if not MigrationRecorder(connection).has_table():
        return None
    return MigrationRecorder.Migration.objects.aggregate(first=Min("applied"))["first"]


def unconfirmed_restoration() -> Restoration | None:
    return Restoration.objects.filter(confirmed_at=None).order_by("-restored_at").first()
