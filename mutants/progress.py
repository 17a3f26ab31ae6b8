"""How far the mutants of a package are, told while they run: a line every tenth, and each survivor as it comes."""

import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import TextIO

from mutants.plan import SURVIVED
from mutants.report import Result, results_of

EVERY = 10


class Progress:
    """Reads the results as they are written to `out`; `total`, how many mutants there will be."""

    def __init__(self, out: Path, total: int, to: TextIO) -> None:
        self.out = out
        self.total = total
        self.to = to
        self.counts: Counter[str] = Counter()

    def until_end(self, running: subprocess.Popen[bytes]) -> None:
        self._print(
            f"{self.total} mutants. Les tests les plus proches tournent d’abord une fois, sans faute…"
        )
        while running.poll() is None:
            self.read()
            time.sleep(0.2)
        self.read()

    def read(self) -> None:
        """Prints what is new since the last time."""
        done = self.counts.total()
        for result in results_of(self.out)[done:]:
            self.counts[result.status] += 1
            self._one(result)

    def _one(self, result: Result) -> None:
        done, alive = self.counts.total(), self.counts[SURVIVED]
        if result.status == SURVIVED:
            self._print(f"  survit : {result.name}")
        if done % EVERY == 0 or done == self.total:
            self._print(f"  {done} essayés sur {self.total}, {alive} survivants")

    def _print(self, line: str) -> None:
        print(line, file=self.to, flush=True)
