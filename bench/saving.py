"""`python -m bench.saving`: a backup while 50 transactions a second are written, then restored elsewhere.

Each transaction writes a document, its file and a comment of the same name: one without the others is half-written. The
writers are processes apart, at a steady pace; the table says the pace that they held while the backup ran. On SQLite;
on PostgreSQL beside the base of DATABASE_URL when it is named (`scripts/postgres .venv/bin/python -m bench.saving`).
Exits with 1 when anything is half-written, or when the writers could not keep their pace.
"""

import argparse
import contextlib
import hashlib
import io
import itertools
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django
from django.utils.module_loading import import_string

from bench import bases

SMALL = bases.Size(80, 30, 40, 24, 0, 10)
WRITERS = 4
WRITER = "correspondant59@demo.example"
EARLY = 2.0  # seconds of writing before the backup begins
NAME = "écriture du banc"


# --- in a process of its own -----------------------------------------------------------------------------------


def write(number: int, pace: float, folder: Path) -> None:
    """Writes `pace` times a second until `folder/stop` is there; a line for each commit, with its instant."""
    django.setup()
    by, site = the_writer()
    done, start = (folder / f"writer-{number}").open("w", buffering=1), time.monotonic()
    for rank in itertools.count():
        if (folder / "stop").exists():
            break
        time.sleep(max(0.0, start + rank / pace - time.monotonic()))
        write_one(site, by, f"{NAME} {number}-{rank}")
        done.write(f"{time.monotonic():.3f}\n")


def the_writer() -> tuple[Any, Any]:
    user = import_string("jalons.accounts.models.User").objects.get(email=WRITER)
    site = import_string("jalons.sites.models.Site").objects.open_on().filter(commune__departement="59")[0]
    right = import_string("jalons.accounts.enums.Right").ATTACH
    return import_string("jalons.accounts.permissions.actor_for")(user, right, site), site


def write_one(site: Any, by: Any, name: str) -> None:
    content = name.encode() * 500
    kind = import_string("jalons.documents.enums.DocumentType").TXT
    digest = hashlib.sha256(content).hexdigest()
    upload = import_string("jalons.documents.checks.Upload")(
        io.BytesIO(content), f"{name}.txt", kind, len(content), digest
    )
    stored = import_string("jalons.documents.services.stored")
    with stored([upload]) as [file], import_string("django.db.transaction").atomic():
        import_string("jalons.documents.services.attach_document")(subject=site, file=file, by=by, title=name)
        import_string("jalons.discussions.services.add_comment")(subject=site, text=name, by=by)


def look() -> None:
    """What stands in the restored base, in JSON."""
    django.setup()
    documents = import_string("jalons.documents.models.Document").objects.filter(title__startswith=NAME)
    comments = import_string("jalons.discussions.models.Comment").objects.filter(text__startswith=NAME)
    titles, texts = (
        set(documents.values_list("title", flat=True)),
        set(comments.values_list("text", flat=True)),
    )
    wrong = [one.title for one in documents if not is_whole(one)]
    print(json.dumps({"written": len(titles), "alone": sorted(titles ^ texts), "wrong": wrong}))


def is_whole(document: Any) -> bool:
    try:
        with document.file.open() as file:
            return hashlib.sha256(file.read()).hexdigest() == document.sha256
    except FileNotFoundError:
        return False


# --- the measure -----------------------------------------------------------------------------------------------


@contextlib.contextmanager
def places(folder: Path) -> Iterator[list[dict[str, str]]]:
    """The environment of the base that is saved, and that of an empty one."""
    url = os.environ.get("DATABASE_URL")
    settings = {"DJANGO_SETTINGS_MODULE": "bench.settings"}
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    if not url:
        used = bases.prepare_sqlite(SMALL)
        try:
            yield [settings | {"JALONS_DATA_DIR": str(each)} for each in (used, elsewhere)]
        finally:
            shutil.rmtree(used, ignore_errors=True)
        return
    bases.prepare_postgres(SMALL)
    saved = folder / "saved"
    saved.mkdir(mode=0o700)
    name = f"jalons_{secrets.token_hex(6)}"
    with import_string("psycopg.connect")(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            yield [
                settings | {"JALONS_DATA_DIR": str(saved), "DATABASE_URL": url},
                settings
                | {
                    "JALONS_DATA_DIR": str(elsewhere),
                    "DATABASE_URL": urlsplit(url)._replace(path=f"/{name}").geturl(),
                },
            ]
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(environment: Mapping[str, str], *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=bases.ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} a échoué :\n{done.stdout}{done.stderr}")
    return done.stdout


@contextlib.contextmanager
def writing(environment: Mapping[str, str], folder: Path, pace: float) -> Iterator[None]:
    command = [
        sys.executable,
        "-m",
        "bench.saving",
        "write",
        "--pace",
        str(pace / WRITERS),
        "--folder",
        str(folder),
    ]
    writers = [
        subprocess.Popen(
            [*command, "--number", str(number)], cwd=bases.ROOT, env={**os.environ, **environment}
        )
        for number in range(WRITERS)
    ]
    try:
        while not all((folder / f"writer-{number}").exists() for number in range(WRITERS)):
            time.sleep(0.1)
        time.sleep(EARLY)
        yield
    finally:
        (folder / "stop").touch()
        codes = [writer.wait() for writer in writers]
    if any(codes):
        sys.exit("Une écriture a échoué pendant la sauvegarde.")


def commits(folder: Path) -> list[float]:
    return sorted(
        float(line) for path in folder.glob("writer-*") for line in path.read_text().splitlines() if line
    )


def measure(pace: float, backups: int) -> int:
    with tempfile.TemporaryDirectory(prefix="jalons-bench-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        here, elsewhere = stack.enter_context(places(folder))
        with writing(here, folder, pace):
            start = time.monotonic()
            for number in range(backups):
                run(here, "manage.py", "backup", "--output", str(folder / f"out{number}"))
            end = time.monotonic()
        instants = commits(folder)
        during = sum(start <= instant <= end for instant in instants)
        held = during / (end - start)
        archive = next((folder / f"out{backups - 1}").glob("*.jalons"))
        run(elsewhere, "manage.py", "restore", str(archive))
        seen = json.loads(run(elsewhere, "-m", "bench.saving", "look"))
    print(
        f"{held:.0f} écritures par seconde pendant {end - start:.1f} s de sauvegarde ({during} en tout) ; "
        f"{seen['written']} dans la base restaurée, {len(seen['alone'])} à moitié écrites, "
        f"{len(seen['wrong'])} fichiers absents ou abîmés."
    )
    return int(bool(seen["alone"] or seen["wrong"] or not seen["written"]) or held < pace * 0.95)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.saving", description=__doc__)
    parser.add_argument("part", nargs="?", choices=["measure", "write", "look"], default="measure")
    parser.add_argument("--pace", type=float, default=50, help="écritures par seconde, en tout (50)")
    parser.add_argument(
        "--backups", type=int, default=3, help="sauvegardes à la suite ; la dernière est restaurée (3)"
    )
    parser.add_argument("--number", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.part == "write":
        write(asked.number, asked.pace, asked.folder)
    elif asked.part == "look":
        look()
    else:
        return measure(asked.pace, asked.backups)
    return 0


if __name__ == "__main__":
    sys.exit(main())
