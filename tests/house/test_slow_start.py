"""A machine that takes its time is waited for."""

import http.client
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from bench import fetching
from jalons.core.management.commands import serve

ROOT = Path(__file__).parents[2]
# Longer to load than a worker may stay silent: without signs of life it is killed, and started again, for ever.
SLOW_APPLICATION = """
import time
from pathlib import Path
with Path(__file__).with_name("starts").open("a") as starts:
    starts.write("x")
time.sleep(6)

def application(environ, start_response):
    start_response("200 OK", [("Content-Length", "5")])
    return [b"ready"]
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def test_a_worker_that_loads_slowly_is_not_killed(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(SLOW_APPLICATION)
    (tmp_path / "data").mkdir()
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "python:jalons.config.gunicorn", "--timeout", "2"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", "1", "slow"]
    environment = {"JALONS_DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": f"{ROOT}:{tmp_path}"}
    server = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        serve.wait_for(server, port)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
            assert answer.read() == b"ready"
    finally:
        server.terminate()
        errors = server.communicate()[1]
    assert (tmp_path / "starts").read_text() == "x", errors
    assert "TIMEOUT" not in errors


class Silent:
    """A server that refuses so many times before it answers; `lives`: how many times it is alive when asked."""

    def __init__(self, refuses: int, lives: int) -> None:
        self.refuses, self.lives = refuses, lives

    def poll(self) -> int | None:
        self.lives -= 1
        return None if self.lives >= 0 else 1

    def answer(self, *args: Any, **kwargs: Any) -> Any:
        self.refuses -= 1
        if self.refuses >= 0:
            raise urllib.error.URLError(ConnectionRefusedError())
        raise urllib.error.HTTPError("", 503, "", http.client.HTTPMessage(), None)


WAITS = [
    lambda server: serve.wait_for(server, 1),
    lambda server: fetching.wait_for(server, "http://127.0.0.1:1/"),
]


def waited(wait: Any, server: Silent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    monkeypatch.setattr("urllib.request.urlopen", server.answer)
    wait(server)


@pytest.mark.parametrize("wait", WAITS, ids=["make run", "bench"])
def test_it_is_waited_for_as_long_as_it_lives(wait: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Silent(refuses=100_000, lives=200_000)
    waited(wait, server, monkeypatch)
    assert server.refuses < 0, "il a répondu, et on l’a attendu jusque-là"


@pytest.mark.parametrize("wait", WAITS, ids=["make run", "bench"])
def test_one_that_stops_is_said_at_once(wait: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises((CommandError, SystemExit)):
        waited(wait, Silent(refuses=100_000, lives=3), monkeypatch)
