"""Speaks to `tests.core.apart`, on a folder or a server that a test then damages."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
# Root may write everywhere, whatever a folder says: without this capability it is like everybody.
LIKE_EVERYBODY = ["setpriv", "--inh-caps=-all", "--bounding-set=-dac_override,-dac_read_search"]
APART = [sys.executable, "-m", "tests.core.apart"]


def environment(folder: Path, **more: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    inherited.pop("DJANGO_SETTINGS_MODULE", None)
    return inherited | {"JALONS_DATA_DIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1"} | more


def prepared(folder: Path, **more: str) -> dict[str, Any]:
    """The session and the site of a new database."""
    made = subprocess.run(
        [*APART, "prepare"], env=environment(folder, **more), cwd=ROOT, capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    return json.loads(made.stdout)


class Running:
    """A process that answers as long as it is there."""

    def __init__(self, folder: Path, world: dict[str, Any], *, before: list[str] | None = None, **more: str):
        self.session = world["session"]
        self.process = subprocess.Popen(
            [*(before or []), *APART, "ask"],
            env=environment(folder, **more),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *error: object) -> None:
        self.process.communicate()

    def get(self, path: str) -> dict[str, Any]:
        return self.asked({"get": path})

    def post(self, path: str, **data: str) -> dict[str, Any]:
        return self.asked({"post": path, "data": data})

    def asked(self, question: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({**question, "session": self.session}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "le processus s’est arrêté"
        return json.loads(line)
