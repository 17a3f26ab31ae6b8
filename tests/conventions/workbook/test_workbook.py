"""A convention as a workbook, there and back: what is not changed changes nothing."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from jalons.conventions.models import Cell
from jalons.demonstration import data as demonstration_data
from tests.conventions.samples import DASH, EMPTY, NA, ND, make_convention, number, sample, two_departements
from tests.conventions.workbook.books import exported, judged, read_back, saved, sheets_of

pytestmark = pytest.mark.django_db
REAL = Path(demonstration_data.__path__[0]) / "calpae-2022.json"
STATES = [number(0), ND, NA, DASH, EMPTY]


def with_every_state() -> Any:
    told = sample()
    table = told["fiches"][0]["indicator_table"]
    table["indicators"] = [
        {"id": f"etat-{place}", "label": f"État {place}", "values": {"objectif_2022": state}}
        for place, state in enumerate(STATES)
    ]
    return told


@pytest.mark.parametrize("fmt", ["xlsx", "ods"])
@pytest.mark.parametrize("slug", ["exemple-2022", "partage-2022", "calpae-2022"])
def test_out_and_in_changes_nothing(fmt: str, slug: str, territories: Any, tmp_path: Path) -> None:
    told = {"exemple-2022": sample, "partage-2022": two_departements}.get(slug)
    make_convention(told() if told else json.loads(REAL.read_text("utf-8")))
    before = Cell.objects.count()
    judgement = judged(exported(tmp_path, slug, fmt), slug, f"c.{fmt}")
    assert (judgement.cells, list(judgement.notes)) == ([], [])
    assert judgement.unchanged >= 12
    path = tmp_path / f"classeur.{fmt}"
    out = io.StringIO()
    call_command("import_convention", str(path), "--wet-run", "--json", stdout=out, stderr=io.StringIO())
    assert json.loads(out.getvalue())["cells"] == []
    assert Cell.objects.count() == before


@pytest.mark.parametrize("fmt", ["xlsx", "ods"])
def test_five_emptinesses_come_back_as_five_things(fmt: str, territories: Any, tmp_path: Path) -> None:
    make_convention(with_every_state())
    content = exported(tmp_path, fmt=fmt)
    shown = {row[1]: row[4] for row in sheets_of(content)["Fiche 1"][1:]}
    assert [shown[f"etat-{place}"] for place in range(5)] == [0, "ND", "/", "-", ""]
    filled = read_back(content, f"c.{fmt}")
    marks = {
        address.row: one.mark for address, one in filled.exported.items() if "objectif" in address.column
    }
    assert len({marks[f"etat-{place}"] for place in range(5)}) == 5
    assert judged(content, name=f"c.{fmt}").cells == []


def test_each_state_can_be_typed(territories: Any, tmp_path: Path) -> None:
    """Every cell is given the state of the next: each is understood as what it is, a blank erases nothing by itself."""
    make_convention(with_every_state())

    def turned(sheets: Any) -> None:
        rows = [row for row in sheets["Fiche 1"] if str(row[1]).startswith("etat-")]
        states = [row[4] for row in rows]
        for row, state in zip(rows, [*states[1:], states[0]], strict=True):
            row[4] = state

    (tmp_path / "c.xlsx").write_bytes(saved(exported(tmp_path), turned))
    call_command("import_convention", str(tmp_path / "c.xlsx"), "--wet-run", stdout=io.StringIO())
    known = Cell.objects.known().filter(row__key__startswith="etat-").order_by("row__key")
    assert [cell.kind for cell in known] == ["nd", "not_applicable", "dash", "dash", "number"]
    assert known.last().number == 0


def test_sheets_of_the_workbook(territories: Any, tmp_path: Path) -> None:
    make_convention()
    sheets = sheets_of(exported(tmp_path))
    assert list(sheets) == [
        "Valeurs", "Fiche 1", "Fiches 2 et 3", "2-3 1- Se loger", "Budgets", "Annexe financière", "Fiches", "Actions",
        "Suivi Suivi des ateliers", "Alertes", "Repères", "À propos",
    ]  # fmt: skip
    assert sheets["Fiche 1"][0] == ["Fiche", "Ligne", "Indicateur", "BILAN 2021", "OBJECTIF 2022"]
    assert sheets["Fiche 1"][1][1:3] == ["(section)", "SUIVI"]
    assert sheets["Fiche 1"][2][3:] == ["40 familles", 50]
    assert sheets["Suivi Suivi des ateliers"][1][1:] == ["Centre social", 120, 46.5]
    budgets = {(row[0], row[6]): row[8] for row in sheets["Budgets"][1:] if row[0] == "exemple-2022-f01"}
    assert budgets["exemple-2022-f01", "part de l’État"] == 100_000
    assert sheets["Annexe financière"][1][6:10] == ["Total engagements du Socle", 100_000, 100_000, 200_000]
    values = sheets["Valeurs"]
    composite = next(row for row in values if row[12] == "composite")
    assert composite[values[0].index("Parties")] == "dont 12 filles"
    assert composite[values[0].index("Dit par")] == "Reprise de données"


def test_one_row_per_value_in_the_csv(territories: Any, tmp_path: Path) -> None:
    make_convention(json.loads(REAL.read_text("utf-8")))
    content = exported(tmp_path, "calpae-2022", "csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content), delimiter=";"))
    assert len(rows) == 278
    assert (
        sum(row["Nature"] == "nd" and row["Valeur"] in ("ND", "Donnée non disponible") for row in rows) == 15
    )
    assert sum(row["Nature"] == "empty" and row["Valeur"] == "" for row in rows) == 14


def test_nothing_is_run_as_a_formula(territories: Any, tmp_path: Path) -> None:
    told = sample()
    cell = told["fiches"][0]["indicator_table"]["indicators"][0]["values"]["bilan_2021"]
    cell |= {"raw": "=1+1", "kind": "text", "number": None, "qualifier": None}
    told["fiches"][0]["title"] = "@SUM(A1)"
    make_convention(told)
    content = exported(tmp_path, fmt="csv").decode("utf-8-sig")
    assert ";'=1+1;" in content
    assert ";'@SUM(A1);" in content
    xlsx = exported(tmp_path)
    assert judged(xlsx).cells == []
    assert sheets_of(xlsx)["Fiche 1"][2][3] == "=1+1"
