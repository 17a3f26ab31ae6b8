"""`python -m tests.fuzz --seed 1 --requests 5000 --db sqlite,postgres`: each base in a process of its own."""

import argparse
import os
import secrets
import subprocess
import sys
from pathlib import Path

from tests.fuzz.options import parser

ROOT = Path(__file__).parents[2]


def run_on(database: str, asked: argparse.Namespace) -> int:
    options = ["--seed", str(asked.seed), "--requests", str(asked.requests), "--db", database]
    options += ["--only", asked.only] if asked.only else []
    options += ["--number", str(asked.number)] if asked.number is not None else []
    prefix = [sys.executable, "scripts/postgres"] if database == "postgres" else []
    # A database named by the environment is not ours to fill.
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [*prefix, sys.executable, "-m", "tests.fuzz.run", *options]
    return subprocess.run(command, cwd=ROOT, env=environment).returncode


def main() -> int:
    asked = parser().parse_args()
    asked.seed = secrets.randbelow(1_000_000) if asked.seed is None else asked.seed
    return max(run_on(database, asked) for database in asked.db.split(","))


if __name__ == "__main__":
    sys.exit(main())
