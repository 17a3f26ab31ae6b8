"""The children that read files (`jalons/core/confined`), forked from one that has its libraries.

Importing them again was most of what reading a file cost, and the suite reads hundreds.

What a child then is does not change: it runs `child.main`, which confines it, on the same file and with the same
environment. `tests/core/test_confined.py` starts real ones, as does whoever asks for a task that is not in `TASKS`.
"""

import atexit
import contextlib
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import IO, Any

from jalons.core import confined
from tests.guards.short_writes import refused

SOURCE = Path(__file__).with_name("warm_source.py")
TASKS = (
    "jalons.spreadsheets.child:sheets",
    "jalons.documents.inspection.office:inspect",
    "jalons.documents.inspection.pdf:inspect",
    "jalons.layers.reading.child:read_layer",
)


@cache
def source(process: int) -> socket.socket:
    """Where this process asks for a child: the other end has the libraries, and ends with us."""
    # Each message comes whole: two threads never mix theirs.
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    modules = sorted({task.partition(":")[0] for task in TASKS})
    started = subprocess.Popen(
        [sys.executable, "-I", str(SOURCE), str(theirs.fileno()), *modules],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"LC_ALL": "C.UTF-8"},
        cwd="/",
        pass_fds=[theirs.fileno()],
        start_new_session=True,
    )
    theirs.close()

    def end() -> None:
        ours.close()
        started.wait()  # what its children used is counted as ours

    atexit.register(end)
    return ours


class WarmChild:
    """What `confined` wants of a process."""

    def __init__(self, stdout: IO[bytes], report: int) -> None:
        self.stdout, self.report = stdout, report
        self.pid = self.told(None)
        self.status: int | None = None

    def told(self, timeout: float | None) -> int:
        if not select.select([self.report], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("child", timeout or 0)
        (number,) = struct.unpack("i", os.read(self.report, 4))
        return int(number)

    def wait(self, timeout: float | None = None) -> int:
        if self.status is None:
            self.status = os.waitstatus_to_exitcode(self.told(timeout))
        return self.status

    def kill(self) -> None:
        if self.status is None and not select.select([self.report], [], [], 0)[0]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        self.stdout.close()
        os.close(self.report)


ordinary = confined.started


@contextlib.contextmanager
def started(task: str, copy: IO[bytes], options: dict[str, Any]) -> Iterator[Any]:
    """In place of `confined.started`."""
    if task not in TASKS:
        with ordinary(task, copy, options) as child:
            yield child
        return
    limits = {"memory": confined.MEMORY, "seconds": confined.SECONDS, "patience": confined.PATIENCE}
    asked = json.dumps([task, json.dumps({**limits, **options})]).encode()
    (read, write), (report, told) = os.pipe(), os.pipe()
    try:
        socket.send_fds(source(os.getpid()), [asked], [copy.fileno(), write, told])
    finally:
        os.close(write)
        os.close(told)
    child = WarmChild(os.fdopen(read, "rb"), report)
    try:
        yield child
    finally:
        child.kill()
        child.wait()
        child.close()


def install() -> None:
    confined.started = refused(started, "un programme est lancé")
