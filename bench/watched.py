"""Jalons as it is served, with a line for each transaction that writes: waited, held and computed, in seconds.

`BENCH_LOCKS` names the file. On SQLite a transaction takes the write lock when it begins, and nobody else writes until
it ends: what it computes meanwhile, everybody waits for.
"""

import os
import time
from pathlib import Path
from typing import Any

from jalons.config.wsgi import application
from jalons.core.sqlite.base import DatabaseWrapper

journal = Path(os.environ["BENCH_LOCKS"]).open("a", buffering=1)  # noqa: SIM115  # as long as the process
ordinary_begin, ordinary_end = (
    DatabaseWrapper._start_transaction_under_autocommit,
    DatabaseWrapper.set_autocommit,
)
__all__ = ["application"]


def begin(connection: Any) -> None:
    asked = time.monotonic()
    ordinary_begin(connection)
    connection.watched = (asked, time.monotonic(), time.thread_time())


def end(connection: Any, autocommit: bool, *told: Any, **named: Any) -> None:
    """Called after a commit or a rollback, when the lock is already given back."""
    watched = connection.__dict__.pop("watched", None) if autocommit else None
    if watched:
        asked, began, computed = watched
        line = (began - asked, time.monotonic() - began, time.thread_time() - computed)
        journal.write(" ".join(f"{seconds:.6f}" for seconds in line) + "\n")
    ordinary_end(connection, autocommit, *told, **named)


DatabaseWrapper._start_transaction_under_autocommit = begin
DatabaseWrapper.set_autocommit = end
