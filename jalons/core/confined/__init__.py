"""Reading a file that a person sent, in a child process that may die: the only place that says so in French.

A library may be made to ask for all the memory, to loop or to abort; what it takes down is then a child, never the
process that serves people.
"""

import contextlib
import json
import logging
import os
import selectors
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from enum import StrEnum
from typing import IO, Any

from jalons.core.archives import DamagedFile, EncryptedFile, OversizedFile
from jalons.core.confined.children import Child, nursery

logger = logging.getLogger(__name__)

MEMORY = 1536 * 1024 * 1024  # bytes of address space
SECONDS = 30  # of processor
PATIENCE = 30  # seconds on the clock, which a busy machine spends elsewhere
LONGEST_ANSWER = 160 * 1024 * 1024  # bytes
CHUNK = 64 * 1024
# In one process: that many children, and one request that waits. The other threads go on serving people.
CHILDREN = threading.BoundedSemaphore(2)
REQUESTS = threading.BoundedSemaphore(3)


class Reason(StrEnum):
    """Why a file was not read, and what its reader is told."""

    DAMAGED = "damaged"
    OVERSIZED = "oversized"
    PROTECTED = "protected"
    MEMORY = "memory"
    TIME = "time"
    BUSY = "busy"


VERDICTS = {
    Reason.DAMAGED: "Ce fichier est abîmé\u00a0: il ne se lit pas. Ouvrez-le sur votre ordinateur, puis enregistrez-le "
    "de nouveau.",
    Reason.OVERSIZED: "Ce fichier se déplie en un contenu démesuré. Allégez-le\u00a0: une case écrite très loin, "
    "des feuilles ou des images en trop.",
    Reason.PROTECTED: "Ce fichier est protégé par un mot de passe. Retirez le mot de passe, puis enregistrez-le.",
    Reason.MEMORY: "Ce fichier demande trop de mémoire pour être lu. Allégez-le, ou coupez-le en plusieurs fichiers.",
    Reason.TIME: f"La lecture de ce fichier n’était pas finie après {SECONDS} secondes. Envoyez-le de nouveau dans une "
    "minute\u00a0; si cela recommence, allégez-le, ou coupez-le en plusieurs fichiers.",
    Reason.BUSY: "Jalons lit déjà d’autres fichiers. Rien n’est perdu\u00a0: envoyez celui-ci de nouveau dans une "
    "minute.",
}
BY_ERROR = {
    OversizedFile.__name__: Reason.OVERSIZED,
    EncryptedFile.__name__: Reason.PROTECTED,
    DamagedFile.__name__: Reason.DAMAGED,
    MemoryError.__name__: Reason.MEMORY,
}

# Rust aborts when memory is refused to it; the system kills when there is none left.
BY_SIGNAL = {
    signal.SIGABRT: Reason.MEMORY,
    signal.SIGKILL: Reason.MEMORY,
    signal.SIGXCPU: Reason.TIME,
    signal.SIGALRM: Reason.TIME,
}


class UnreadFile(Exception):
    """The file was not read: `str()` is a whole sentence in French."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(VERDICTS[reason])
        self.reason = reason


def read_confined(task: str, file: Any, **options: Any) -> Iterator[Any]:
    """What `task` (« module:function ») yields about `file` in a child. Raises `UnreadFile`.

    `file` is read from its beginning, wherever it stood. The function takes an open file and yields what JSON can say;
    its module imports no Django. What a child answers is as foreign as the file: callers check its shape.
    """
    if not REQUESTS.acquire(blocking=False):
        raise UnreadFile(Reason.BUSY)
    try:
        if not CHILDREN.acquire(timeout=PATIENCE / 2):
            raise UnreadFile(Reason.BUSY)
        try:
            with anonymous_copy(file) as copy, started(task, copy, options) as child:
                yield from answers_of(child, time.monotonic() + PATIENCE)
        finally:
            CHILDREN.release()
    finally:
        REQUESTS.release()


@contextlib.contextmanager
def anonymous_copy(file: Any) -> Iterator[IO[bytes]]:
    """A copy that has no name, which nobody else can open and which ends with this process."""
    # In memory where the system can: a full disk does not keep a file from being read.
    memory = hasattr(os, "memfd_create")
    with os.fdopen(os.memfd_create("jalons"), "w+b") if memory else tempfile.TemporaryFile() as copy:
        file.seek(0)
        while chunk := file.read(CHUNK):
            copy.write(chunk)
        file.seek(0)
        copy.flush()
        copy.seek(0)
        yield copy


@contextlib.contextmanager
def started(task: str, copy: IO[bytes], options: dict[str, Any]) -> Iterator[Child]:
    """The child, which has nothing of ours. Killed on the way out."""
    limits = {"memory": MEMORY, "seconds": SECONDS, "patience": PATIENCE}
    child = nursery.bear(task, copy, {**limits, **options})
    try:
        yield child
    finally:
        child.end()


def answers_of(child: Child, deadline: float) -> Iterator[Any]:
    """Every answer but the last, which is the verdict."""
    try:
        previous: list[Any] = []
        for line in lines_of(child, deadline):
            yield from previous
            previous = [json.loads(line)]
    except (ValueError, RecursionError):
        raise UnreadFile(Reason.DAMAGED) from None
    verdict = previous[0] if previous else None
    end = verdict.get("end") if isinstance(verdict, dict) else None
    if end == "read":
        return
    if end is None:
        raise UnreadFile(reason_of_death(child, deadline))
    reason = BY_ERROR.get(str(end), Reason.DAMAGED)
    if end not in BY_ERROR:
        logger.info("Un fichier n’a pas pu être lu (%s)", str(end)[:60])
    raise UnreadFile(reason)


def lines_of(child: Child, deadline: float) -> Iterator[bytes]:
    """Lines as they come, until the child closes its side."""
    pipe = child.output
    pending, length = bytearray(), 0
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise UnreadFile(Reason.TIME)
            chunk = os.read(pipe.fileno(), CHUNK)
            length += len(chunk)
            if length > LONGEST_ANSWER:
                raise UnreadFile(Reason.OVERSIZED)
            if not chunk:
                return
            *lines, rest = chunk.split(b"\n")
            for line in lines:
                yield bytes(pending + line)
                pending.clear()
            pending += rest


def reason_of_death(child: Child, deadline: float) -> Reason:
    """The child ended without a verdict: its time, its memory, or a fault of the library."""
    status = child.status(deadline)
    if status is None:
        return Reason.TIME
    logger.warning("La lecture d’un fichier a tué son processus (%s)", status)
    return next((reason for number, reason in BY_SIGNAL.items() if number == -status), Reason.DAMAGED)
