"""A test undoes what it writes, so that nothing is ever committed: what waits for the commit is run all the same.

The tests hold the outermost transaction. When the outermost block of the product ends well, its calls of
`transaction.on_commit` are made, as after a real commit, and a failure of one is a failure of the test.
"""

from typing import Any

from django.db import connections, transaction
from django.db.transaction import Atomic


def held() -> Any:
    """The transaction of a test, or of a world shared by several: what the product opens in it is an outermost one."""
    block = transaction.atomic()
    block._from_testcase = True  # as Django marks those of its own test cases
    return block


def check_world() -> None:
    """What was written for a whole module is checked once: PostgreSQL would check all of it again after each test."""
    for connection in connections.all(initialized_only=True):
        if connection.in_atomic_block:
            connection.check_constraints()


def leave(block: Atomic, exc_type: Any, exc_value: Any, traceback: Any) -> None:
    ordinary_leave(block, exc_type, exc_value, traceback)
    connection = connections[block.using or "default"]
    if exc_type is None and not block._from_testcase:
        around = connection.atomic_blocks
        if around and around[-1]._from_testcase and not connection.needs_rollback:
            run_waiting(connection)


def run_waiting(connection: Any) -> None:
    while connection.run_on_commit:
        waiting, connection.run_on_commit = connection.run_on_commit, []
        for _, call, _ in waiting:
            call()


ordinary_leave = Atomic.__exit__


def install() -> None:
    Atomic.__exit__ = leave  # type: ignore[method-assign]
