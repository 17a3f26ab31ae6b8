"""Taking a backup: the base, then the attachments that it names, then all of it is read again."""

import contextlib
import datetime as dt
import os
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.core.files.storage import Storage
from django.db import DatabaseError
from django.db.models import FileField
from django.utils import timezone

from jalons import __version__
from jalons.backups.apart import APART_SUFFIX, apart_content, apart_models, columns_of, remove_old_apart
from jalons.backups.archive import BASE, FILES, ArchiveWriter, Manifest, read_archive
from jalons.backups.engines import APPLIED, Rows, Snapshot, counting, current_engine, distinct_values
from jalons.backups.models import BackupRun
from jalons.backups.sealing import Key
from jalons.backups.services.keys import digest, keys_content, write_keys
from jalons.backups.services.workplace import BackupFailed, failures_in_words, workplace

SUFFIX, KEYS_SUFFIX = ".jalons", ".cles"
OURS = re.compile(r"jalons-\d{8}T\d{6}Z\.jalons")
MIGRATIONS = "django_migrations"


@dataclass(frozen=True, slots=True)
class Taken:
    """`removed`: the archives beyond those to keep. `apart`: the rows saved beside, when some table has them."""

    archive: Path
    keys: Path
    apart: Path | None
    manifest: Manifest
    size: int  # bytes
    removed: list[str]


def take_backup(*, folder: Path, key: Key | None, keep: int | None) -> Taken:
    """Nothing appears under its name in `folder` before it was read again whole."""
    started = timezone.now()
    with failures_in_words(folder), workplace() as work:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        archive = folder / f"jalons-{started:%Y%m%dT%H%M%SZ}{SUFFIX}"
        keys = archive.with_suffix(KEYS_SUFFIX)
        with draft_in(folder) as draft:
            content = keys_content()
            beside = write_archive(draft, work=work, key=key, taken_at=started, keys_sha256=digest(content))
            manifest = verify(draft, work=work, key=key)
            write_keys(keys, content, key)
            apart = archive.with_suffix(APART_SUFFIX) if beside else None
            if apart is not None:
                write_keys(apart, beside, key)
            draft.replace(archive)
        on_disk(folder)
        size = archive.stat().st_size
        note(archive.name, manifest, taken_at=started, size=size, sealed=key is not None)
        removed = remove_beyond(folder, keep, archive.name) if keep else []
        removed += remove_old_apart(folder, started)
    return Taken(archive=archive, keys=keys, apart=apart, manifest=manifest, size=size, removed=removed)


def note(name: str, manifest: Manifest, *, taken_at: dt.datetime, size: int, sealed: bool) -> None:
    try:
        BackupRun.objects.create(
            archive=name,
            taken_at=taken_at,
            verified_at=timezone.now(),
            size=size,
            sealed=sealed,
            attachments=len(manifest.files),
            missing_files=len(manifest.missing_files),
        )
    except DatabaseError as error:
        raise BackupFailed(
            f"La sauvegarde {name} est faite et vérifiée, mais la base n’a pas pu le noter ({error})."
        ) from error


@contextlib.contextmanager
def draft_in(folder: Path) -> Iterator[Path]:
    """Where this machine writes; what a killed process of this machine left goes first."""
    mine = f".jalons-en-cours-{socket.gethostname()}"
    draft = folder / mine
    draft.unlink(missing_ok=True)
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def on_disk(folder: Path) -> None:
    """The names themselves survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_archive(
    path: Path, *, work: Path, key: Key | None, taken_at: dt.datetime, keys_sha256: str
) -> bytes:
    """What goes beside the archive, and not in it; nothing when no app has such a table."""
    engine = current_engine()
    apart = {model._meta.db_table: columns_of(model) for model in apart_models()}
    writer = ArchiveWriter(path, work=work, key=key)
    try:
        with engine.snapshot(work, apart) as snapshot:
            counts, migrations = rows_by_table(snapshot) | dict.fromkeys(apart, 0), migrations_of(snapshot)
            files = referenced_files(snapshot.rows)
        with snapshot.dump.open("rb") as dump:
            writer.add(BASE, dump)
        missing = add_files(writer, files)
        writer.finish(
            Manifest(
                version=__version__,
                taken_at=taken_at.isoformat(),
                engine=engine.name,
                counts=counts,
                migrations=migrations,
                missing_files=missing,
                keys_sha256=keys_sha256,
                parts=writer.parts,
            )
        )
    finally:
        writer.abandon()
    return apart_content(snapshot.apart) if apart else b""


def rows_by_table(snapshot: Snapshot) -> dict[str, int]:
    return {table: snapshot.rows(counting(table))[0][0] for table in snapshot.tables}


def migrations_of(snapshot: Snapshot) -> list[str]:
    if MIGRATIONS not in snapshot.tables:
        return []
    return [f"{app}.{name}" for app, name in snapshot.rows(APPLIED)]


def referenced_files(rows: Rows) -> dict[str, Storage]:
    """Every file that a row names, and only those: one that is being received has no row yet."""
    files: dict[str, Storage] = {}
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, FileField):
                names = rows(distinct_values(model._meta.db_table, str(column.column)))
                files |= {row[0]: column.storage for row in names}
    return files


def add_files(writer: ArchiveWriter, files: dict[str, Storage]) -> list[str]:
    """Returns the names of those that are not there any more."""
    missing = []
    for name, storage in files.items():
        try:
            source = storage.open(name)
        except FileNotFoundError:
            missing.append(name)
            continue
        with source:
            writer.add(f"{FILES}{name}", source)
    return missing


def verify(path: Path, *, work: Path, key: Key | None) -> Manifest:
    """Reads the archive as a restoration would, and asks the database whether it understands the base."""
    dump = work / "verified"
    manifest = read_archive(path, key=key, target_of=lambda name: dump.open("wb") if name == BASE else None)
    current_engine().check(dump, work)
    return manifest


def remove_beyond(folder: Path, keep: int, latest: str) -> list[str]:
    """The oldest archives of Jalons in `folder`, with their keys; no other file, and never the one just made."""
    ours = sorted((path.name for path in folder.iterdir() if OURS.fullmatch(path.name)), reverse=True)
    removed = [name for name in ours[keep:] if name != latest]
    for name in removed:
        (folder / name).unlink()
        (folder / name).with_suffix(KEYS_SUFFIX).unlink(missing_ok=True)
        (folder / name).with_suffix(APART_SUFFIX).unlink(missing_ok=True)
    return removed
