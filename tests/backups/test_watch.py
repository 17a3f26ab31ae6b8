"""The last verified backup is too old: the health page and the national administrators say so."""

import datetime as dt
import errno
import sqlite3
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from jalons.administration.notifications import watch_backups
from jalons.backups import selectors
from jalons.backups.checks import recent_backup
from jalons.backups.engines import EngineRefused
from jalons.backups.models import BackupRun
from jalons.backups.services.workplace import is_no_room
from jalons.core.checks import Health, Result
from jalons.core.periodic import JobFailed
from jalons.discussions.models import Mail


@pytest.fixture
def watched(settings: Any, db: None) -> None:
    settings.BACKUP_MAX_HOURS = 26


def saved(**ago: int) -> None:
    moment = timezone.now() - dt.timedelta(**ago)
    BackupRun.objects.create(
        archive="a.jalons", taken_at=moment, verified_at=moment, size=1, sealed=True, attachments=0
    )


@pytest.mark.django_db
def test_not_watched_unless_asked() -> None:
    saved(days=300)
    assert recent_backup() == Result(Health.OK, "non surveillée")
    assert "non surveillées" in watch_backups()


def test_recent(watched: None) -> None:
    saved(days=9)
    saved(hours=25, minutes=59)
    assert recent_backup() == Result(Health.OK, "la dernière vérifiée a 25 h")
    assert watch_backups() == "la dernière vérifiée a 25 h."


def test_late_is_degraded_and_still_200(watched: None, client: Client) -> None:
    saved(hours=26, minutes=1)
    response = client.get("/sante")
    assert (response.status_code, response.json()["etat"]) == (200, "dégradé")
    assert response.json()["controles"]["sauvegarde"]["detail"] == "la dernière vérifiée a 26 h"


@pytest.mark.parametrize(("hours", "health"), [(25, Health.OK), (27, Health.DEGRADED)])
def test_a_new_instance_has_a_day(
    hours: int, health: Health, watched: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = timezone.now() - dt.timedelta(hours=hours)
    monkeypatch.setattr(selectors, "installed_at", lambda: moment)  # the tests have no table of migrations
    assert recent_backup() == Result(health, "aucune encore")


def test_a_base_without_migrations_is_not_late(watched: None) -> None:
    assert recent_backup() == Result(Health.OK, "aucune encore")


def test_national_administrators_are_told_once_a_day(watched: None, cast: Any) -> None:
    saved(hours=50)
    for _ in range(2):
        with pytest.raises(JobFailed, match="a 50 heures"):
            watch_backups()
    mail = Mail.objects.get()
    assert mail.user == cast.admin
    assert "50 heures" in mail.body


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(errno.ENOSPC, "x"), True),
        (OSError(errno.EDQUOT, "x"), True),
        (OSError(errno.EACCES, "x"), False),
        (EngineRefused("pg_dump a échoué : could not write: No space left on device"), True),
        (EngineRefused("pg_dump a échoué : permission denied"), False),
        (sqlite3.DatabaseError("x"), False),
    ],
)
def test_what_is_a_full_disk(error: Exception, expected: bool) -> None:
    assert is_no_room(error) is expected


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["backup", "--output", "x", "--keep", "0"], "à partir de 1"),
        (["backup", "--output", "x", "--key-file", "absente"], "ne se lit pas"),
        (["restore", "absente.jalons"], "n’existe pas"),
        (["restore", "absente.jalons", "--drill", "--key-file", "/nulle-part/cle"], "ne se lit pas"),
    ],
)
def test_a_mistyped_command_is_told(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command(*arguments)
