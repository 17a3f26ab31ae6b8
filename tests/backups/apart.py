"""Two processes of Jalons, each on a base of its own: `python -m tests.backups.apart origin|target FOLDER`.

`origin` is saved while four threads write; `target` is empty, and what was saved is put into it. Both say what they saw
in JSON. A base in service, threads and processes that end: none of it fits in the transaction of a test.
"""

import errno
import gzip
import hashlib
import io
import itertools
import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.core.apart_settings"
django.setup()

from django.contrib.sessions.models import Session  # noqa: E402
from django.core import mail as outgoing  # noqa: E402
from django.core.management import CommandError, call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_tasks_db.models import DBTaskResult, get_date_max  # noqa: E402

from jalons.backups.archive import BASE, read_archive  # noqa: E402
from jalons.backups.models import BackupRun  # noqa: E402
from jalons.backups.sealing import read_key  # noqa: E402
from jalons.backups.services import taking  # noqa: E402
from jalons.core.periodic import JobFailed  # noqa: E402
from jalons.discussions.models import Comment, Mail  # noqa: E402
from jalons.discussions.notifications import send_mails  # noqa: E402
from jalons.discussions.services import add_comment, claim_mail, mail_was_sent, queue_mail  # noqa: E402
from jalons.documents.checks import Upload  # noqa: E402
from jalons.documents.enums import DocumentType  # noqa: E402
from jalons.documents.models import Document  # noqa: E402
from jalons.documents.services import attach_document, stored, withdraw_document  # noqa: E402
from jalons.households.models import Household, HouseholdKey  # noqa: E402
from tests import factories  # noqa: E402

WRITERS, MOST = 4, 300  # writings of each writer, at most
EARLY = 12  # writings before the backup starts


