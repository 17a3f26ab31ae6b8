"""`scripts/postgres`: a PostgreSQL that lives as long as a command."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "postgres"
SAY = "import os; print(os.environ['DATABASE_URL'], flush=True)"


@pytest.fixture(autouse=True)
def postgres() -> None:
    found = subprocess.run([SCRIPT], capture_output=True, text=True)
    if found.returncode:
        pytest.skip(found.stderr)


def clusters(folder: Path) -> list[Path]:
    return list(folder.glob("jalons-postgres-*"))


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where the cluster is put. Not `tmp_path`, which the account of PostgreSQL may not enter."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def start(folder: Path, code: str) -> subprocess.Popen[str]:
    command = [SCRIPT, sys.executable, "-c", code]
    return subprocess.Popen(
        command, env={**os.environ, "TMPDIR": str(folder)}, stdout=subprocess.PIPE, text=True
    )


def test_command_has_its_database_and_keeps_its_exit_code(folder: Path) -> None:
    query = (
        "import psycopg; print(psycopg.connect(os.environ['DATABASE_URL']).execute('select 6').fetchone()[0])"
    )
    process = start(folder, f"{SAY}; {query}; raise SystemExit(7)")
    url, answer = process.communicate(timeout=60)[0].split()
    assert re.fullmatch(r"postgres://jalons:\w{32}@127\.0\.0\.1:\d+/jalons", url)
    assert (answer, process.returncode, clusters(folder)) == ("6", 7, [])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_nothing_remains_when_interrupted(folder: Path, number: signal.Signals) -> None:
    process = start(folder, f"{SAY}; import time; time.sleep(60)")
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    assert clusters(folder)
    process.send_signal(number)
    assert process.wait(timeout=30) == 128 + number
    assert clusters(folder) == []
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
