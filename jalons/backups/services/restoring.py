"""Loading a backup into an empty base, and trying it in a base that is thrown away."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from jalons.backups.apart import APART_SUFFIX, apart_models, put_apart_back, read_apart
from jalons.backups.archive import BASE, FILES, ArchiveRefused, Manifest, read_archive
from jalons.backups.engines import Engine, counting, current_engine, current_tables
from jalons.backups.models import Restoration
from jalons.backups.queues import all_held, queues
from jalons.backups.sealing import Key
from jalons.backups.services.keys import put_keys_back, read_keys
from jalons.backups.services.taking import KEYS_SUFFIX
from jalons.backups.services.workplace import BackupFailed, failures_in_words, workplace


@dataclass(frozen=True, slots=True)
class Restored:
    """What was loaded, and what was done to it since. `held`: keys of the e-mails that wait for someone's word."""

    taken_at: str
    version: str
    rows: int
    tables: int
    files: int
    missing_files: list[str]
    migrated: int
    held: list[str]
    closed_sessions: int
    keys: str


def restore(
    *,
    archive: Path,
    key: Key | None,
    keys_file: Path | None,
    apart_file: Path | None = None,
    trial: bool = False,
) -> Restored:
    """Reads and checks everything before anything is written. `trial`: attachments and keys are read and left there."""
    with failures_in_words(Path(settings.DATA_DIR)), workplace() as work:
        refuse_unless_empty()
        manifest, files = unpacked(archive, key=key, work=work, trial=trial)
        engine = current_engine()
        check_suits(manifest, engine)
        keys = read_keys(keys_file, key=key, expected=manifest.keys_sha256) if keys_file else {}
        apart = read_apart(apart_file, key=key) if apart_file else {}
        load(engine, manifest, work=work, files=files)
        restored = settle(manifest)
        keys_words = (
            f"{keys_in_words(keys, trial=trial)} {apart_in_words(put_apart_back(apart), apart_file)}".strip()
        )
    return Restored(**restored, keys=keys_words)


def refuse_unless_empty() -> None:
    if tables := current_tables():
        raise BackupFailed(
            f"La base n’est pas vide ({len(tables)} tables)\u00a0: une restauration n’écrase rien. Donnez-lui une base "
            "neuve (PostgreSQL\u00a0: createdb, puis DATABASE_URL\u00a0; SQLite\u00a0: déplacez jalons.sqlite3 et les "
            "fichiers -wal et -shm)."
        )
    try:
        folders, files = default_storage.listdir("")
    except FileNotFoundError:
        return
    if folders or files:
        raise BackupFailed("Le dossier des pièces jointes n’est pas vide\u00a0: déplacez-le d’abord.")


def unpacked(archive: Path, *, key: Key | None, work: Path, trial: bool) -> tuple[Manifest, dict[str, Path]]:
    """The manifest, and where each attachment waits: files are named by us, never by the archive."""
    files: dict[str, Path] = {}

    def target_of(name: str) -> IO[bytes] | None:
        if name == BASE:
            return (work / "base").open("wb")
        if trial or not name.startswith(FILES):
            return None
        path = files[name.removeprefix(FILES)] = work / f"file-{len(files)}"
        return path.open("wb")

    return read_archive(archive, key=key, target_of=target_of), files


def check_suits(manifest: Manifest, engine: Engine) -> None:
    if manifest.engine != engine.name:
        raise ArchiveRefused(
            f"Cette sauvegarde est celle d’une base {manifest.engine}, et celle-ci est une base {engine.name}\u00a0: "
            "changez DATABASE_URL."
        )
    known = known_migrations()
    if unknown := [name for name in manifest.migrations if name not in known]:
        raise ArchiveRefused(
            f"Cette sauvegarde vient d’une version plus récente de Jalons ({manifest.version})\u00a0: la migration "
            f"{unknown[0]} est inconnue d’ici. Installez cette version d’abord."
        )


def known_migrations() -> set[str]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return {f"{app}.{name}" for app, name in loader.disk_migrations}


