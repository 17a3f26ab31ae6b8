"""The faults that `make mutants` puts into the code: which ones, where, and what is left aside."""

from pathlib import Path

import pytest

from mutants.__main__ import asked_for, chosen
from mutants.making import Mutant, made, places_of
from mutants.packages import PACKAGES, ROOT, Package
from mutants.report import Result, is_equivalent, survivors, table
from mutants.tables import statements_of

SOURCE = '''"""A module."""

from dataclasses import dataclass
from functools import lru_cache

Number = int | float
LIMIT = 10
TWICE = LIMIT * 2
WORDS = {"un": 1, "deux": 2}


@dataclass(frozen=True)
class Thing:
    size: int | None = None

    @property
    def fits(self) -> bool:
        return self.size is not None and self.size <= LIMIT


@lru_cache(64)
def nearest(days: list[int], day: int) -> int | None:
    return min(days, key=lambda one: abs(one - day), default=None)


def known(word: str) -> bool:
    return word not in ["a", "b", "c"]
'''


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "module.py").write_text(SOURCE)
    return tmp_path


def mutants(tree: Path) -> list[Mutant]:
    return list(made(tree, places_of(tree, "module.py")))


def test_each_mutant_differs_by_one_line(tree: Path) -> None:
    found = mutants(tree)
    for mutant in found:
        changed = [
            (old, new)
            for old, new in zip(SOURCE.splitlines(), mutant.source.splitlines(), strict=True)
            if old != new
        ]
        assert len(changed) == 1, mutant
        assert changed[0][0].strip() == SOURCE.splitlines()[mutant.line - 1].strip()
    assert len({mutant.source for mutant in found}) == len(found)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("return self.size is not None and self.size <= LIMIT", "self.size < LIMIT"),
        ("return self.size is not None and self.size <= LIMIT", "self.size is not None or self.size"),
        ("return min(days", "return max(days"),
        ("abs(one - day)", "abs(one + day)"),
        ('return word not in ["a", "b", "c"]', "return word  in"),
        ('return word not in ["a", "b", "c"]', '["a", "b"'),
        ("LIMIT = 10", "LIMIT = 11"),
        ('WORDS = {"un": 1, "deux": 2}', 'WORDS = {"un": 1'),
    ],
)
def test_faults_that_a_person_could_make(tree: Path, before: str, after: str) -> None:
    flat = [(one.before, one.after) for one in mutants(tree)]
    assert any(before in old and " ".join(after.split()) in new for old, new in flat), flat


def test_types_and_decorators_are_left_aside(tree: Path) -> None:
    lines = {SOURCE.splitlines()[one.line - 1] for one in mutants(tree)}
    assert not any("frozen" in line or "lru_cache" in line or "Number =" in line for line in lines)
    assert not any("int | None = None" in line for line in lines)


def test_where_a_fault_is(tree: Path) -> None:
    functions = {one.before: one.function for one in mutants(tree)}
    assert functions["return self.size is not None and self.size <= LIMIT"] == "Thing.fits"
    assert functions["LIMIT = 10"] == ""
    [fits] = {one.lines for one in mutants(tree) if one.function == "Thing.fits"}
    assert fits == (16, 18)  # its decorator included


def test_what_is_computed_from_a_table_is_computed_again(tree: Path) -> None:
    limit = next(one for one in mutants(tree) if one.before == "LIMIT = 10")
    assert [statement.lineno for statement in statements_of(limit)] == [7, 8]
    inside = next(one for one in mutants(tree) if one.function)
    assert statements_of(inside) == []


def test_the_same_seed_draws_the_same_mutants(tree: Path) -> None:
    package = Package("module", ("*.py",), ())

    def names(*arguments: str) -> list[str]:
        return [one.source for one in chosen(tree, package, asked_for(["--sample", *arguments]))]

    assert names("5") == names("5", "--seed", "1")
    assert len(names("5")) == 5
    assert names("5") != names("5", "--seed", "2")
    assert len(names("1000")) == len(mutants(tree))


def test_every_package_has_its_code_and_its_tests() -> None:
    assert [package.name for package in PACKAGES if not package.files() or not package.test_files()] == []
    paths = [path for package in PACKAGES for path in package.files()]
    assert len(set(paths)) == len(paths)
    assert all((ROOT / path).exists() for path in paths)


def test_an_unknown_package_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        asked_for(["core/valeurs"])
    assert "paquet inconnu : core/valeurs ; les paquets sont core/values" in capsys.readouterr().err


def test_the_share_leaves_out_what_is_unfit_or_equivalent() -> None:
    statuses = ["killed"] * 7 + ["endless"] + ["survived"] * 3 + ["unfit"]
    results = [Result(f"a.py:{at} X", "a", str(at), status, 2) for at, status in enumerate(statuses)]
    known = frozenset([("a.py", "a", "8"), ("a.py", "a", "0")])
    assert table({"a": results}, known).splitlines()[-1] == "| `a` | 11 | 8 | 1 | 2 | 1 | 80,0 % |"
    assert [is_equivalent(one, known) for one in results].count(True) == 2
    assert survivors(results, known).count("a.py:") == 2
    assert survivors([], known) == "Aucun survivant."
