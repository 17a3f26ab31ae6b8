"""What each part of the gate cost, handed in a file from one command to the next.

Only the standard library, for `scripts/`. `make check test` runs two scripts, and the second runs pytest twice: the
last line of all is pytest's own, so that pytest must know what came before. See `tests/guards/durations.py`.
"""

import contextlib
import json
import os
import resource
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FILE = Path(os.environ.get("GATE_FILE") or Path(__file__).resolve().parents[2] / "build" / "parts.json")
PART = "GATE_PART"  # scripts/test's: the name of the part that a pytest is
RUN = "MAKE_RUN"  # the Makefile's: the same for all that one `make` runs
SERVER = "POSTGRES_SERVER_PID"  # scripts/postgres's: the server is no child of the command that must count it
# Twelve minutes of processor on two cores that do nothing else are six minutes of waiting, and ten on slow ones.
BUDGET = 12 * 60


@dataclass
class Part:
    """One part: seconds of waiting, seconds of processor (its children and its server too), its slowest tests."""

    name: str
    seconds: float
    processor: float
    slowest: list[tuple[float, str]] = field(default_factory=list)


def used() -> float:
    """Seconds of processor so far: this process, its children that ended, and the PostgreSQL made for it."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages) + server_used(os.environ.get(SERVER))


def server_used(pid: str | None) -> float:
    """Seconds of processor of process `pid` and its ended children; 0 without one, or on a system without /proc."""
    try:
        line = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    # After the name, which is in brackets and may hold spaces: utime, stime, cutime and cstime are fields 14 to 17.
    ticks = line.rpartition(")")[2].split()[11:15]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def forget() -> None:
    """Forgets the parts that another `make` wrote."""
    if not os.environ.get(RUN) or _read()["run"] != os.environ[RUN]:
        _write([])


def parts() -> list[Part]:
    return [Part(**{**one, "slowest": [tuple(slow) for slow in one["slowest"]]}) for one in _read()["parts"]]


def add(part: Part) -> None:
    _write([*parts(), part])


@contextlib.contextmanager
def part(name: str) -> Iterator[None]:
    """Counts as part `name` what runs within."""
    start, before = time.monotonic(), used()
    yield
    add(Part(name, time.monotonic() - start, used() - before))


def _read() -> dict[str, Any]:
    try:
        return json.loads(FILE.read_text("utf-8"))
    except (OSError, ValueError):
        return {"run": "", "parts": []}


def _write(parts: list[Part]) -> None:
    FILE.parent.mkdir(exist_ok=True)
    content = {"run": os.environ.get(RUN, ""), "parts": [asdict(one) for one in parts]}
    FILE.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