def load(engine: Engine, manifest: Manifest, *, work: Path, files: dict[str, Path]) -> None:
    """The attachments, then the base, whole or not at all; without the base, the attachments are taken back."""
    put: list[str] = []
    try:
        for name, path in files.items():
            with path.open("rb") as source:
                put.append(default_storage.save(name, File(source)))
            path.unlink()
            if put[-1] != name:
                raise BackupFailed(f"La pièce jointe {name} n’a pas pu reprendre son nom.")
        engine.load(work / "base", work)
    except BaseException:
        for name in put:
            default_storage.delete(name)
        raise
    check_counts(manifest)


def check_counts(manifest: Manifest) -> None:
    with connection.cursor() as cursor:
        for table, expected in manifest.counts.items():
            cursor.execute(counting(table))
            count = cursor.fetchone()[0]
            if count != expected:
                raise BackupFailed(
                    f"La table {table} a {count} lignes au lieu de {expected}\u00a0: n’utilisez pas cette base."
                )


def settle(manifest: Manifest) -> dict[str, Any]:
    """Up to this code; e-mails held; everybody signed out: a session that was closed since would open again."""
    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        Restoration.objects.create(taken_at=manifest.taken_at)
        for queue in queues():
            queue.hold_waiting()
        sessions = Session.objects.all().delete()[0]
    return {
        "taken_at": manifest.taken_at,
        "version": manifest.version,
        "rows": sum(manifest.counts.values()),
        "tables": len(manifest.counts),
        "files": len(manifest.files),
        "missing_files": manifest.missing_files,
        "migrated": len(known_migrations() - set(manifest.migrations)),
        "held": [mail.key for mail in all_held()],
        "closed_sessions": sessions,
    }


def keys_in_words(keys: dict[str, str], *, trial: bool) -> str:
    if not keys:
        return "Pas de fichier de clés\u00a0: les liens signés et les seconds facteurs d’avant ne serviront plus."
    return "Clé lue." if trial else put_keys_back(keys, os.environ)


def apart_in_words(rows: int, apart_file: Path | None) -> str:
    if apart_file is None:
        return (
            f"Pas de fichier {APART_SUFFIX} : les registres de familles ne se liront pas."
            if apart_models()
            else ""
        )
    return f"Clés des ménages remises : {rows}."


def apart_beside(archive: Path) -> Path | None:
    """The keys of households made with an archive, while they are kept."""
    path = archive.with_suffix(APART_SUFFIX)
    return path if path.exists() else None


def keys_beside(archive: Path) -> Path | None:
    """The keys made with an archive, when they were left beside it."""
    path = archive.with_suffix(KEYS_SUFFIX)
    return path if path.exists() else None


@transaction.atomic
def resume_mails() -> bool:
    """The outbox leaves again; what is held stays held. False when no restoration waits for it."""
    return bool(Restoration.objects.filter(confirmed_at=None).update(confirmed_at=timezone.now()))


# A drill ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Drilled:
    """`gone`: e-mails that wait in the archive and left since, so that a restored base must not send them."""

    restored: Restored
    gone: list[str]


def drill(
    *, archive: Path, key_file: Path | None, keys_file: Path | None, apart_file: Path | None = None
) -> Drilled:
    """The restoration itself, by a process whose base and folder of data are thrown away afterwards."""
    command = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "restore", str(archive), "--trial"]
    command += ["--key-file", str(key_file)] if key_file else []
    command += ["--keys", str(keys_file)] if keys_file else []
    command += ["--families", str(apart_file)] if apart_file else []
    with failures_in_words(Path(settings.DATA_DIR)), workplace() as work:
        with current_engine().throw_away(work) as environment:
            done = subprocess.run(  # noqa: S603
                command,
                env={**os.environ, **environment},
                capture_output=True,
                text=True,
                cwd=settings.BASE_DIR,
            )
        if done.returncode:
            reason = done.stderr.strip().rpartition("\n")[2].removeprefix("CommandError: ")
            raise BackupFailed(reason or "L’essai s’est arrêté sans rien dire.")
        restored = Restored(**json.loads(done.stdout))
    return Drilled(restored, [key for queue in queues() for key in queue.gone_since(restored.held)])
