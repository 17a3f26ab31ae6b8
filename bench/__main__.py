"""`python -m bench --sites 1000,10000 --db sqlite,postgres`."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.bases import ROOT
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
    parser.add_argument("--strict", action="store_true", help="échouer si un budget est dépassé")
    return parser.parse_args(arguments)


def measured(asked: argparse.Namespace, database: str, sites: int) -> list[Result]:
    """The results on one base, found in a process of its own; stops everything when it fails."""
    with tempfile.TemporaryDirectory(prefix="jalons-bench-") as folder:
        out = Path(folder) / "results.json"
        command = [sys.executable, "-m", "bench.worker", "screens", "--db", database, "--out", str(out)]
        for name in ("surveys", "runs", "exports", "only"):
            command += [f"--{name}", str(getattr(asked, name))]
        command += ["--sites", str(sites), *(["--server"] if asked.server else [])]
        prefix = [sys.executable, "scripts/postgres"] if database == "postgres" else []
        # A database named by the environment is not ours to fill.
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        if subprocess.run([*prefix, *command], cwd=ROOT, env=environment).returncode:
            sys.exit(f"Mesure interrompue sur {DATABASES[database]}.")
        return [Result(**each) for each in json.loads(out.read_text())]


def main(arguments: list[str] | None = None) -> int:
    asked = asked_for(arguments)
    over = 0
    for sites in (int(size) for size in asked.sites.split(",")):
        by_database: dict[str, list[Result]] = {}
        for database in asked.db.split(","):
            start = time.monotonic()
            print(
                f"\n{sites:,} sites × {asked.surveys} recensements, {DATABASES[database]}".replace(",", " ")
            )
            results = by_database[database] = measured(asked, database, sites)
            print(f"{table(results)}\n(en {time.monotonic() - start:.0f} s, base comprise)", flush=True)
            over += sum(1 for result in results if list(overruns(result, results)))
        # A few screens must not take the place of a whole run of the same day.
        if asked.out or not asked.only:
            print(
                f"Gardé dans {os.path.relpath(keep(asked.out or RESULTS, sites, asked.surveys, by_database))}"
            )
    print("Tous les budgets sont tenus." if not over else f"{over} mesures dépassent leur budget.")
    return int(bool(over and asked.strict))


if __name__ == "__main__":
    sys.exit(main())
