"""PostgreSQL stops, then starts again: 503 meanwhile, with what was typed, and no restart of Jalons."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import pytest

from tests.core.apart import PHRASE
from tests.core.running import ROOT, Running, prepared

SCRIPT = ROOT / "scripts" / "postgres"
KEY = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
HOLD = "import os, sys; print(os.environ['DATABASE_URL'], flush=True); sys.stdin.read()"


def tool() -> Any:
    loader = SourceFileLoader("scripts_postgres", str(SCRIPT))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def cluster() -> Iterator[str]:
    """A server of our own, which stays until the end of the test."""
    if subprocess.run([SCRIPT], capture_output=True).returncode:
        pytest.skip("PostgreSQL est introuvable (sous Debian : apt install postgresql).")
    process = subprocess.Popen(
        [SCRIPT, sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    yield process.stdout.readline().strip()
    process.communicate()


def home_of(url: str) -> tuple[Path, int]:
    """Where the server of this address keeps its data, and its process: found by its port, which is ours alone."""
    port = url.rpartition(":")[2].partition("/")[0]
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            words = (entry / "cmdline").read_bytes().decode().split("\0") if entry.name.isdecimal() else []
            if f"--port={port}" in words:
                return Path(words[words.index("-D") + 1]), int(entry.name)
    raise AssertionError(f"aucun serveur sur le port {port}")


def test_it_comes_back_by_itself(cluster: str, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    world = prepared(tmp_path, DATABASE_URL=cluster)
    home, pid = home_of(cluster)
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().rstrip("\0").split("\0")
    site, comments = f"/sites/{world['site']}/", f"/commentaires/site/{world['site']}/"
    with Running(tmp_path, world, DATABASE_URL=cluster) as running:
        assert running.get(site)["status"] == 200
        again = None
        os.kill(pid, signal.SIGQUIT)
        stopped(home)
        try:
            for path in (site, "/", "/sites/", "/mon-compte/"):
                answer = running.get(path)
                assert (answer["status"], "ne joint plus ses données" in answer["title"]) == (503, True)
            written = running.post(comments, text=PHRASE, submission_key=KEY)
            assert written["status"] == 503
            assert "rien n’est enregistré" in written["title"]
            assert PHRASE in written["page"]
            assert running.get("/sante")["status"] == 503
        finally:
            again = restarted(home, words)
        try:
            assert running.get(site)["status"] == 200
            assert running.post(comments, text=PHRASE, submission_key=KEY)["status"] == 302
            assert PHRASE in running.get(comments)["page"]
            assert running.get("/sante")["status"] == 200
        finally:
            again.send_signal(signal.SIGQUIT)
            again.wait()


def stopped(home: Path) -> None:
    """Waits until the server has taken its last process with it."""
    while subprocess.run(["pgrep", "-f", f"^\\S*postgres.* -D {home}"], capture_output=True).returncode == 0:
        pass


def restarted(home: Path, words: list[str]) -> subprocess.Popen[bytes]:
    """The same server again, on the same port, once it answers."""
    module = tool()
    (home / "postmaster.pid").unlink(missing_ok=True)
    server = subprocess.Popen(
        words,
        cwd=home.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        **module.account(),
    )
    port = next(word.partition("=")[2] for word in words if word.startswith("--port="))
    ready = [module.binaries() / "pg_isready", "-q", "-h", "127.0.0.1", "-p", port, "-U", "jalons"]
    while subprocess.run(ready).returncode:
        assert server.poll() is None, "PostgreSQL n’a pas redémarré"
    return server
