"""Children on this side: the nursery of this process, and what one knows of each child."""

import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from jalons.core.confined.nursery import BORN, LENGTH

BIRTH, CLOSING = 60, 5  # seconds; a nursery that is longer is taken for dead
PROGRAM = Path(__file__).with_name("nursery.py")


@dataclass
class Child:
    """A process that reads a file. `output`: what it answers; `keeper`: who tells how it ended."""

    output: IO[bytes]
    keeper: socket.socket

    def status(self, deadline: float) -> int | None:
        """As `subprocess` says it: below zero for a signal. None when it has not ended in time."""
        words = b""
        with contextlib.suppress(TimeoutError, OSError):
            while True:
                self.keeper.settimeout(max(0.001, deadline - time.monotonic()))
                part = self.keeper.recv(16)
                if not part:
                    break
                words += part
        return int(words) if words else None

    def end(self) -> None:
        """Kills it, if it still lives, and waits until it has ended."""
        self.output.close()
        with contextlib.suppress(OSError):
            self.keeper.shutdown(socket.SHUT_WR)
        self.status(time.monotonic() + 5)
        self.keeper.close()


def heard(keeper: socket.socket) -> bytes:
    """One byte, or none of a nursery that has ended."""
    try:
        return keeper.recv(1)
    except OSError:
        return b""


@dataclass
class Nursery:
    """Starts when a child is first asked for, and again after it has ended. One a process: a fork has its own."""

    process: subprocess.Popen[bytes] | None = None
    requests: socket.socket | None = None
    owner: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def bear(self, task: str, file: IO[bytes], options: dict[str, Any]) -> Child:
        """`OSError` when no process can be started."""
        with self.lock:
            # It ends by itself when idle: a first failure says no more than that.
            for _ in range(2):
                child = self.tried(task, file, options)
                if child is not None:
                    return child
                self.close()
        raise OSError("no child could be born")

    def tried(self, task: str, file: IO[bytes], options: dict[str, Any]) -> Child | None:
        if self.owner != os.getpid():
            self.start()
        assert self.requests is not None  # noqa: S101  # started
        text = json.dumps([task, options]).encode()
        ours, keeper = socket.socketpair()
        read, write = os.pipe()
        output = os.fdopen(read, "rb")
        with keeper:
            try:
                given = [file.fileno(), write, keeper.fileno()]
                socket.send_fds(self.requests, [LENGTH.pack(len(text))], given)
                self.requests.sendall(text)
            except OSError:
                born = b""
            else:
                keeper.close()
                ours.settimeout(BIRTH)
                born = heard(ours)
            finally:
                os.close(write)
        if born == BORN:
            return Child(output, ours)
        ours.close()
        output.close()
        return None

    def start(self) -> None:
        """Without anything of ours: no environment, no other file, no folder."""
        self.requests, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-I", str(PROGRAM)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={"LC_ALL": "C.UTF-8"},
                cwd="/",
                start_new_session=True,
            )
        self.owner = os.getpid()

    def close(self) -> None:
        """The nursery ends when it hears nobody; the next file starts another."""
        mine, self.owner = self.owner == os.getpid(), 0
        if self.requests:
            self.requests.close()
        if self.process and mine:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(CLOSING)
            self.process.kill()
            self.process.wait()
        self.process = self.requests = None


nursery = Nursery()
atexit.register(nursery.close)  # which only hastens what its silence would do
