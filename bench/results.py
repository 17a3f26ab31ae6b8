"""What one measure says."""

import contextlib
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Result:
    """Times in milliseconds, sizes in bytes, memory in megabytes. `problem`: why nothing was measured.

    `work` is the time of the processor in this process: it hardly moves when the machine does other things. `pace`: how
    much slower than the machine of the budgets this one was, by which what is said of times is divided.
    """

    screen: str
    user: str
    problem: str = ""
    times: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)
    queries: int | None = None
    size: int = 0
    compressed: int = 0
    memory: float | None = None
    pace: float = 1.0

    @property
    def median(self) -> float:
        return statistics.median(self.times) / self.pace if self.times else 0.0

    @property
    def median_work(self) -> float:
        return statistics.median(self.work) / self.pace if self.work else 0.0

    @property
    def p95(self) -> float:
        """With few runs, the slowest."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))] / self.pace if ordered else 0.0

    @contextlib.contextmanager
    def timed(self) -> Iterator[None]:
        """Adds how long the block lasts."""
        start, work = time.perf_counter(), time.process_time()
        yield
        self.times.append((time.perf_counter() - start) * 1000)
        self.work.append((time.process_time() - work) * 1000)
