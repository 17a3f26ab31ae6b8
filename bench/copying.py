"""A base of SQLite, copied as it is into the empty one of PostgreSQL that the environment names: built once.

`python -m bench.copying FILE`. Rows go by COPY, table by table, with the checks of keys put aside meanwhile.
"""

import os
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    django.setup()

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection

from jalons.core.tables import make_or_migrate

COLUMNS = """
    SELECT column_name, data_type FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = %s AND is_generated = 'NEVER'
"""


def copy(source: Path) -> int:
    """How many rows were copied. What migrations wrote gives way to what the other base holds."""
    make_or_migrate()
    rows = 0
    with sqlite3.connect(f"file:{source}?mode=ro", uri=True) as base, connection.cursor() as cursor:
        names = [name for name in connection.introspection.table_names() if name != "django_migrations"]
        held = {name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        cursor.execute("SET session_replication_role = replica")  # keys are checked in the other base
        cursor.execute(f"TRUNCATE {', '.join(quoted(names))}")
        for name in sorted(held.intersection(names)):
            cursor.execute(COLUMNS, [name])
            rows += copy_table(base, cursor, name, dict(cursor.fetchall()))
        cursor.execute("SET session_replication_role = DEFAULT")
        for statement in connection.ops.sequence_reset_sql(
            no_style(), apps.get_models(include_auto_created=True)
        ):
            cursor.execute(statement)
        cursor.execute("ANALYZE")
    return rows


def copy_table(base: sqlite3.Connection, cursor: Any, name: str, kinds: dict[str, str]) -> int:
    columns = ", ".join(quoted(kinds))
    base.row_factory = None
    found = base.execute(f"SELECT {columns} FROM {quoted([name])[0]}")
    count = 0
    with cursor.copy(f"COPY {quoted([name])[0]} ({columns}) FROM STDIN") as sent:
        for row in written(found, list(kinds.values())):
            sent.write_row(row)
            count += 1
    return count


def written(rows: Iterator[Sequence[Any]], kinds: Sequence[str]) -> Iterator[list[Any]]:
    """As PostgreSQL reads them: SQLite keeps moments without their zone, which is that of Greenwich."""
    moments = [place for place, kind in enumerate(kinds) if kind == "timestamp with time zone"]
    texts = [place for place, kind in enumerate(kinds) if kind == "jsonb"]
    for row in rows:
        values = list(row)
        for place in moments:
            if values[place] is not None:
                values[place] = f"{values[place]}+00"
        for place in texts:
            if isinstance(values[place], int | float):
                values[place] = str(values[place])
        yield values


def quoted(names: Any) -> list[str]:
    return [f'"{name}"' for name in names]


if __name__ == "__main__":
    start = time.monotonic()
    print(f"{copy(Path(sys.argv[1]))} lignes copiées en {time.monotonic() - start:.0f} s.")
