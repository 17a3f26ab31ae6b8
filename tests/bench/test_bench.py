"""The bench runs from end to end on a tiny base, says what it could not measure, and knows what goes over a budget."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from bench.__main__ import asked_for, say_what_is_missing
from bench.bases import Size
from bench.budgets import BUDGETS, overruns
from bench.fetching import Answer
from bench.measure import problem_of
from bench.pace import REFERENCE, pace
from bench.report import table
from bench.results import Result
from bench.screens import SCREENS, declaration, follow_up
from bench.works import WORKS
from bench.writers import Waits
from bench.writers import table as table_of_waits

ROOT = Path(__file__).parents[2]


def result(screen: str, *times: float, **more: object) -> Result:
    return Result(screen, "national", times=list(times), **more)  # type: ignore[arg-type]


def test_every_screen_has_a_budget() -> None:
    assert {timed.name for timed in (*SCREENS, *WORKS)} == set(BUDGETS)


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


def test_times_are_those_of_the_machine_of_the_budgets() -> None:
    slow = result("Fiche", 60, 80, 90, pace=2.0, work=[30.0])
    assert (slow.median, slow.p95, slow.median_work) == (40, 45, 15)
    assert list(overruns(slow, [])) == []
    assert list(overruns(result("Fiche", 60, 80, 90), [])) == ["80 ms > 50"]


def test_the_pace_is_that_of_a_fixed_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.pace.one_round", lambda base: 30.0)
    assert pace() == 30.0 / REFERENCE


def test_the_bench_fails_by_default() -> None:
    assert asked_for([]).strict
    assert not asked_for(["--no-strict"]).strict


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


def test_what_could_not_be_measured_is_said_aloud(capsys: pytest.CaptureFixture[str]) -> None:
    missing = problem_of(Answer(404, "", 0, 0), posted=False)
    assert missing == "pas encore écrit (404)"
    assert say_what_is_missing([result("Fiche", 20), result("Dispositif", problem=missing)]) == 1
    assert "Dispositif (national) : pas encore écrit" in capsys.readouterr().out
    assert problem_of(Answer(302, "/connexion/", 0, 0), posted=False) == "renvoi vers /connexion/"
    assert problem_of(Answer(302, "/dispositifs/", 0, 0), posted=True) == ""
    assert problem_of(Answer(200, "", 0, 0), posted=True) == "refusé : le formulaire revient"


REPORT = """
<form id="autre"><input name="ailleurs" value="1"></form>
<form id="suivi"><input type="hidden" name="csrf" value="abc"><input name="on" value="">
<input name="v1" value="12"><input name="v2" value="7"><input name="v2_sur" value="9"><input name="v3" value="ND">
<input type="checkbox" name="same_site"><input type="checkbox" name="difficulties" value="canteen" checked>
<input type="checkbox" name="difficulties" value="transport" checked><textarea name="comment_public">Bonjour</textarea>
<select name="job_0"><option value="head">Chef</option><option value="mediator" selected>Médiateur</option></select>
<button name="envoyer" value="1">Enregistrer</button></form>
"""


def test_a_report_is_sent_as_a_browser_would() -> None:
    sent, later = follow_up(REPORT), follow_up(REPORT)
    assert (sent["csrf"], sent["v1"], sent["v2"]) == (["abc"], ["13"], ["8"])
    assert (sent["v3"], sent["v2_sur"]) == (["ND"], ["9"])
    assert (sent["difficulties"], sent["comment_public"]) == (["canteen", "transport"], ["Bonjour"])
    assert sent["job_0"] == ["mediator"]
    assert sent.keys().isdisjoint({"ailleurs", "same_site", "envoyer"})
    assert sent["on"] != later["on"]


def test_a_size_is_said_to_the_builder() -> None:
    size = Size(20, 3, 44, 6, 2, 5)
    assert str(size) == "20x3-44x6-2x5"
    options = ["--sites", "20", "--surveys", "3", "--actions", "44", "--follow-ups", "6"]
    assert size.options == [*options, "--conventions", "2", "--convention-years", "5"]


ONLY = "Fiche,Export csv,Enregistrer,contrôles,Import"


def test_bench_runs_on_a_tiny_base(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench", "--sites", "20", "--surveys", "3", "--actions", "44", "--follow-ups", "3",
        "--conventions", "1", "--convention-years", "2", "--people", "30", "--families", "0",
        "--db", "sqlite", "--no-strict",
    ]  # fmt: skip
    run = subprocess.run(
        [*command, "--runs", "1", "--exports", "1", "--only", ONLY, "--out", str(tmp_path / "out")],
        env={**os.environ, "JALONS_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": ""},
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    (kept,) = (tmp_path / "out").glob("*-20.json")
    found = {
        (each["screen"], each["user"]): each for each in json.loads(kept.read_text())["databases"]["sqlite"]
    }
    saving = "Enregistrer un point de suivi"
    works = {"Tous les contrôles d’une convention", "Import d’une convention"}
    assert {screen for screen, _ in found} == {
        "Fiche",
        "Fiche-action",
        "Fiches-actions en docx",
        "Export csv",
        saving,
        *works,
    }
    assert {each["problem"] for each in found.values()} == {""}
    assert all(found[name, "–"]["times"] for name in works)
    sheet, export = found["Fiche", "national"], found["Export csv", "national"]
    assert len(sheet["times"]) == 1
    assert 0 < sheet["compressed"] < sheet["size"]
    assert 3 <= sheet["queries"] <= 40
    assert 20 < export["memory"] < 400


def test_what_writers_met_in_one_line() -> None:
    """A form that comes back with errors was not saved, and is not a failure of the server."""
    waits = Waits([0.5, 1.0, 2.25], Counter({302: 1, 200: 1, 503: 1}))
    assert waits.line("Recensement") == "| Recensement | 1 | 1 | 1 | 1,00 s | 2,25 s | 2,25 s |"
    both = table_of_waits({"Recensement": waits, "Commentaire": Waits([4.0], Counter({302: 1}))})
    assert both.splitlines()[-1] == "| Ensemble | 2 | 1 | 1 | 1,62 s | 4,00 s | 4,00 s |"


def test_a_form_that_comes_back_is_not_a_failure() -> None:
    assert Waits([0.5], Counter({200: 1, 409: 1})).failures == 0
    assert Waits([0.5], Counter({500: 2})).failures == 2
