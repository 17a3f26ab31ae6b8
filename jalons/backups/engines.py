"""What only one database knows: copying a base in service, loading a copy, making one to throw away.

The one module with SQL and programs of a vendor: docs/adr/0038.
"""

import contextlib
import gzip
import os
import re
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.db import connection, transaction
from psycopg import pq
from psycopg.conninfo import make_conninfo

Rows = Callable[[str], list[tuple[Any, ...]]]
QUICK = 1  # of zlib: the size is halved, and the machine does other things meanwhile
DEBIAN, RED_HAT = Path("/usr/lib/postgresql"), Path("/usr")


class EngineRefused(Exception):
    """Why the database, or its programs, cannot do it: one French sentence."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The base at one moment: `dump` holds it, and `rows` reads the very same moment.

    `apart`: the rows of the tables that are not in `dump`, by table (see `apart`).
    """

    dump: Path
    tables: list[str]
    rows: Rows
    apart: dict[str, list[tuple[Any, ...]]]


class Engine(Protocol):
    name: str

    def snapshot(
        self, work: Path, apart: Mapping[str, Sequence[str]]
    ) -> contextlib.AbstractContextManager[Snapshot]:
        """`apart`: columns of the tables whose rows are left out, by table."""

    def check(self, dump: Path, work: Path) -> None:
        """`EngineRefused` when the database would not understand this dump."""

    def load(self, dump: Path, work: Path) -> None:
        """All of the dump, or nothing, in an empty base."""

    def throw_away(self, work: Path) -> contextlib.AbstractContextManager[dict[str, str]]:
        """An empty base that disappears; gives the environment of a process whose base it is."""


def current_engine() -> Engine:
    return PostgresEngine() if connection.vendor == "postgresql" else SqliteEngine()


def current_tables() -> list[str]:
    return sorted(connection.introspection.table_names())


# The few questions that a snapshot is asked, in the SQL of both.
APPLIED = "SELECT app, name FROM django_migrations ORDER BY 1, 2"


def counting(table: str) -> str:
    return f"SELECT COUNT(*) FROM {quoted(table)}"  # noqa: S608


def distinct_values(table: str, column: str) -> str:
    """The values of a column of text that are not empty."""
    name = quoted(column)
    return f"SELECT DISTINCT {name} FROM {quoted(table)} WHERE {name} <> '' ORDER BY 1"  # noqa: S608


def reading(table: str, columns: Sequence[str]) -> str:
    names = ", ".join(map(quoted, columns))
    return f"SELECT {names} FROM {quoted(table)} ORDER BY 1"  # noqa: S608


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


# SQLite ----------------------------------------------------------------------------------------------------


class SqliteEngine:
    name = "sqlite"

    @contextlib.contextmanager
    def snapshot(self, work: Path, apart: Mapping[str, Sequence[str]]) -> Iterator[Snapshot]:
        """In one step: with the journal of SQLite, those who write neither wait nor make it start again."""
        copy, dump = work / "base.sqlite3", work / "base.gz"
        connection.ensure_connection()
        with contextlib.closing(sqlite3.connect(copy)) as target:
            connection.connection.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
            left_out = {
                table: target.execute(reading(table, columns)).fetchall() for table, columns in apart.items()
            }
            for table in apart:
                target.execute(f"DELETE FROM {quoted(table)}")  # noqa: S608
            target.commit()
            if apart:  # what was deleted is still in the free pages until then
                target.execute("VACUUM")
        with contextlib.closing(sqlite3.connect(copy)) as reader:
            check_whole(reader)
            with copy.open("rb") as source, gzip.open(dump, "wb", compresslevel=QUICK) as packed:
                shutil.copyfileobj(source, packed)
            tables = [name for (name,) in reader.execute(OF_SQLITE).fetchall()]
            yield Snapshot(dump, tables, lambda sql: reader.execute(sql).fetchall(), left_out)

    def check(self, dump: Path, work: Path) -> None:
        copy = work / "check.sqlite3"
        unpack(dump, copy)
        with contextlib.closing(sqlite3.connect(copy)) as reader:
            check_whole(reader)
        copy.unlink()

    def load(self, dump: Path, work: Path) -> None:
        target = Path(connection.settings_dict["NAME"])
        draft = work / "restored.sqlite3"
        unpack(dump, draft)
        with contextlib.closing(sqlite3.connect(draft)) as reader:
            check_whole(reader)
        draft.chmod(0o600)
        connection.close()
        for journal in (f"{target.name}-wal", f"{target.name}-shm"):
            target.with_name(journal).unlink(missing_ok=True)
        draft.replace(target)

    @contextlib.contextmanager
    def throw_away(self, work: Path) -> Iterator[dict[str, str]]:
        """In a folder of data that goes with `work`."""
        folder = work / "essai"
        folder.mkdir(mode=0o700)
        yield {"JALONS_DATA_DIR": str(folder), "DATABASE_URL": ""}


OF_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1"


