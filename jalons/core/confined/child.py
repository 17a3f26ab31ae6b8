"""What a child does that reads a hostile file: it takes away its own means, then writes one JSON text a line.

The last line is its verdict. No Django here, nor in what a task imports: the nursery that bears children knows nothing.
"""

import json
import os
import resource
import signal
import sys
from importlib import import_module
from typing import Any

FAILED = 70  # exit status, once the verdict is written


def confine(memory: int, seconds: int, patience: int) -> None:
    """Less memory, time and priority than the parent, no file written, no process started, no core dump."""
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_NOFILE: 32,
    }
    for limit, value in limits.items():
        _, most = resource.getrlimit(limit)
        if most != resource.RLIM_INFINITY:
            value = min(value, most)
        resource.setrlimit(limit, (value, value))
    # At the first, a signal that says why; at the second, the end.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 2))
    # An orphan ends too: nobody else would look at the clock.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(patience + 5)
    os.nice(10)
    try:
        # When memory runs out, the machine takes this process rather than one that serves people.
        with open("/proc/self/oom_score_adj", "w") as score:  # noqa: PTH123
            score.write("1000")
    except OSError:
        pass


def task_of(name: str) -> Any:
    """The function « module:function »."""
    module, _, function = name.partition(":")
    return getattr(import_module(module), function)


def answer(task: str, options: dict[str, Any]) -> int:
    """Runs `task` on the file that is the standard input. The status to exit with."""
    confine(*(options.pop(name) for name in ("memory", "seconds", "patience")))
    write = sys.stdout.buffer.write
    try:
        for line in task_of(task)(sys.stdin.buffer, **options):
            write(
                json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
            )
        verdict = {"end": "read"}
    except MemoryError:
        verdict = {"end": "MemoryError"}
    except BaseException as error:  # whatever a library does of a hostile file, a panic of Rust included
        verdict = {"end": type(error).__name__}
    write(json.dumps(verdict).encode() + b"\n")
    sys.stdout.flush()
    return 0 if verdict["end"] == "read" else FAILED
