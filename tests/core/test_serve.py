"""`manage.py serve`, as `make run` starts it."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def serve(port: int | str, data: Path) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {
        "JALONS_DATA_DIR": str(data),
        "JALONS_PORT": str(port),
        "JALONS_STATIC_ROOT": str(data / "static"),
        "DJANGO_SETTINGS_MODULE": "jalons.config.settings.development",
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "manage.py", "serve"]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe, text=True)


def test_busy_port_says_so_before_anything_else(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = serve(port, tmp_path / "data")
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"Le port {port} est déjà pris" in err
    assert "Traceback" not in err
    assert not (tmp_path / "data" / "jalons.sqlite3").exists()


@pytest.mark.parametrize("port", ["huit mille", "0", "70000"])
def test_senseless_port_says_so(port: str, tmp_path: Path) -> None:
    process = serve(port, tmp_path)
    assert "JALONS_PORT doit être un nombre" in process.communicate(timeout=60)[1]
    assert process.returncode == 1


def address(process: subprocess.Popen[str]) -> str:
    """The address that the process says it serves, once it says so."""
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"http://\S+", line):
            return found[0]
    raise AssertionError(process.communicate()[1])


def test_serves_then_stops_whole_each_time(tmp_path: Path) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        process = serve(port, tmp_path)
        with urllib.request.urlopen(address(process), timeout=10) as response:
            assert response.status == 200
            assert "Jalons" in response.read().decode()
        process.send_signal(number)
        process.communicate(timeout=30)
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0
