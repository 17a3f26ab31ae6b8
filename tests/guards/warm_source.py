"""Started by `warm_children`: imports what its children need, then forks one for each file that it is handed.

Between it and the child, a keeper waits for the child to end and says how. Only the standard library, and no Django.
"""

import importlib
import json
import os
import socket
import struct
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def serve(channel: socket.socket) -> None:
    while True:
        message, files, _, _ = socket.recv_fds(channel, 1_000_000, 3)
        if not message:
            break
        if os.fork() == 0:
            keep(channel, message, *files)
        for file in files:
            os.close(file)
        while reaped(os.WNOHANG):
            pass
    while reaped(0):
        pass


def reaped(options: int) -> int:
    try:
        return os.waitpid(-1, options)[0]
    except ChildProcessError:
        return 0


def keep(channel: socket.socket, message: bytes, copy: int, answers: int, report: int) -> None:
    channel.close()
    child = os.fork()
    if child == 0:
        os.close(report)
        os.setsid()
        os.dup2(copy, 0)
        os.dup2(answers, 1)
        os.closerange(3, 64)
        task, options = json.loads(message)
        sys.argv = ["child.py", task, options]
        os._exit(importlib.import_module("jalons.core.confined.child").main())
    for file in (0, 1, 2, copy, answers):
        os.close(file)
    os.write(report, struct.pack("i", child))
    _, status = os.waitpid(child, 0)
    os.write(report, struct.pack("i", status))
    os._exit(0)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    for module in sys.argv[2:]:
        importlib.import_module(module)
    serve(socket.socket(fileno=int(sys.argv[1])))
