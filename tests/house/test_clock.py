"""« Today » is asked in one place: naked, it would be the day of the server, not that of the person."""

import ast

import pytest

from tests.house.tree import python_files

# The helper itself, and the one conversion of a moment to the hour of the reader.
HELPERS = {"jalons/core/clock.py", "jalons/core/values/dates.py"}
NAKED = {"localdate", "localtime", "utcnow"}
OF_A_CLASS = {"today", "now"}  # date.today(), datetime.now(): of the machine


def naked(source: str) -> list[int]:
    """The lines that ask the day or the hour without saying whose it is. `timezone.now()` is an instant: it may."""
    lines: list[int] = []
    if not any(name in source for name in NAKED | OF_A_CLASS):
        return lines
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in NAKED:
            lines.append(node.lineno)
        if isinstance(node, ast.Attribute) and node.attr in OF_A_CLASS:
            owner = ast.unparse(node.value)
            if owner.split(".")[-1] in {"date", "datetime"}:
                lines.append(node.lineno)
        if isinstance(node, ast.ImportFrom) and {name.name for name in node.names} & NAKED:
            lines.append(node.lineno)
    return lines


def test_nobody_asks_the_day_of_the_server() -> None:
    ours = python_files("jalons/")
    assert set(ours) >= HELPERS
    read = {path: text for path, text in ours.items() if path not in HELPERS and "/migrations/" not in path}
    found = {path: lines for path, text in read.items() if (lines := naked(text))}
    assert found == {}, "le jour d’une personne est celui de son territoire : jalons.core.clock"


@pytest.mark.parametrize(
    "line",
    [
        "timezone.localdate()",
        "field(default=timezone.localdate)",
        "dt.date.today()",
        "datetime.now()",
        "dt.datetime.utcnow()",
        "from django.utils.timezone import localdate",
    ],
)
def test_each_naked_way_is_seen(line: str) -> None:
    assert naked(line) == [1]


def test_an_instant_and_the_helper_may_be_asked() -> None:
    assert naked("timezone.now(); clock.today(); timezone.now().date()") == []
