"""E-mails that a restored base holds as waiting, and that may have left since: held until someone says what to do.

Each app with a queue registers it in `ready()`, by the name of a module: an `apps.py` cannot import models.
"""

import importlib
from dataclasses import dataclass
from typing import Protocol, cast


@dataclass(frozen=True, slots=True)
class HeldMail:
    """`key` names it for ever, in this base and in the one that it was restored from."""

    key: str
    label: str


class Queue(Protocol):
    """What the module of a queue holds. A list of keys may name e-mails of another queue: they are left alone."""

    def hold_waiting(self) -> int:
        """Holds everything that waits to leave."""

    def list_held(self) -> list[HeldMail]: ...

    def release_held(self, keys: list[str]) -> int:
        """They leave after all, at the next round."""

    def drop_held(self, keys: list[str]) -> int:
        """They never leave."""

    def gone_since(self, keys: list[str]) -> list[str]:
        """Those that left this base, or that a process took."""


_queues: dict[str, str] = {}


def register(name: str, module: str) -> None:
    """Adds a queue, in place of one of the same name."""
    _queues[name] = module


def queues() -> list[Queue]:
    return [cast(Queue, importlib.import_module(module)) for _, module in sorted(_queues.items())]


def all_held() -> list[HeldMail]:
    return [mail for queue in queues() for mail in queue.list_held()]
