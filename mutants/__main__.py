"""`python -m mutants [PACKAGE…] [--sample N] [--seed S]`."""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from mutants.making import Mutant, made, places_of
from mutants.packages import PACKAGES, ROOT, Package
from mutants.plan import PLAN, Plan
from mutants.report import Result, equivalents, results_of, survivors, table

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
    parser.add_argument("--only", default="", help="seulement les fichiers dont le nom contient ces mots")
    parser.add_argument("--jobs", type=int, default=min(os.cpu_count() or 1, 4), help="mutants à la fois")
    asked = parser.parse_args(arguments)
    unknown = sorted(set(asked.packages) - set(names))
    if unknown:
        parser.error(f"paquet inconnu : {', '.join(unknown)} ; les paquets sont {', '.join(names)}")
    return asked


def chosen(root: Path, package: Package, asked: argparse.Namespace) -> list[Mutant]:
    """All the mutants, or as many as asked, in the order drawn by the seed."""
    paths = [path for path in package.files(root) if asked.only in path]
    places = [place for path in paths for place in places_of(root, path)]
    if asked.sample is None:
        return list(made(root, places))
    random.Random(f"{asked.seed} {package.name}").shuffle(places)
    return [mutant for _, mutant in zip(range(asked.sample), made(root, places), strict=False)]


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
        PLAN: str(folder / "plan.json"),
        "JALONS_MUTANTS_SCRATCH": str(folder),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "",
    }
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "pytest", "-p", "mutants.forking", "-s", "-q", "--tb=short"]
    command += [f"--deselect={name}" for name in package.without]
    done = subprocess.run(
        [*command, *package.test_files(copy)], cwd=copy, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(
            f"{done.stdout[-6000:]}\n{done.stderr[-2000:]}\n{package.name} : les tests ne passent pas sans mutant."
        )
    return results_of(out)


def main(arguments: list[str] | None = None) -> int:
    asked = asked_for(arguments)
    packages = [package for package in PACKAGES if not asked.packages or package.name in asked.packages]
    found: dict[str, list[Result]] = {}
    with tempfile.TemporaryDirectory(prefix="jalons-mutants-") as name:
        copy = copy_tree(Path(name).resolve())
        for package in packages:
            print(f"── {package.name} ──", flush=True)
            found[package.name] = tried(copy, Path(name).resolve(), package, asked)
            print(survivors(found[package.name], equivalents()), flush=True)
    print(table(found, equivalents()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
