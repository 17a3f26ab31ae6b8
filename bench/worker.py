"""One process on one base: prepares it, times the screens, writes what was found. Started by `bench.__main__`."""

import argparse
import contextlib
import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import django

from bench import bases


def parser() -> argparse.ArgumentParser:
    parsed = argparse.ArgumentParser(prog="python -m bench.worker")
    commands = parsed.add_subparsers(dest="command", required=True)
    screens = commands.add_parser("screens")
    screens.add_argument("--db", choices=["sqlite", "postgres"], required=True)
    screens.add_argument("--sites", type=int, required=True)
    screens.add_argument("--surveys", type=int, required=True)
    screens.add_argument("--actions", type=int, required=True)
    screens.add_argument("--follow-ups", type=int, required=True)
    screens.add_argument("--conventions", type=int, required=True)
    screens.add_argument("--convention-years", type=int, required=True)
    screens.add_argument("--people", type=int, required=True)
    screens.add_argument("--families", type=int, required=True)
    screens.add_argument("--runs", type=int, required=True)
    screens.add_argument("--exports", type=int, required=True)
    screens.add_argument("--only", default="")
    screens.add_argument("--server", action="store_true")
    screens.add_argument("--out", type=Path, required=True)
    export = commands.add_parser("export")
    export.add_argument("--path", required=True)
    export.add_argument("--user", required=True)
    export.add_argument("--runs", type=int, required=True)
    return parsed


def set_up() -> None:
    """As the web server does (`jalons.config.wsgi`)."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    django.setup()
    from django.urls import get_resolver

    from jalons.core.memory import settle

    get_resolver().url_patterns  # noqa: B018
    settle()


def run_export(asked: argparse.Namespace) -> None:
    set_up()
    from bench.measure import export_here

    print(export_here(asked.path, asked.user, asked.runs))


def run_screens(asked: argparse.Namespace) -> None:
    size = bases.Size(
        asked.sites,
        asked.surveys,
        asked.actions,
        asked.follow_ups,
        asked.conventions,
        asked.convention_years,
    )
    with contextlib.ExitStack() as stack:
        if asked.db == "sqlite":
            folder = bases.prepare_sqlite(size)
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            os.environ["JALONS_DATA_DIR"] = str(folder)
        else:
            bases.prepare_postgres(size)
        set_up()
        from django.db import connection

        from bench.crowd import fill
        from bench.families import fill_register

        fill(people=asked.people)
        fill_register(families=asked.families)
        with connection.cursor() as cursor:
            # PostgreSQL looks after a base by itself, but not at once: without it no index is read alone.
            cursor.execute("VACUUM ANALYZE" if asked.db == "postgres" else "ANALYZE")
        time_all(asked, stack)


def time_all(asked: argparse.Namespace, stack: contextlib.ExitStack) -> None:
    from bench.fetching import Fetcher, InProcess, ThroughServer, server
    from bench.measure import time_screens

    fetcher_of: Callable[[str], Fetcher] = InProcess
    if asked.server:
        origin = stack.enter_context(server())

        def fetcher_of(email: str) -> Fetcher:
            return ThroughServer(email, origin)

    found = []
    for result in time_screens(fetcher_of, runs=asked.runs, exports=asked.exports, only=asked.only):
        found.append(asdict(result))
        print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    asked.out.write_text(json.dumps(found))


def main() -> None:
    asked = parser().parse_args()
    {"screens": run_screens, "export": run_export}[asked.command](asked)


if __name__ == "__main__":
    main()
