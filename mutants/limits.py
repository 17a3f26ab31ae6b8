"""What a mutant may use, so that an endless loop ends: processor time and memory, never the clock of the machine."""

import resource
from pathlib import Path

MORE_MEMORY = 1 << 30


def limit(seconds: float) -> None:
    """From now on this process is stopped after so many seconds of processor, or above one more gigabyte."""
    whole = int(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (whole, whole + 5))
    status = Path("/proc/self/statm")
    if status.exists():
        used = int(status.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + MORE_MEMORY, resource.RLIM_INFINITY))
