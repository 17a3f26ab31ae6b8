"""A full disk, or a folder closed to writing: what is there is still read, and nobody is told that it was saved."""

import contextlib
import os
import resource
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.core.apart import PHRASE
from tests.core.running import LIKE_EVERYBODY, Running, prepared

READ = ["/", "/sites/", "/carte/", "/dispositifs/", "/conventions/", "/mon-compte/", "/compte/courriels/"]


@pytest.fixture(scope="module")
def original() -> Iterator[tuple[Path, dict[str, Any]]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield folder, prepared(folder)


def copy(original: Path, folder: Path) -> None:
    for path in original.iterdir():
        if path.is_file():
            shutil.copy(path, folder / path.name)


def check_reads_and_says(running: Running, world: dict[str, Any]) -> None:
    """Every kind of page is read; writing answers 503, with what was typed; health says so."""
    sheet = f"/sites/{world['site']}/"
    for path in (*READ, sheet, f"{sheet}historique/"):
        answer = running.get(path)
        assert answer["status"] == 200, (path, answer["title"])
    comment = running.post(f"/commentaires/site/{world['site']}/", text=PHRASE, submission_key=KEY)
    assert comment["status"] == 503
    assert "Plus de place sur le serveur" in comment["title"]
    assert PHRASE in comment["page"]
    assert "Envoyer de nouveau" in comment["page"]
    assert running.get("/sante")["status"] == 503
    file = running.get("/sites/export?format=csv")
    assert (file["status"], "Plus de place" in file["title"]) == (503, True), (
        "sans trace, aucun fichier ne sort"
    )


def check_recovers(running: Running, world: dict[str, Any]) -> None:
    """Once there is room again, the same process writes, and once."""
    for _ in range(2):
        saved = running.post(f"/commentaires/site/{world['site']}/", text=PHRASE, submission_key=KEY)
        assert saved["status"] == 302, saved["title"]
    page = (
        running.get(f"/sites/{world['site']}/")["page"]
        + running.get(f"/commentaires/site/{world['site']}/")["page"]
    )
    assert PHRASE in page
    assert running.get("/sante")["status"] == 200


KEY = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


@pytest.mark.parametrize("journal", [False, True], ids=["au repos", "un autre écrit"])
def test_a_folder_closed_to_writing(
    original: tuple[Path, dict[str, Any]], journal: bool, tmp_path: Path
) -> None:
    source, world = original
    folder = tmp_path / "data"
    folder.mkdir()
    copy(source, folder)
    with contextlib.ExitStack() as stack:
        if journal:
            stack.enter_context(another_writer(folder / "jalons.sqlite3"))
        close(folder)
        stack.callback(reopen, folder)
        before = LIKE_EVERYBODY if os.geteuid() == 0 else []
        with Running(folder, world, before=before) as running:
            check_reads_and_says(running, world)
            reopen(folder)
            check_recovers(running, world)


@contextlib.contextmanager
def another_writer(path: Path) -> Iterator[None]:
    """A program that has the database open, with its journal beside."""
    code = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('PRAGMA journal_mode=WAL'); c.execute("
    code += "'CREATE TABLE other(a)'); c.commit(); print('ok', flush=True); sys.stdin.read()"
    pipe = subprocess.PIPE
    writer = subprocess.Popen(["python3", "-c", code, str(path)], stdin=pipe, stdout=pipe, text=True)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ok\n"
    try:
        yield
    finally:
        writer.communicate()


def close(folder: Path) -> None:
    for path in folder.iterdir():
        path.chmod(0o400)
    folder.chmod(0o500)


def reopen(folder: Path) -> None:
    folder.chmod(0o700)
    for path in folder.iterdir():
        path.chmod(0o600)


# A full disk ----------------------------------------------------------------------------------------------


def may_mount() -> bool:
    """A little disk of our own, in memory, that we can fill; not in every container."""
    with tempfile.TemporaryDirectory() as name:
        tried = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", name], capture_output=True)
        if tried.returncode == 0:
            subprocess.run(["umount", name], check=True)
        return tried.returncode == 0


@contextlib.contextmanager
def little_disk(folder: Path) -> Iterator[tuple[Callable[[], None], Callable[[int], None]]]:
    """Gives how to fill it, and how to make room for a process."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m,mode=700", "tmpfs", str(folder)], check=True)
    ballast = folder / "ballast"

    def fill() -> None:
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))

    try:
        yield fill, lambda pid: ballast.unlink()
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextlib.contextmanager
def little_files(folder: Path) -> Iterator[tuple[Callable[[], None], Callable[[int], None]]]:
    """Where nothing can be mounted: the system refuses that a file of this process grows."""
    least, most = resource.getrlimit(resource.RLIMIT_FSIZE)

    def make_room(pid: int) -> None:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (least, most))

    yield lambda: None, make_room


def test_a_full_disk(original: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    source, world = original
    folder = tmp_path / "data"
    folder.mkdir()
    mounted = may_mount()
    with (little_disk if mounted else little_files)(folder) as (fill, make_room):
        copy(source, folder)
        fill()
        with Running(
            folder, world, before=[] if mounted else ["prlimit", "--fsize=1024:unlimited"]
        ) as running:
            check_reads_and_says(running, world)
            make_room(running.process.pid)
            check_recovers(running, world)


def test_the_database_is_its_owner_s_only(original: tuple[Path, dict[str, Any]]) -> None:
    folder, world = original
    with Running(folder, world) as running:
        running.get("/")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes["jalons.sqlite3"] == 0o600
    assert {mode for name, mode in modes.items() if name != "uploads"} == {0o600}
