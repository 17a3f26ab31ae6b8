"""No test looks at a clock: on a busy machine it would fail for nothing. Work is measured instead: `tests/work.py`."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.tree import python_files

# Moments of the machine's clocks, and the waits that hope for something meanwhile.
CLOCKS = {"time", "monotonic", "perf_counter", "process_time", "thread_time", "clock_gettime"}
WAITS = {"sleep", "wait_for_timeout"}
MODULES_OF_TIME = {"timeit"}
ALLOWED = {
    "tests/guards/parts.py": "measures the parts of the gate, and judges no test",
    "tests/guards/durations.py": "measures the parts of the gate, and judges no test",
    "tests/core/confined_probes.py": "what a child does until it is killed; no test waits for its end",
    "tests/discussions/test_sending.py": "a slow mail server; what is asserted does not depend on it",
}


def looked_at(source: str) -> Iterator[str]:
    """Where `source` asks a clock, waits, or compares the time between two moments with a number."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="time"), attr=name):
                forbidden = name.removesuffix("_ns") in CLOCKS | WAITS
            case ast.ImportFrom(module="time", names=names):
                forbidden = any(one.name.removesuffix("_ns") in CLOCKS | WAITS for one in names)
            case ast.Import(names=names):
                forbidden = any(
                    one.name in MODULES_OF_TIME or (one.asname and one.name == "time") for one in names
                )
            case ast.Attribute(attr="wait_for_timeout" | "total_seconds"):
                forbidden = True
            case ast.Compare():
                forbidden = is_elapsed(node)
            case _:
                forbidden = False
        if forbidden:
            yield f"{node.lineno}: {ast.unparse(node)}"


def is_elapsed(compared: ast.Compare) -> bool:
    """`timezone.now() - start < limit`, in any order; `timezone.now() - DAY` is a date, and may be compared."""
    return any(
        isinstance(each, ast.BinOp)
        and isinstance(each.op, ast.Sub)
        and (is_now(each.right) or (is_now(each.left) and not is_length(each.right)))
        for each in (compared.left, *compared.comparators)
    )


def is_now(node: ast.expr) -> bool:
    return ast.unparse(node).endswith(".now()")


def is_length(node: ast.expr) -> bool:
    words = ast.unparse(node)
    return "timedelta" in words or words.isupper()


def test_no_test_looks_at_a_clock() -> None:
    found = {
        path: lines
        for path, text in python_files("tests/").items()
        if path not in ALLOWED and (lines := list(looked_at(text)))
    }
    assert found == {}, "mesurez le travail (tests/work.py, nombre de requêtes) ; le temps est à `make bench`"


def test_what_is_allowed_is_still_needed() -> None:
    files = python_files("tests/")
    assert [path for path in ALLOWED if not list(looked_at(files[path]))] == []


@pytest.mark.parametrize(
    "line",
    [
        "start = time.monotonic()",
        "assert time.perf_counter() - start < 2",
        "time.process_time_ns()",
        "from time import perf_counter",
        "import time as clock",
        "import timeit",
        "time.sleep(0.15)",
        "page.wait_for_timeout(400)",
        "assert timezone.now() - start < dt.timedelta(seconds=2)",
        "assert dt.timedelta(seconds=2) > dt.datetime.now() - start",
        "assert (end - start).total_seconds() < 3",
    ],
)
def test_the_rule_sees_clocks(line: str) -> None:
    assert list(looked_at(line))


@pytest.mark.parametrize(
    "line",
    [
        "now = timezone.now()",
        "expect.set_options(timeout=20_000)",
        "process.communicate(timeout=60)",
        "assert mail.sent_at > timezone.now() - dt.timedelta(hours=1)",
        "settings.GEOCODER_TIMEOUT = 0.3",
    ],
)
def test_the_rule_lets_dates_and_patience_through(line: str) -> None:
    assert not list(looked_at(line))
