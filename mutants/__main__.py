"""`python -m mutants [PACKAGE…] [--sample N] [--seed S]`."""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from mutants.equivalents import equivalents, no_longer_true
from mutants.making import Mutant, Place, made, places_of
from mutants.packages import PACKAGES, ROOT, Package
from mutants.plan import PLAN, Plan
from mutants.progress import Progress
from mutants.report import Result, results_of, survivors, table
from tests.guards import draws

COPIED = ("jalons", "tests", "mutants", "pyproject.toml", "package.json", "requirements", "docs", "scripts")
LINKED = ("node_modules", ".venv")


def asked_for(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m mutants",
        description="Glisse de petites fautes dans le code, et regarde si les tests les plus proches les voient.",
    )
    names = [package.name for package in PACKAGES]
    parser.add_argument("packages", nargs="*", metavar="PAQUET", help=f"parmi {', '.join(names)} (tous)")
    parser.add_argument("--sample", type=int, help="nombre de mutants par paquet, tirés au hasard (tous)")
    parser.add_argument("--seed", type=int, default=1, help="même graine, mêmes mutants (1)")
    parser.add_argument(
        "--only",
        action="append",
        help="seulement ces fichiers (money.py), lignes (money.py:50) ou mutants affichés ; peut être répété",
    )
    parser.add_argument("--jobs", type=int, default=min(os.cpu_count() or 1, 4), help="mutants à la fois")
    asked = parser.parse_args(arguments)
    unknown = sorted(set(asked.packages) - set(names))
    if unknown:
        parser.error(f"paquet inconnu : {', '.join(unknown)} ; les paquets sont {', '.join(names)}")
    return asked


def chosen(root: Path, package: Package, asked: argparse.Namespace) -> list[Mutant]:
    """All the mutants, or as many as asked, in the order drawn by the seed."""
    places = [
        place
        for path in package.files(root)
        for place in places_of(root, path)
        if not asked.only or any(is_among(place, only) for only in asked.only)
    ]
    if asked.sample is None:
        return list(made(root, places))
    random.Random(f"{asked.seed} {package.name}").shuffle(places)
    return [mutant for _, mutant in zip(range(asked.sample), made(root, places), strict=False)]


def is_among(place: Place, only: str) -> bool:
    """`only`: a part of the path, the end of « path:line », or the name of a mutant as it is printed."""
    line = f"{place.path}:{place.line}"
    return only in place.path or line.endswith(only) or f"{line} {place.operator}".endswith(only)


def copy_tree(folder: Path) -> Path:
    """The tree as it is now: what is edited meanwhile changes nothing, and no mutant is ever near it."""
    copy = folder / "tree"
    copy.mkdir()
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, copy / name)
    for name in LINKED:
        (copy / name).symlink_to(ROOT / name)
    return copy


def tried(copy: Path, folder: Path, package: Package, asked: argparse.Namespace) -> list[Result]:
    mutants = chosen(copy, package, asked)
    out = folder / "results.jsonl"
    out.write_text("")
    Plan(files=package.files(copy), mutants=mutants, out=str(out), jobs=asked.jobs).write(
        folder / "plan.json"
    )
    # In the order of names: which test comes first changes nothing, and hash() must not change from one run to another.
    environment = {
        **os.environ,
        draws.TIMES: "1",  # all that each property test asks, the same each time
        PLAN: str(folder / "plan.json"),
        "JALONS_MUTANTS_SCRATCH": str(folder),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "",
    }
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "pytest", "-p", "mutants.forking", "-s", "-q", "--tb=short"]
    command += [f"--deselect={name}" for name in package.without]
    followed = Progress(out, len(mutants), sys.stdout)
    with (folder / "pytest.txt").open("w+") as said:
        done = subprocess.Popen(
            [*command, *package.test_files(copy)], cwd=copy, env=environment, stdout=said, stderr=said
        )
        try:
            followed.until_end(done)
        finally:
            done.kill()  # Interrupted: the tests end too.
        said.seek(0)
        if done.returncode:
            sys.exit(f"{said.read()[-8000:]}\n{package.name} : les tests ne passent pas sans mutant.")
    return results_of(out)


def main(arguments: list[str] | None = None) -> int:
    asked = asked_for(arguments)
    packages = [package for package in PACKAGES if not asked.packages or package.name in asked.packages]
    found: dict[str, list[Result]] = {}
    known = equivalents()
    with tempfile.TemporaryDirectory(prefix="jalons-mutants-") as name:
        copy = copy_tree(Path(name).resolve())
        for package in packages:
            print(f"── {package.name} ──", flush=True)
            found[package.name] = tried(copy, Path(name).resolve(), package, asked)
            print(survivors(found[package.name], known), flush=True)
        wrong = no_longer_true(copy, [one for results in found.values() for one in results])
    print(table(found, known))
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
