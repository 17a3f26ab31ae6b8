"""The nursery: a small process that bears a child for each file. `python -I nursery.py`, its socket on standard input.

A Python that starts and imports what reads PDF or workbooks costs 100 to 190 ms of processor; a fork, two. The nursery
is started without anything of ours and reads no file: what it hands down to a child is what a new Python would have.
Between it and each child stands a keeper, which tells how the child ended and ends it when nobody listens any more.
"""

import contextlib
import gc
import json
import logging
import os
import select
import signal
import socket
import struct
import sys
from typing import NoReturn

HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120  # imported before anything else
sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.dirname(HERE)))]  # noqa: PTH120

from jalons.core.confined.child import answer, task_of  # noqa: E402

IDLE = 120  # seconds without a file, after which the nursery gives its memory back
LENGTH = struct.Struct("!I")
BORN = b"+"
LOST = 71  # exit status of a child that could not begin


def serve(requests: socket.socket) -> None:
    """A keeper for each request, until the parent has ended or asks for nothing more."""
    while select.select([requests], [], [], IDLE)[0]:
        bury(os.WNOHANG)
        length, given, _, _ = socket.recv_fds(requests, LENGTH.size, 3)
        if not length:
            return
        text = received(requests, LENGTH.unpack(length)[0])
        with contextlib.suppress(Exception):
            task_of(json.loads(text)[0])  # imported once, for all those to come
        gc.freeze()
        if os.fork() == 0:
            requests.close()
            keep(text, *given)
        for number in given:
            os.close(number)


def bury(how: int = 0) -> None:
    """Waits for the keepers that have ended, or for all: what children have used is counted with them."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, how)[0]:
            pass


def received(requests: socket.socket, length: int) -> bytes:
    text = b""
    while len(text) < length and (part := requests.recv(length - len(text))):
        text += part
    return text


def keep(text: bytes, file: int, answers: int, listener: int) -> NoReturn:
    """Bears the child, then waits for its end, or for that of whoever listens. Never returns."""
    status = LOST
    with contextlib.suppress(BaseException):
        awake, ring = os.pipe()
        os.set_blocking(ring, False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(ring)
        child = os.fork()
        if child == 0:
            live(text, file, answers)
        os.close(file)
        os.close(answers)
        os.write(listener, BORN)
        if listener in select.select([listener, awake], [], [])[0]:
            os.kill(child, signal.SIGKILL)  # not waited for yet: the number is still its own
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.write(listener, str(status).encode())
    os._exit(0)


def live(text: bytes, file: int, answers: int) -> NoReturn:
    """The child: a file, where to answer, and nothing else. Never returns."""
    status = LOST
    with contextlib.suppress(BaseException):
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        os.dup2(file, 0)
        os.dup2(answers, 1)
        os.closerange(3, 1024)
        sys.stdin, sys.stdout = open(0, encoding="utf-8"), open(1, "w", encoding="utf-8")  # noqa: SIM115
        task, options = json.loads(text)
        status = answer(task, options)
    os._exit(status)  # without freeing one by one what was read


def main() -> None:
    gc.disable()  # a file is a tree; what it holds goes with the process
    logging.disable(logging.CRITICAL)  # a library may have a remark for each byte, and nobody reads them
    requests = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    os.close(nothing)
    with requests:
        serve(requests)
    bury()


if __name__ == "__main__":
    main()
