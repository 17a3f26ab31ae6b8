"""Where a backup is prepared, and how its failures are told."""

import contextlib
import errno
import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from jalons.backups.archive import ArchiveRefused
from jalons.backups.engines import EngineRefused
from jalons.backups.sealing import KeyFileError
from jalons.core.failures import Failure, failure_of

WORK, LOCK = ".sauvegarde-", ".sauvegarde.verrou"
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NO_ROOM_IN_WORDS = os.strerror(errno.ENOSPC)


class BackupFailed(Exception):
    """Why it was not done, and what to do: French sentences."""


@contextlib.contextmanager
def workplace() -> Iterator[Path]:
    """A closed folder beside the data, gone at the end. One backup or restoration at a time on a machine."""
    data = Path(settings.DATA_DIR)
    with (data / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupFailed(
                "Une sauvegarde ou une restauration est déjà en cours sur cette machine\u00a0: attendez sa fin."
            ) from error
        for abandoned in data.glob(f"{WORK}*"):  # by a process that was killed
            shutil.rmtree(abandoned)
        work = Path(tempfile.mkdtemp(prefix=WORK, dir=data))
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)


@contextlib.contextmanager
def failures_in_words(folder: Path) -> Iterator[None]:
    """What stops a backup becomes a `BackupFailed` that a person can act upon."""
    try:
        yield
    except (OSError, sqlite3.Error, DatabaseError, EngineRefused) as error:
        raise BackupFailed(no_room_in(folder) if is_no_room(error) else str(error)) from error
    except (ArchiveRefused, KeyFileError) as error:
        raise BackupFailed(str(error)) from error


def is_no_room(error: Exception) -> bool:
    if isinstance(error, EngineRefused):
        return NO_ROOM_IN_WORDS in str(error)
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return getattr(error, "errno", None) in NO_ROOM or (
        failure_of(error) is Failure.FULL and not denied(error)
    )


def denied(error: Exception) -> bool:
    return getattr(error, "errno", None) in (errno.EACCES, errno.EPERM, errno.EROFS)


def no_room_in(folder: Path) -> str:
    return (
        f"Plus de place dans {folder} ou dans {settings.DATA_DIR}\u00a0: rien n’y est laissé. Faites de la place (il "
        "en faut deux fois la base dans le dossier des données, et la base plus les pièces jointes dans l’autre), puis "
        "recommencez."
    )
