"""`python -m bench --sites 1000,10000 --db sqlite,postgres`."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.bases import ROOT, Size
from bench.budgets import overruns
from bench.report import keep, table
from bench.results import Result

RESULTS = ROOT / "build" / "bench"
DATABASES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}


def asked_for(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Mesure les temps de réponse de Jalons."
    )
    parser.add_argument(
        "--sites", default="1000", help="tailles de la base, séparées par des virgules (1000)"
    )
    parser.add_argument("--surveys", type=int, default=30, help="recensements par site, en moyenne (30)")
    parser.add_argument("--actions", type=int, default=2000, help="nombre de dispositifs (2000)")
    parser.add_argument(
        "--follow-ups", type=int, default=24, help="points de suivi par dispositif mensuel (24)"
    )
    parser.add_argument("--conventions", type=int, default=125, help="nombre de conventions (125)")
    parser.add_argument("--convention-years", type=int, default=10, help="années de chaque convention (10)")
    parser.add_argument("--people", type=int, default=5000, help="comptes de plus (5000)")
    parser.add_argument(
        "--families", type=int, default=5000, help="familles du registre d’un opérateur (5000)"
    )
    parser.add_argument("--db", default="sqlite,postgres", help="sqlite, postgres ou les deux (les deux)")
    parser.add_argument("--runs", type=int, default=20, help="mesures par écran (20)")
    parser.add_argument("--exports", type=int, default=3, help="mesures par export (3)")
    parser.add_argument(
        "--only",
        default="",
        help="seulement ces écrans (morceaux de noms, séparés par des virgules)",
    )
    parser.add_argument("--server", action="store_true", help="passer par un vrai serveur, en HTTP")
    parser.add_argument("--out", type=Path, help="dossier des résultats (build/bench)")
    parser.add_argument(
        "--strict",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="échouer si un budget est dépassé ou un écran absent (oui)",
    )
    return parser.parse_args(arguments)


def measured(asked: argparse.Namespace, database: str, size: Size) -> list[Result]:
    """The results on one base, found in a process of its own; stops everything when it fails."""
    with tempfile.TemporaryDirectory(prefix="jalons-bench-") as folder:
        out = Path(folder) / "results.json"
        command = [sys.executable, "-m", "bench.worker", "screens", "--db", database, "--out", str(out)]
        for name in ("people", "families", "runs", "exports", "only"):
            command += [f"--{name}", str(getattr(asked, name))]
        command += [*size.options, *(["--server"] if asked.server else [])]
        prefix = [sys.executable, "scripts/postgres"] if database == "postgres" else []
        # A database named by the environment is not ours to fill.
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        if subprocess.run([*prefix, *command], cwd=ROOT, env=environment).returncode:
            sys.exit(f"Mesure interrompue sur {DATABASES[database]}.")
        return [Result(**each) for each in json.loads(out.read_text())]


def main(arguments: list[str] | None = None) -> int:
    asked = asked_for(arguments)
    over, unseen = 0, 0
    for sites in (int(number) for number in asked.sites.split(",")):
        size = Size(
            sites,
            asked.surveys,
            asked.actions,
            asked.follow_ups,
            asked.conventions,
            asked.convention_years,
        )
        by_database: dict[str, list[Result]] = {}
        for database in asked.db.split(","):
            start = time.monotonic()
            print(f"\n{in_words(size)}, {DATABASES[database]}")
            results = by_database[database] = measured(asked, database, size)
            print(f"{table(results)}\n(en {time.monotonic() - start:.0f} s, base comprise)", flush=True)
            over += sum(1 for result in results if list(overruns(result, results)))
            unseen += say_what_is_missing(results)
        # A few screens must not take the place of a whole run of the same day.
        if asked.out or not asked.only:
            print(f"Gardé dans {os.path.relpath(keep(asked.out or RESULTS, size, by_database))}")
    over += sum(map(tables_over, asked.db.split(","))) if not asked.only else 0
    print("Tous les budgets mesurés sont tenus." if not over else f"{over} mesures dépassent leur budget.")
    return int(bool((over or unseen) and asked.strict))


def tables_over(database: str) -> int:
    """Tables given, written and taken back, on one base of their own: 1 when one of their budgets is passed."""
    print(f"\nReprise de tableaux, {DATABASES[database]}", flush=True)
    prefix = [sys.executable, "scripts/postgres"] if database == "postgres" else []
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [*prefix, sys.executable, "-m", "bench.tables"]
    return int(bool(subprocess.run(command, cwd=ROOT, env=environment).returncode))


def in_words(size: Size) -> str:
    sites, actions = (f"{number:,}".replace(",", " ") for number in (size.sites, size.actions))
    return (
        f"{sites} sites × {size.surveys} recensements, {actions} dispositifs × {size.follow_ups} points de suivi, "
        f"{size.conventions} conventions × {size.convention_years} ans"
    )


def say_what_is_missing(results: list[Result]) -> int:
    """A screen that was not measured is never passed over in silence."""
    missing = [f"{result.screen} ({result.user}) : {result.problem}" for result in results if result.problem]
    if missing:
        print(f"ATTENTION, {len(missing)} mesures n’ont pas pu être faites :")
        print("\n".join(f"  - {line}" for line in missing), flush=True)
    return len(missing)


if __name__ == "__main__":
    sys.exit(main())
