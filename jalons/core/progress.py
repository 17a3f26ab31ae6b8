"""How far a long job is, and whether somebody has asked to stop it.

A job that writes everything in one transaction can say nothing through the base before its end. It says it in small
files of the data folder, which the web process and the worker share as they share the documents.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

FOLDER = "progress"
Tell = Callable[[int, int], None]  # what is done, of how much


class JobStopped(Exception):
    """Somebody asked to stop the job: nothing of it may stay."""


def ignore(done: int, total: int) -> None:
    """For work that nobody watches."""


@dataclass(frozen=True, slots=True)
class Advance:
    done: int
    total: int

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


class JobProgress:
    """Of one job. `key` names its files: letters, digits and hyphens."""

    def __init__(self, key: str) -> None:
        folder = Path(settings.DATA_DIR) / FOLDER
        self.path, self.stop_path = folder / key, folder / f"{key}.stop"
        self.last = -1  # percent: a hundred writes at most, whatever the number of rows

    def tell(self, done: int, total: int) -> None:
        """Raises `JobStopped`."""
        advance = Advance(done, total)
        if advance.percent == self.last:
            return
        self.last = advance.percent
        self.check()
        self.path.parent.mkdir(mode=0o700, exist_ok=True)
        draft = self.path.with_suffix(".draft")
        draft.write_text(f"{done} {total}", encoding="ascii")
        draft.replace(self.path)

    def check(self) -> None:
        if self.is_stopping:
            raise JobStopped

    def read(self) -> Advance | None:
        """None when nothing is told yet."""
        try:
            done, total = self.path.read_text(encoding="ascii").split()
            return Advance(int(done), int(total))
        except (OSError, ValueError):
            return None

    @property
    def is_stopping(self) -> bool:
        return self.stop_path.exists()

    def ask_to_stop(self) -> None:
        self.stop_path.parent.mkdir(mode=0o700, exist_ok=True)
        self.stop_path.touch()

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)
        self.stop_path.unlink(missing_ok=True)


class Steps:
    """Work told part by part."""

    def __init__(self, tell: Tell, total: int) -> None:
        self.tell, self.total, self.done = tell, total, 0

    def add(self, number: int = 1) -> None:
        self.done += number
        self.tell(self.done, self.total)
