"""Bases of a named size, built once and kept under `JALONS_DATA_DIR/bench/` until the builder changes."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, fields
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# What decides of the rows of the invented world.
BUILDER = (
    "jalons/demonstration/**/*.py",
    "jalons/demonstration/data/*.json",
    "jalons/*/migrations/*.py",
    "jalons/sites/services/*.py",
    "jalons/sites/checks.py",
    "jalons/history/services.py",
    "jalons/actions/*.py",
    "jalons/indicators/*.py",
    "jalons/indicators/data/*.json",
    "jalons/conventions/models/*.py",
    "jalons/conventions/exchange/*.py",
    "jalons/conventions/importing/*.py",
)
# The world is dated from the day it was built: beyond this age every site would look forgotten.
OLDEST = 14 * 24 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class Size:
    """How large a base is: `surveys` for each site, `follow_ups` for each monthly dispositif, years for each
    convention (20 sheets × 15 indicators × 4 columns).
    """

    sites: int
    surveys: int
    actions: int
    follow_ups: int
    conventions: int
    convention_years: int

    def __str__(self) -> str:
        parts = (
            (self.sites, self.surveys),
            (self.actions, self.follow_ups),
            (self.conventions, self.convention_years),
        )
        return "-".join(f"{number}x{each}" for number, each in parts)

    @property
    def options(self) -> list[str]:
        """As `manage.py demonstration` and the process that measures take them."""
        return [
            word
            for each in fields(self)
            for word in (f"--{each.name.replace('_', '-')}", str(getattr(self, each.name)))
        ]


def cache_folder() -> Path:
    folder = Path(os.environ.get("JALONS_DATA_DIR") or ROOT / "var").resolve() / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def builder_state() -> str:
    state = hashlib.sha256()
    for pattern in BUILDER:
        for path in sorted(ROOT.glob(pattern)):
            state.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return state.hexdigest()[:12]


def cached(database: str, size: Size) -> Path:
    """Where the base of this size is, or will be. Those that an older builder made are removed."""
    family = f"{database}-{size}-"
    wanted = cache_folder() / f"{family}{builder_state()}"
    for path in cache_folder().glob(f"{family}*"):
        if path != wanted or time.time() - path.stat().st_mtime > OLDEST:
            shutil.rmtree(path)
    return wanted


def build(size: Size) -> None:
    """Fills the base that the environment names, which is empty."""
    start = time.monotonic()
    command = [sys.executable, "-m", "bench.building", *size.options]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if found.returncode:
        sys.exit(f"La base n’a pas pu être construite :\n{found.stdout}{found.stderr}")
    print(f"Base construite en {time.monotonic() - start:.0f} s.", file=sys.stderr)


def postgres(program: str, *arguments: str) -> None:
    """A client program of PostgreSQL, from the folder of the server that `scripts/postgres` runs."""
    found = subprocess.run([sys.executable, ROOT / "scripts" / "postgres"], capture_output=True, text=True)
    folder = Path(found.stdout.strip())
    subprocess.run([folder / program, *arguments], check=True)


def prepare_sqlite(size: Size) -> Path:
    """A folder to use as `JALONS_DATA_DIR`, with its own copy of the base: measuring writes in it."""
    kept = cached("sqlite", size)
    if not kept.exists():
        draft = Path(tempfile.mkdtemp(dir=cache_folder(), prefix="draft-"))
        os.environ["JALONS_DATA_DIR"] = str(draft)
        try:
            build(size)
            draft.rename(kept)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    used = Path(tempfile.mkdtemp(prefix="jalons-bench-"))
    shutil.copytree(kept, used, dirs_exist_ok=True)
    return used


def copy_or_build(size: Size) -> None:
    """That of SQLite when it is there, row for row: five times quicker than to tell it again."""
    source = cached("sqlite", size) / "jalons.sqlite3"
    if source.exists():
        subprocess.run([sys.executable, "-m", "bench.copying", str(source)], cwd=ROOT, check=True)
    else:
        build(size)


def prepare_postgres(size: Size) -> None:
    """Fill the empty base that DATABASE_URL names."""
    url, kept = os.environ["DATABASE_URL"], cached("postgres", size)
    if not kept.exists():
        copy_or_build(size)
        kept.mkdir()
        postgres("pg_dump", "--format=custom", "--compress=1", f"--file={kept / 'base.dump'}", url)
    else:
        postgres("pg_restore", "--no-owner", "--jobs=2", f"--dbname={url}", str(kept / "base.dump"))
