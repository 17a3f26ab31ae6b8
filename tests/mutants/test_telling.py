"""What the command tells: how far it is while it runs, and the lines of `equivalents.toml` that are true no more."""

import io
import json
import sys
from pathlib import Path
from subprocess import Popen

import pytest

from mutants.__main__ import asked_for, chosen
from mutants.equivalents import equivalents, no_longer_true
from mutants.packages import Package
from mutants.progress import Progress
from mutants.report import Result

CODE = """LIMIT = 10


def fits(size):
    return (
        size <= LIMIT
    )
"""
LISTED = """
[[equivalent]]
file = "stairs.py"
before = "size <= LIMIT"
after = ["size < LIMIT", "size > LIMIT", "size <= LIMITS"]
reason = "Nobody asks at the limit."

[[equivalent]]
file = "stairs.py"
before = "LIMIT = 10"
after = "LIMIT = 11"
reason = " "

[[equivalent]]
file = "gone.py"
before = "LIMIT = 10"
after = "LIMIT = 11"
reason = "The file went away since."
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "stairs.py").write_text(CODE)
    (tmp_path / "equivalents.toml").write_text(LISTED)
    return tmp_path


def told(to: io.StringIO) -> list[str]:
    return [line.strip() for line in to.getvalue().splitlines()]


def write(out: Path, statuses: list[str]) -> None:
    with out.open("a") as file:
        for at, status in enumerate(statuses):
            result = {"name": f"a.py:{at} X", "before": "a", "after": "b", "status": status, "tests": 1}
            file.write(json.dumps(result) + "\n")


def test_the_command_says_how_far_it_is(tmp_path: Path) -> None:
    out, to = tmp_path / "out.jsonl", io.StringIO()
    out.write_text("")
    progress = Progress(out, 12, to)
    progress.read()
    assert told(to) == []
    write(out, ["killed", "survived"])
    progress.read()
    assert told(to) == ["survit : a.py:1 X"]
    write(out, ["killed"] * 8)
    progress.read()
    progress.read()
    assert told(to)[1:] == ["10 essayés sur 12, 1 survivants"]
    write(out, ["endless", "unfit"])
    progress.read()
    assert told(to)[2:] == ["12 essayés sur 12, 1 survivants"]


def test_what_is_written_last_is_told_too(tmp_path: Path) -> None:
    out, to = tmp_path / "out.jsonl", io.StringIO()
    out.write_text("")
    line = json.dumps({"name": "a.py:1 X", "before": "a", "after": "b", "status": "survived", "tests": 1})
    running = Popen([sys.executable, "-c", f"open({str(out)!r}, 'w').write({line + chr(10)!r})"])
    Progress(out, 1, to).until_end(running)
    assert told(to)[0].startswith("1 mutants.")
    assert told(to)[1:] == ["survit : a.py:1 X", "1 essayés sur 1, 1 survivants"]


def test_lines_that_are_true_no_more_are_named(tree: Path) -> None:
    def result(after: str, status: str) -> Result:
        return Result("stairs.py:6 X", "size <= LIMIT", after, status, 1)

    file = tree / "equivalents.toml"
    results = [result("size < LIMIT", "survived"), result("size > LIMIT", "killed")]
    sentences = no_longer_true(tree, results, file)
    assert [
        (line.split(" : ")[1].split(",")[0].split(" ;")[0], line.split(" → ")[1]) for line in sentences
    ] == [
        ("dit équivalent", "size > LIMIT"),
        ("ne désigne plus aucun mutant", "size <= LIMITS"),
        ("sans raison", "LIMIT = 11"),
        ("ne désigne plus aucun mutant", "LIMIT = 11"),
    ]
    assert ("stairs.py", "LIMIT = 10", "LIMIT = 11") not in equivalents(file)
    # Untried mutants say nothing against their line.
    assert len(no_longer_true(tree, [], file)) == 3


@pytest.mark.parametrize(
    ("only", "lines"),
    [
        ([], {1, 6}),
        (["stairs"], {1, 6}),
        (["stairs.py:6"], {6}),
        (["stairs.py:6", "stairs.py:1"], {1, 6}),
        (["stairs.py:6 ReplaceComparisonOperator_LtE_Lt"], {6}),
        (["airs.py:16"], set()),
    ],
)
def test_some_files_lines_or_mutants_only(tree: Path, only: list[str], lines: set[int]) -> None:
    asked = asked_for([argument for one in only for argument in ("--only", one)])
    mutants = chosen(tree, Package("stairs", ("stairs.py",), ()), asked)
    assert {one.line for one in mutants} == lines
    if "LtE_Lt" in "".join(only):
        assert [one.after for one in mutants] == ["size < LIMIT"]
