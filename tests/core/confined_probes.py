"""What a child may do wrong, for `test_confined`. Imported by the child: no Django here."""

import os
import resource
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from jalons.core.archives import EncryptedFile, OversizedFile


def lengths(file: BinaryIO, more: int) -> Iterator[Any]:
    yield len(file.read())
    yield more
    yield "é\n"


def takes_memory(file: BinaryIO) -> Iterator[Any]:
    yield len(bytearray(2 * 1024**3))


def aborts(file: BinaryIO) -> Iterator[Any]:
    yield 1
    sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGABRT)


def is_killed(file: BinaryIO) -> Iterator[Any]:
    os.kill(os.getpid(), signal.SIGKILL)
    yield 1


def crashes(file: BinaryIO) -> Iterator[Any]:
    os.kill(os.getpid(), signal.SIGSEGV)
    yield 1


def fails(file: BinaryIO) -> Iterator[Any]:
    yield 1
    raise ZeroDivisionError


def leaves(file: BinaryIO) -> Iterator[Any]:
    yield 1
    os._exit(0)


def oversized(file: BinaryIO) -> Iterator[Any]:
    raise OversizedFile
    yield 1


def encrypted(file: BinaryIO) -> Iterator[Any]:
    raise EncryptedFile
    yield 1


def answers_nonsense(file: BinaryIO) -> Iterator[Any]:
    os.write(1, b"{]\n")
    yield 1


def answers_too_deep(file: BinaryIO) -> Iterator[Any]:
    os.write(1, b"[" * 100_000 + b"\n")
    yield 1


def answers_for_ever(file: BinaryIO) -> Iterator[Any]:
    while True:
        yield "x" * 10_000


def loops(file: BinaryIO) -> Iterator[Any]:
    yield 1
    while True:
        pass


def sleeps(file: BinaryIO) -> Iterator[Any]:
    yield 1
    time.sleep(600)


def sleeps_without_a_word(file: BinaryIO) -> Iterator[Any]:
    os.close(1)
    time.sleep(600)
    yield 1


LEFT: list[int] = []


def leaves_something(file: BinaryIO) -> Iterator[Any]:
    LEFT.append(1)
    yield len(LEFT)


def means(file: BinaryIO) -> Iterator[Any]:
    limits = {
        "core": resource.RLIMIT_CORE,
        "written": resource.RLIMIT_FSIZE,
        "processes": resource.RLIMIT_NPROC,
        "memory": resource.RLIMIT_AS,
    }
    opened = [int(path.name) for path in Path("/proc/self/fd").iterdir() if path.exists()]
    yield {
        "environment": dict(os.environ),
        "files": sorted(opened)[:3] if len(opened) <= 4 else sorted(opened),
        "folder": str(Path.cwd()),
        "modules": [name for name in sys.modules if "." not in name],
        **{name: resource.getrlimit(limit)[0] for name, limit in limits.items()},
    }
