"""The financial annex made again from the sheets: equal to the printed one, or the gap is said."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest

from jalons.conventions.documents.annex import AnnexGrid, regenerated
from jalons.conventions.documents.columns import arranged
from jalons.conventions.documents.make import document_of
from jalons.conventions.dossier.content import Dossier
from jalons.conventions.exchange.reading import read
from jalons.exports.acts import Ruled
from jalons.exports.document import Note
from tests.conventions.samples import line, money, sample, two_departements

REAL = Path(__file__).parents[3] / "jalons" / "demonstration" / "data" / "calpae-2022.json"
Json = dict[str, Any]


def dossier_of(told: Json) -> Dossier:
    return read(told).file.dossiers[0]


def folded(text: str) -> str:
    return re.sub(r"\s", "", text)


def printed(told: Json) -> list[list[list[str]]]:
    """The words of each table of the file, in the order of its heads."""
    tables = []
    for table in told["annexes_financieres"][0]["tables"]:
        rows = []
        for row in table["rows"]:
            parts = [key for key in row if key.startswith("part_")]
            recall = [row.get("rappel_colonne_4") or ""] if len(table["headers"]) > len(parts) + 2 else []
            figures = [row[key]["raw"] if row[key] else "" for key in parts]
            rows.append([row["label"], *figures, *recall, row["total"]["raw"] if row["total"] else ""])
        tables.append(rows)
    return tables


def said(grids: list[AnnexGrid]) -> list[list[list[str]]]:
    return [[[folded(words) for words in row] for row in grid.texts] for grid in grids]


def expected(told: Json) -> list[list[list[str]]]:
    return [[[folded(words) for words in row] for row in table] for table in printed(told)]


def test_the_annex_of_the_real_convention_cell_by_cell() -> None:
    told = json.loads(REAL.read_bytes())
    grids = regenerated(dossier_of(told))
    assert said(grids) == expected(told)
    assert [len(grid.rows) for grid in grids] == [3, 12, 10]
    copied = {row.line.number for grid in grids for row in grid.rows for cell in row.cells if cell.copied}
    assert copied == {"1", "2"}  # no page for one, no budget for the other: everything else is computed
    assert all(cell.gap is None for grid in grids for row in grid.rows for cell in row.cells)


def test_amounts_come_from_the_sheets_and_not_from_the_annex() -> None:
    told = json.loads(REAL.read_bytes())
    for table in told["annexes_financieres"][0]["tables"]:
        for row in table["rows"]:
            if row["kind"] != "section" and row.get("fiche_number") not in (1, 2):
                for key in ("part_etat", "part_cd59", "total"):
                    row[key] = money(7)
    original = json.loads(REAL.read_bytes())
    assert said(regenerated(dossier_of(told))) == expected(original)


@pytest.mark.parametrize("told", [sample, two_departements])
def test_other_annexes(told: Any) -> None:
    file = told()
    assert said(regenerated(dossier_of(file))) == expected(file)


def test_a_gap_is_said_beside_the_computed_amount() -> None:
    told = sample()
    told["annexes_financieres"][0]["tables"][1]["rows"][1]["part_etat"] = money(99_999)
    dossier = dossier_of(told)
    [cell] = [cell for grid in regenerated(dossier) for row in grid.rows for cell in row.cells if cell.gap]
    assert (cell.euros, cell.printed, cell.gap) == (100_000, 99_999, 1)
    blocks = document_of(dossier, "annexe-financiere", remarks=True).blocks
    tables = [block for block in blocks if isinstance(block, Ruled)]
    lines = [one for table in tables for row in table.rows for slot in row.slots for one in slot.lines]
    words = [one.words for one in lines]
    assert any("99\u202f999\u00a0€" in each and "+1\u00a0€" in each for each in words)
    assert any(isinstance(block, Note) and block.warning for block in blocks)


def test_three_funders_whatever_the_order_of_the_heads() -> None:
    told = sample()
    for sheet in told["fiches"]:
        for row in sheet["budget"]:
            row["part_region"] = money(1_000)
            row["total"] = money(row["total"]["amount"] + 1_000)
    for table in told["annexes_financieres"][0]["tables"]:
        table["headers"] = ["", "TOTAL", "Part Région", "Part CD 59", "Part Etat"]
        for row in table["rows"]:
            if row["kind"] == "fiche":
                row["part_region"] = money(1_000)
                row["total"] = money(row["total"]["amount"] + 1_000)
    grid = regenerated(dossier_of(told))[1]
    [row] = [row for row in grid.rows if row.line.number == "1"]
    assert [folded(cell.words) for cell in row.cells[1:]] == ["201000€", "1000€", "100000€", "100000€"]
    assert [folded(words) for words in grid.texts[-1][1:]] == ["201000€", "1000€", "100000€", "100000€"]


def test_two_departements_that_number_alike() -> None:
    told = two_departements()
    first = told["fiches"][0]
    other = copy.deepcopy(first)
    other["id"], other["departement"] = "autre-f01", "Pas-de-Calais"
    first["departement"] = "Nord"
    for row in (*other["budget"],):
        row["total"], row["part_etat"] = money(20_000), money(12_000)
        row["part_cd62"] = money(8_000)
        del row["part_departement"]
    told["fiches"].append(other)
    rows = told["annexes_financieres"][0]["tables"][1]["rows"]
    rows[1:2] = [
        line("fiche", "Fiche 1 - Maraudes", 100_000, 100_000, fiche_number=1),
        {
            "kind": "fiche",
            "label": "Fiche 1 - Ailleurs",
            "fiche_number": 1,
            "part_etat": money(12_000),
            "part_cd62": money(8_000),
            "total": money(20_000),
        },
    ]
    grid = regenerated(dossier_of(told))[1]
    found = [[folded(cell.words) for cell in row.cells] for row in grid.rows if row.line.number == "1"]
    assert "12000€" in found[1]
    assert "8000€" in found[1]
    assert "20000€" in found[1]
    assert "200000€" in found[0]


def test_a_convention_without_annex_gets_one() -> None:
    told = sample()
    told["annexes_financieres"] = []
    grids = regenerated(dossier_of(told))
    recap = {folded(row[0]): [folded(words) for words in row[1:]] for row in grids[0].texts}
    assert recap["Totalgénéral"] == ["150000€", "150000€", "300000€"]
    assert [len(grid.rows) for grid in grids] == [3, 2, 3]


@pytest.mark.parametrize(
    ("heads", "expected"),
    [
        (
            ["", "TOTAL", "PART ETAT", "PART CD 59", "NOTES"],
            ["", "total", "part_etat", "part_departement", "notes"],
        ),
        (["", "Part CD", "Part Etat", "", "Total"], ["", "part_departement", "part_etat", "recall", "total"]),
        (["", "Conseil départemental", "Préfecture"], ["", "part_departement", "part_etat", "total"]),
        ([], ["", "part_departement", "part_etat", "total"]),
    ],
)
def test_heads_find_their_amounts(heads: list[str], expected: list[str]) -> None:
    dossier = dossier_of(sample())
    parts = ["part_departement", "part_etat", "total"]
    assert [column.part for column in arranged(heads, parts, dossier, notes=False)] == expected
