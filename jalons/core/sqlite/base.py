"""Django's SQLite, which still reads when nothing can be written any more: see docs/adr/0018.

Opening a database in WAL mode writes beside it. On a full disk or in a closed folder that would refuse every page,
reading included: the connection is then opened to read only, for the time of one request.
"""

import contextlib
import logging
import os
import sqlite3
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db.backends.sqlite3 import base
from django.utils.dateparse import parse_date

logger = logging.getLogger(__name__)
# A page of thousands of facts reads a few hundred days: each is understood once.
sqlite3.register_converter("date", lru_cache(maxsize=20_000)(base.decoder(parse_date)))
WAITING = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
# No query can start before the journal is in place: asking for one page is enough to know.
FIRST_PAGE = "SELECT COUNT(*) FROM sqlite_master"


class DatabaseWrapper(base.DatabaseWrapper):
    """`reads_only`: this connection was opened without the right, or the room, to write."""

    reads_only = False
    init_commands: list[str]

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        keep_from_others(conn_params["database"])
        self.reads_only = False
        try:
            connection = super().get_new_connection(conn_params)
            connection.execute(FIRST_PAGE).fetchone()
        except sqlite3.OperationalError as error:
            if primary_code(error) in WAITING:
                raise
            connection = self.opened_to_read(conn_params, error)
            self.reads_only = True
            # BEGIN IMMEDIATE would ask for the right to write before the first query.
            self.transaction_mode = None
            logger.error("Base ouverte en lecture seule\u00a0: %s", error)
        return connection

    def opened_to_read(
        self, conn_params: dict[str, Any], error: sqlite3.OperationalError
    ) -> sqlite3.Connection:
        """With the journal that is there; without any when there is none. Raises `error` when neither reads."""
        path = Path(conn_params["database"])
        modes = ["mode=ro"]
        if not has_journal(path):  # what it holds would be left out of what is read
            modes.append("mode=ro&immutable=1")
        commands, self.init_commands = (
            self.init_commands,
            [command for command in self.init_commands if "journal_mode" not in command],
        )
        try:
            for mode in modes:
                with contextlib.suppress(sqlite3.OperationalError):
                    address = f"file:{quote(str(path))}?{mode}"
                    connection = super().get_new_connection({**conn_params, "database": address})
                    connection.execute(FIRST_PAGE).fetchone()
                    return connection
        finally:
            self.init_commands = commands
        raise error


def primary_code(error: sqlite3.Error) -> int:
    """The family of an error: SQLITE_IOERR for each of its thirty kinds."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def has_journal(path: Path) -> bool:
    """Is there something written that is not in the database itself yet?"""
    try:
        return path.with_name(f"{path.name}-wal").stat().st_size > 0
    except FileNotFoundError:
        return False


def keep_from_others(name: str | Path) -> None:
    """A database that is about to be made is its owner's only; SQLite gives its journals the same mode."""
    if str(name).startswith("file:") or ":memory:" in str(name):
        return
    with contextlib.suppress(OSError):
        os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
