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
        out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"Le port {port} est déjà pris" in err
    assert "Traceback" not in err
    assert not (tmp_path / "data" / "jalons.sqlite3").exists()


@pytest.mark.parametrize("port", ["huit mille", "0", "70000"])
def test_senseless_port_says_so(port: str, tmp_path: Path) -> None:
    process = serve(port, tmp_path)
    assert "JALONS_PORT doit être un nombre" in process.communicate(timeout=60)[1]
    assert process.returncode == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serves_then_stops_whole(number: signal.Signals, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = serve(port, tmp_path)
    assert process.stdout is not None
    url = ""
    while not url:
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        url = "".join(re.findall(r"http://\S+", line))
    with urllib.request.urlopen(url, timeout=10) as response:
        assert response.status == 200
        assert "Jalons" in response.read().decode()
    process.send_signal(number)
    process.communicate(timeout=30)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
