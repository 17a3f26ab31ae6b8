"""The child process that reads a hostile file: `python -I child.py TASK OPTIONS`, the file on standard input.

It takes away its own means before it opens anything, then writes one JSON text a line. The last line is its verdict.
No Django here: a child must start in a few hundredths of a second.
"""

import gc
import importlib
import json
import logging
import os
import resource
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
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


def main() -> int:
    task, options = sys.argv[1], json.loads(sys.argv[2])
    gc.disable()  # a file is a tree; what it holds goes with the process
    confine(*(options.pop(name) for name in ("memory", "seconds", "patience")))
    logging.disable(logging.CRITICAL)  # a library may have a remark for each byte, and nobody reads them
    sys.path.insert(0, str(ROOT))
    module, _, function = task.partition(":")
    write = sys.stdout.buffer.write
    try:
        for answer in getattr(importlib.import_module(module), function)(sys.stdin.buffer, **options):
            write(
                json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
                + b"\n"
            )
        verdict = {"end": "read"}
    except MemoryError:
        verdict = {"end": "MemoryError"}
    except BaseException as error:  # whatever a library does of a hostile file, a panic of Rust included
        verdict = {"end": type(error).__name__}
    write(json.dumps(verdict).encode() + b"\n")
    sys.stdout.flush()
    return 0 if verdict["end"] == "read" else FAILED


if __name__ == "__main__":
    os._exit(main())  # without freeing one by one what was read