def check_whole(reader: sqlite3.Connection) -> None:
    try:
        verdict = reader.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise EngineRefused(f"La base sauvegardée ne se lit pas ({error}).") from error
    if verdict != "ok":
        raise EngineRefused(f"La base sauvegardée est abîmée ({verdict}).")


def unpack(dump: Path, target: Path) -> None:
    try:
        with gzip.open(dump, "rb") as packed, target.open("wb") as file:
            shutil.copyfileobj(packed, file)
    except (gzip.BadGzipFile, EOFError) as error:
        raise EngineRefused("La base sauvegardée ne se déplie pas.") from error


# PostgreSQL ------------------------------------------------------------------------------------------------


class PostgresEngine:
    name = "postgresql"

    @contextlib.contextmanager
    def snapshot(self, work: Path, apart: Mapping[str, Sequence[str]]) -> Iterator[Snapshot]:
        """What is counted here and what `pg_dump` writes are one snapshot, which this transaction keeps."""
        dump = work / "base.dump"
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            options = [
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                f"--snapshot={cursor.fetchone()[0]}",
                *(f"--exclude-table-data={quoted(table)}" for table in apart),
            ]
            run("pg_dump", *options, f"--file={dump}", f"--dbname={address()}")

            def rows(sql: str) -> list[tuple[Any, ...]]:
                cursor.execute(sql)
                return cursor.fetchall()

            left_out = {table: rows(reading(table, columns)) for table, columns in apart.items()}
            yield Snapshot(dump, current_tables(), rows, left_out)

    def check(self, dump: Path, work: Path) -> None:
        """Every block of data is read and unfolded, into nothing."""
        run("pg_restore", f"--file={os.devnull}", str(dump))

    def load(self, dump: Path, work: Path) -> None:
        options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
        run("pg_restore", *options, f"--dbname={address()}", str(dump))

    @contextlib.contextmanager
    def throw_away(self, work: Path) -> Iterator[dict[str, str]]:
        """On the same server, hence by an account that may create a base."""
        folder = work / "essai"
        folder.mkdir(mode=0o700)
        name = f"{connection.settings_dict['NAME']}_essai_{secrets.token_hex(4)}"
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
            if not cursor.fetchone()[0]:
                user = connection.settings_dict["USER"]
                raise EngineRefused(
                    f"Le compte {user} ne peut pas créer la base d’essai\u00a0: ALTER ROLE {user} CREATEDB"
                )
            cursor.execute(OF_THIS_DATABASE)
            collate, ctype = cursor.fetchone()
            making = (
                f"CREATE DATABASE {quoted(name)} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE %s LC_CTYPE %s"
            )
            cursor.execute(making, [collate, ctype])
        try:
            yield {"JALONS_DATA_DIR": str(folder), "DATABASE_URL": url_of(name)}
        finally:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")


OF_THIS_DATABASE = "SELECT datcollate, datctype FROM pg_database WHERE datname = current_database()"


def url_of(name: str) -> str:
    """`DATABASE_URL` for another base of the same server, its options included."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def address() -> str:
    """How libpq reaches the base, its options included; the password goes by the environment: `ps` shows no other."""
    settings = connection.settings_dict
    understood = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    options = {name: value for name, value in settings["OPTIONS"].items() if name in understood}
    options.pop("password", None)
    places = {"HOST": "host", "PORT": "port", "USER": "user", "NAME": "dbname"}
    named = {word: settings[key] for key, word in places.items() if settings[key]}
    return make_conninfo(**{**options, **named})


def run(name: str, *arguments: str) -> None:
    """A program of PostgreSQL. Its last words, when it fails."""
    password = str(connection.settings_dict["PASSWORD"] or "")
    environment = {**os.environ, "LC_ALL": "C.UTF-8", **({"PGPASSWORD": password} if password else {})}
    command = [str(program(name)), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, errors="replace")  # noqa: S603
    if done.returncode:
        last = done.stderr.strip().rpartition("\n")[2] or f"code {done.returncode}"
        raise EngineRefused(f"{name} a échoué\u00a0: {last}")


def program(name: str) -> Path:
    """The newest there is, from PATH or where Debian and Red Hat put it: it must be as recent as the server."""
    on_path = shutil.which(name)
    installed = [*DEBIAN.glob(f"*/bin/{name}"), *RED_HAT.glob(f"pgsql-*/bin/{name}")]
    newest = max([*installed, *([Path(on_path)] if on_path else [])], key=major, default=None)
    connection.ensure_connection()
    server = connection.connection.info.server_version // 10000
    if newest is None or major(newest) < server:
        raise EngineRefused(
            f"{name} {server} ou plus récent est introuvable sur cette machine (sous Debian\u00a0: apt install "
            f"postgresql-client-{server})."
        )
    return newest


def major(path: Path) -> int:
    """Major version of a program; 0 when it does not run."""
    try:
        words = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return 0
    number = re.search(r"\d+", words)
    return int(number[0]) if number else 0