class Writers:
    """Threads that write until they are stopped: a document, its file and a comment of the same name, together."""

    def __init__(self, site: Any, by: Any) -> None:
        self.site, self.by = site, by
        self.numbers, self.stop, self.early = itertools.count(1), threading.Event(), threading.Semaphore(0)
        self.errors: list[str] = []

    def write(self, name: str) -> Document:
        content = name.encode() * 3_000
        upload = Upload(io.BytesIO(content), f"{name}.txt", DocumentType.TXT, len(content), sha256(content))
        with stored([upload]) as [file], transaction.atomic():
            document = attach_document(subject=self.site, file=file, by=self.by, title=name)
            add_comment(subject=self.site, text=name, by=self.by)
        return document

    def run(self) -> None:
        try:
            for _ in range(MOST):
                if self.stop.is_set():
                    break
                self.write(f"note {next(self.numbers)}")
                self.early.release()
        except Exception as error:
            self.errors.append(repr(error))
            self.early.release(EARLY)
        finally:
            connection.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        threads = [threading.Thread(target=self.run) for _ in range(WRITERS)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(EARLY):
                self.early.acquire()
            yield
        finally:
            self.stop.set()
            for thread in threads:
                thread.join()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def command(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def refusal(*arguments: str) -> str:
    try:
        return f"accepté : {command(*arguments)}"
    except CommandError as error:
        return str(error)


def origin(folder: Path) -> dict[str, Any]:
    """A world with e-mails that wait, saved twice in service, then tried."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    cast, site = factories.make_cast(), factories.make_site("Rue du Moulin")
    by = factories.actor(cast.correspondent59)
    Session.objects.create(session_key="ouverte", session_data="", expire_date=timezone.now())
    for name in ("un", "deux"):
        queue_mail(key=f"late/{name}", user=cast.correspondent59, topic="late", subject=name, body=name)
    task = "jalons.accounts.notifications.send_password_link"
    arguments = {"args": [cast.correspondent59.email], "kwargs": {}}
    DBTaskResult.objects.create(
        task_path=task, args_kwargs=arguments, backend_name="default", run_after=get_date_max()
    )
    writers = Writers(site, by)
    keep_household(cast)
    lost, leaving = writers.write("perdue"), writers.write("retirée")
    lost.file.storage.delete(lost.file.name)
    key, out = folder / "coffre" / "cle", folder / "sauvegardes"
    key.parent.mkdir()
    command("backup", "--new-key", str(key))
    full = without_room(out)
    between(
        lambda: (
            withdraw_document(document=leaving, by=by, reason="Erreur"),
            writers.write("arrivée ensuite"),
        )
    )
    with writers.writing():
        before = Comment.objects.count()
        said = command("backup", "--output", str(out), "--key-file", str(key))
        after = Comment.objects.count()
    archive = next(out.glob("*.jalons"))
    mail_was_sent(mail=claim_mail(pk=Mail.objects.get(key="late/un").pk))
    return {
        "said": said,
        "full": full,
        "errors": writers.errors,
        "before": before,
        "after": after,
        "archive": str(archive),
        "key": str(key),
        "lost": lost.file.name,
        "count": read_archive(archive, key=read_key(key, away_from=[]), target_of=lambda name: None).counts[
            "households_householdkey"
        ],
        "base": SEEDED in base_of(archive, key),
        "left": leaving.file.name,
        "runs": list(BackupRun.objects.values_list("archive", "sealed", "missing_files")),
        "drill": command("restore", str(archive), "--drill", "--key-file", str(key)),
        "tables_after_drill": len(connection.introspection.table_names()),
        "leftovers": sorted(path.name for path in folder.rglob(".*") if path.name != ".sauvegarde.verrou"),
    }


SEEDED = b"cle-scellee-d-un-menage"


def keep_household(cast: Any) -> None:
    """One household of a register, and its key."""
    organisation = factories.organisation_of(cast.operator_a)
    household = Household.objects.create(
        organisation=organisation, number=142, content=b"scelle", summary=b"scelle"
    )
    HouseholdKey.objects.create(
        household_id=household.pk, organisation=organisation, version=1, wrapped=SEEDED
    )


def base_of(archive: Path, key: Path) -> bytes:
    """What the archive holds of the base, unfolded."""
    dump = archive.with_suffix(".dump")
    read_archive(
        archive,
        key=read_key(key, away_from=[]),
        target_of=lambda name: dump.open("wb") if name == BASE else None,
    )
    try:
        content = dump.read_bytes()
        return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
    finally:
        dump.unlink()


def without_room(out: Path) -> dict[str, Any]:
    """The disk fills up just before the archive is whole."""
    really = taking.ArchiveWriter.finish

    def finish(writer: Any, manifest: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    taking.ArchiveWriter.finish = finish  # type: ignore[method-assign]
    try:
        return {
            "said": refusal("backup", "--output", str(out)),
            "files": sorted(path.name for path in out.iterdir()),
        }
    finally:
        taking.ArchiveWriter.finish = really  # type: ignore[method-assign]


def between(act: Any) -> None:
    """`act` happens once the base is copied, before the attachments are."""
    really = taking.add_files

    def add_files(writer: Any, files: Any) -> list[str]:
        act()
        return really(writer, files)

    taking.add_files = add_files  # type: ignore[assignment]


def target(folder: Path) -> dict[str, Any]:
    """Refusals, then the restoration of the only archive of `folder`, then its e-mails."""
    archive = str(next((folder / "sauvegardes").glob("*.jalons")))
    sealed = ["--key-file", str(folder / "coffre" / "cle")]
    cut = folder / "sauvegardes" / "coupee.jalons"
    cut.write_bytes(Path(archive).read_bytes()[:-60_000])
    refused = {"cut": refusal("restore", str(cut), *sealed), "without key": refusal("restore", archive)}
    tables = len(connection.introspection.table_names())
    said = command("restore", archive, *sealed)
    return {
        "refused": refused,
        "tables_after_refusals": tables,
        "said": said,
        "again": refusal("restore", archive, *sealed),
        "documents": sorted(Document.objects.values_list("title", flat=True)),
        "comments": sorted(Comment.objects.values_list("text", flat=True)),
        "wrong": [document.title for document in Document.objects.exclude(file="") if not is_whole(document)],
        "sessions": Session.objects.count(),
        "households": [
            (household.reference, bytes(household.key.wrapped).decode())
            for household in Household.objects.select_related("key")
        ],
        "mails": mails_after(),
        "modes": sorted({oct(path.stat().st_mode & 0o777) for path in data_files()}),
    }


def is_whole(document: Document) -> bool:
    try:
        with document.file.open() as file:
            return sha256(file.read()) == document.sha256
    except FileNotFoundError:
        return False


def data_files() -> list[Path]:
    return [
        path
        for path in Path(os.environ["JALONS_DATA_DIR"]).rglob("*")
        if path.is_file() and "verrou" not in path.name
    ]


def mails_after() -> dict[str, Any]:
    """What the outbox does from the restoration until someone has said what leaves."""
    listed = command("held_mails")
    try:
        suspended = send_mails()
    except JobFailed as error:
        suspended = str(error)
    task = DBTaskResult.objects.get()
    seen = {
        "listed": listed,
        "suspended": suspended,
        "task ready": DBTaskResult.objects.ready().exists(),
        "unknown": refusal("held_mails", "--send", "late/trois"),
        "sent": command("held_mails", "--send", "late/deux", str(task.pk)),
        "dropped": command("held_mails", "--drop", "tous"),
        "resumed": command("held_mails", "--resume"),
        "left": send_mails(),
        "to": [letter.subject for letter in outgoing.outbox],
        "task released": DBTaskResult.objects.ready().exists(),
    }
    return seen | {"nothing more": command("held_mails")}


if __name__ == "__main__":
    print(json.dumps({"origin": origin, "target": target}[sys.argv[1]](Path(sys.argv[2]))))
