"""The bench runs from end to end on a tiny base, says what is absent, and knows what goes over a budget."""

import json
import os
import subprocess
import sys
from pathlib import Path

from bench.budgets import BUDGETS, overruns
from bench.report import table
from bench.results import Result
from bench.screens import SCREENS, declaration

ROOT = Path(__file__).parents[2]


def result(screen: str, *times: float, **more: object) -> Result:
    return Result(screen, "national", times=list(times), **more)  # type: ignore[arg-type]


def test_every_screen_has_a_budget() -> None:
    assert {screen.name for screen in SCREENS} == set(BUDGETS)


def test_what_goes_over() -> None:
    assert list(overruns(result("Fiche", 20, 30, 90), [])) == []
    assert list(overruns(result("Fiche", 20, 80, 90), [])) == ["80 ms > 50"]
    assert list(overruns(result("Fiche", 1, queries=16), [])) == ["16 requêtes > 15"]
    assert list(overruns(result("Export csv", 1, memory=240.0), [])) == ["240 Mo de mémoire > 200"]
    assert list(overruns(result("Sites de la carte", 1, compressed=401_000), [])) == [
        "401 Ko compressés > 400"
    ]
    assert list(overruns(result("Fiche", problem="absent"), [])) == []


def test_the_past_is_compared_with_today() -> None:
    today, past = result("Liste", 20), result("Liste il y a un an", 35)
    assert list(overruns(past, [today, past])) == ["1.8 × « Liste » > 1.5"]
    assert list(overruns(past, [Result("Liste", "correspondant59", times=[20]), past])) == []


def test_median_and_p95() -> None:
    twenty = result("Fiche", *range(1, 21))
    assert (twenty.median, twenty.p95) == (10.5, 20)
    assert (result("Fiche").median, result("Fiche").p95) == (0, 0)


def test_the_table_is_aligned_and_says_what_is_absent() -> None:
    lines = table([result("Fiche", 20), result("Sites de la carte", problem="absent")]).splitlines()
    assert lines[-1].endswith("absent")
    assert lines[2].endswith("tenu")
    assert {line.index("national") for line in lines[2:]} == {lines[0].index("Compte")}


def test_the_declaration_carries_the_hidden_fields() -> None:
    page = '<input type="hidden" name="csrf" value="abc"><input type="text" name="name" value="x">'
    posted = declaration(page)
    assert posted["csrf"] == "abc"
    assert posted["commune"] == "Lille"
    assert "name" not in posted


def test_bench_runs_on_a_tiny_base(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench", "--sites", "20", "--surveys", "3", "--actions", "44", "--follow-ups", "3",
        "--db", "sqlite",
    ]  # fmt: skip
    run = subprocess.run(
        [*command, "--only", "Fiche,Export csv", "--runs", "1", "--exports", "1", "--out", str(tmp_path / "out")],
        env={**os.environ, "JALONS_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": ""},
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    (kept,) = (tmp_path / "out").glob("*-20.json")
    found = {
        (each["screen"], each["user"]): each for each in json.loads(kept.read_text())["databases"]["sqlite"]
    }
    assert set(found) == {("Fiche", "national"), ("Fiche", "correspondant59"), ("Export csv", "national")}
    assert [each["problem"] for each in found.values()] == [""] * 3
    sheet, export = found["Fiche", "national"], found["Export csv", "national"]
    assert len(sheet["times"]) == 1
    assert 0 < sheet["compressed"] < sheet["size"]
    assert 3 <= sheet["queries"] <= 40
    assert 20 < export["memory"] < 400
