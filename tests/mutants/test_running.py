"""`make mutants` on a small tree: what is seen, what is not, what never ends; and nothing is left behind."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mutants.making import made, places_of
from mutants.packages import ROOT
from mutants.plan import ENDLESS, KILLED, PLAN, SURVIVED, Plan

CODE = '''"""Stairs."""

STEP = 3
ALSO = STEP


class Stairs:
    first = 1


def climbed(height: int) -> int:
    floor = 0
    while height > 0:
        height = height - STEP
        floor = floor + 1
    return floor


def nobody(height: int) -> bool:
    return height > 5
'''
SETTINGS = 'DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}'
TESTS = """from jalons.stairs import STEP, Stairs, climbed


def test_climbed():
    assert [climbed(height) for height in (0, 1, 3, 4)] == [0, 1, 1, 2]


def test_first():
    assert Stairs.first == 1
"""


# By the line of the mutant.
EXPECTED = {
    # Seen in a function, in a constant that another module imports, in a class.
    "floor = 1": KILLED,
    "STEP = 2": KILLED,
    "first = 2": KILLED,
    # Stopped by its use of the processor, not by a clock.
    "height = height + STEP": ENDLESS,
    # No test calls it.
    "return height >= 5": SURVIVED,
}


def flat(line: str) -> str:
    return " ".join(line.split())


@pytest.fixture
def outcomes(tmp_path: Path) -> dict[str, str]:
    """What becomes of each mutant of a tree that has one module and its tests."""
    (tmp_path / "jalons").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "jalons" / "__init__.py").write_text("")
    (tmp_path / "jalons" / "stairs.py").write_text(CODE)
    (tmp_path / "tests" / "test_stairs.py").write_text(TESTS)
    (tmp_path / "settings.py").write_text(SETTINGS)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider -p no:django\n")
    path, out = "jalons/stairs.py", tmp_path / "out.jsonl"
    out.write_text("")
    found = [one for one in made(tmp_path, places_of(tmp_path, path)) if flat(one.after) in EXPECTED]
    Plan(files=[path], mutants=found, out=str(out), jobs=2).write(tmp_path / "plan.json")
    environment = {
        **os.environ,
        PLAN: str(tmp_path / "plan.json"),
        "JALONS_MUTANTS_SCRATCH": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "settings",
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)]),
    }
    command = [sys.executable, "-m", "pytest", "-p", "mutants.forking", "-s", "-q", "tests/test_stairs.py"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "jalons" / "stairs.py").read_text() == CODE
    results = [json.loads(line) for line in out.read_text().splitlines()]
    assert len(results) == len(found)
    return {flat(one["after"]): one["status"] for one in results}


def test_what_becomes_of_each_fault(outcomes: dict[str, str]) -> None:
    assert outcomes == EXPECTED
