"""A block from a spreadsheet: what each cell would become is said before anything is written."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from jalons.conventions.figures.pasting import TooLarge, block_of, pasted
from jalons.conventions.figures.selectors import grid_of, matrix_of
from jalons.conventions.models import Cell, Commitment, MatrixColumn, MatrixRow
from tests.conventions.figures.test_grid import address, cell_at, name, sheet, signed_in, stored_sheet, text
from tests.factories import Cast
from tests.forms import form_to

__all__ = ["sheet", "stored_sheet"]  # the fixtures


@pytest.mark.parametrize(
    ("copied", "cells"),
    [
        ("12", [["12"]]),
        ("12\t13\n14\t15", [["12", "13"], ["14", "15"]]),
        ("12\t13\r\n14\t15\r\n", [["12", "13"], ["14", "15"]]),
        ("12\r14", [["12"], ["14"]]),
        ('"9 781\ndont 7 782"\t13', [["9 781\ndont 7 782", "13"]]),
        ('"dit ""oui"""\t"a\tb"', [['dit "oui"', "a\tb"]]),
        ("\t13\n\n14\t", [["", "13"], [""], ["14", ""]]),
        ("1,5\t13 197 804 €\t62 %\tND", [["1,5", "13 197 804 €", "62 %", "ND"]]),
        ('3" de pluie\t4', [['3" de pluie', "4"]]),
        ('"jamais fermé\t4\n5\t6', [['"jamais fermé', "4"], ["5", "6"]]),
        ("\n\n", []),
    ],
)
def test_what_a_spreadsheet_copies_is_cut_in_cells(copied: str, cells: list[list[str]]) -> None:
    assert block_of(copied) == cells


def quoted(cell: str) -> str:
    doubled = cell.replace('"', '""')
    return f'"{doubled}"'


@given(
    st.lists(
        st.lists(st.text(st.sampled_from('ab1 "\t\n€'), max_size=8), min_size=1, max_size=4),
        min_size=1,
        max_size=4,
    )
)
def test_every_block_quoted_by_a_spreadsheet_comes_back(rows: list[list[str]]) -> None:
    rows = [*rows, ["fin"]]
    assert block_of("\n".join("\t".join(map(quoted, row)) for row in rows)) == rows


@given(st.text(max_size=80))
def test_no_block_breaks_the_reading(copied: str) -> None:
    assert all(isinstance(cell, str) for row in block_of(copied) for cell in row)


def test_a_block_that_is_too_large_is_said_so() -> None:
    with pytest.raises(TooLarge):
        block_of("1\t" * 6000)
    with pytest.raises(TooLarge):
        block_of("1" * 500_000)


def states(cast: Cast, sheet: Commitment, copied: str, row: str, column: str) -> list[list[str]]:
    grid = grid_of(cast.council, matrix_of(sheet))
    first = tuple(map(int, name(sheet, row, column).removeprefix("c-").split("-")))
    return [[each.state for each in found] for found in pasted(grid, block_of(copied), (first[0], first[1]))]


def test_each_cell_has_its_verdict(cast: Cast, sheet: Commitment) -> None:
    copied = "41\t51\t9\nDTML ?\t=1+1\t\n\t1 402 901"
    assert states(cast, sheet, copied, "i01", "bilan_2021") == [
        ["kept", "kept", "outside"],
        ["doubt", "refused", "outside"],
        ["left", "doubt"],
    ]
    assert states(cast, sheet, "36\t40 familles", "i01", "bilan_2020") == [["closed", "same"]]
    assert states(cast, sheet, "1\n2\n3", "i03", "bilan_2021") == [["kept"], ["kept"], ["outside"]]


def test_a_figure_far_from_the_others_is_put_to_a_person(cast: Cast, sheet: Commitment) -> None:
    assert states(cast, sheet, "400", "i01", "objectif_2022") == [["doubt"]]
    assert states(cast, sheet, "10", "i01", "objectif_2022") == [["doubt"]]
    assert states(cast, sheet, "45", "i01", "objectif_2022") == [["kept"]]


def test_nothing_is_written_before_it_was_seen(cast: Cast, sheet: Commitment) -> None:
    client, url = signed_in(cast.council), address(sheet, "coller/")
    row, column = name(sheet, "i01", "bilan_2021").removeprefix("c-").split("-")
    told = form_to(client.get(f"{url}?ligne={row}&colonne={column}"), url).values
    assert (told["row"], told["column"]) == ([row], [column])
    count = Cell.objects.count()
    answer = client.post(url, {**told, "text": "41 familles\t1 234\nND\t=1+1"})
    page = text(answer).replace("\u202f", " ").replace("\xa0", " ")
    assert Cell.objects.count() == count
    for words in ("Enregistrer 3 cases", "Lu : 1 234", "Lu : ND", "C’est une formule"):
        assert words in page
    told = form_to(answer, url).values
    answer = client.post(url, {**told, "confirmer": "1"}, follow=True)
    assert "3 cases enregistrées." in text(answer)
    assert cell_at(sheet, "i01", "bilan_2021").qualifier == "familles"
    assert cell_at(sheet, "i01", "objectif_2022").number == 1234
    assert cell_at(sheet, "i01.1", "bilan_2021").kind == "nd"
    count = Cell.objects.count()
    client.post(url, {**told, "confirmer": "1"})
    assert Cell.objects.count() == count


def test_somebody_else_wrote_meanwhile(cast: Cast, sheet: Commitment) -> None:
    client, url = signed_in(cast.council), address(sheet, "coller/")
    row, column = name(sheet, "i01", "objectif_2022").removeprefix("c-").split("-")
    told = form_to(client.get(url), url).values
    grid = form_to(client.get(address(sheet)), address(sheet)).values
    client.post(address(sheet), {**grid, f"c-{row}-{column}": "60"})
    answer = client.post(url, {**told, "row": row, "column": column, "text": "70", "confirmer": "1"})
    assert answer.status_code == 409
    assert cell_at(sheet, "i01", "objectif_2022").number == 60
    again = form_to(answer, address(sheet)).values
    client.post(address(sheet), again)
    assert cell_at(sheet, "i01", "objectif_2022").number == 70


def test_the_grid_asks_for_the_verdicts(cast: Cast, sheet: Commitment) -> None:
    client, url = signed_in(cast.council), address(sheet, "coller/")
    row, column = name(sheet, "i01", "bilan_2021").removeprefix("c-").split("-")
    block = {"row": row, "column": column, "text": "41\t51"}
    told = client.post(url, block, headers={"accept": "application/json"}).json()
    assert [each["state"] for each in told["rows"][0]] == ["kept", "kept"]
    told = client.post(url, {**block, "text": ""}, headers={"accept": "application/json"})
    assert told.status_code == 400
    assert told.json()["problem"]
    packed = {"packed": f'{{"{row}-{column}": "=1+1"}}'}
    verdict = client.post(url, packed).json()["cells"][f"{row}-{column}"]
    assert verdict["state"] == "refused"
    assert "formule" in verdict["words"]


def test_details_that_exceed_their_row_are_told_while_typing(cast: Cast, sheet: Commitment) -> None:
    client, url = signed_in(cast.council), address(sheet, "coller/")
    code = name(sheet, "i01.1", "bilan_2021").removeprefix("c-")
    whole = name(sheet, "i01", "bilan_2021").removeprefix("c-")
    packed = {"packed": f'{{"{code}": "45", "{whole}": "41 familles"}}'}
    verdicts = client.post(url, packed).json()["cells"]
    assert "Les détails font 45 pour 41." in verdicts[whole]["words"]
    assert verdicts[whole]["state"] == "doubt"


def test_two_thousand_cells_at_once(cast: Cast, sheet: Commitment) -> None:
    for n in range(19):
        MatrixColumn(commitment=sheet, key=f"c{n}", header=f"Colonne {n}", position=n + 9).save()
    for n in range(100):
        MatrixRow(commitment=sheet, key=f"r{n}", label=f"Ligne {n}", position=n + 20).save()
    row = MatrixRow.objects.get(key="r0")
    column = sheet.columns.get(key="objectif_2022")
    block = "\r\n".join("\t".join(str(n + m) for m in range(20)) for n in range(100))
    client = signed_in(cast.council)
    told = {"row": row.pk, "column": column.pk, "text": block}
    page = text(client.post(address(sheet, "coller/"), told))
    assert "2000 cases" in page or "2\u202f000 cases" in page
    answer = client.post(address(sheet, "coller/"), {**told, "confirmer": "1"})
    assert answer.status_code == 302
    assert Cell.objects.known().filter(row__key__startswith="r").count() == 2000


def test_a_person_without_a_row_pastes_nothing(cast: Cast, sheet: Commitment) -> None:
    assert signed_in(cast.correspondent59).get(address(sheet, "coller/")).status_code == 403
    assert Client().get(address(sheet, "coller/")).status_code == 302


@pytest.mark.parametrize(
    "told", [{}, {"row": "x", "column": "y", "text": "1"}, {"row": "1" * 40, "text": "1"}]
)
def test_a_block_laid_nowhere(cast: Cast, sheet: Commitment, told: dict[str, Any]) -> None:
    answer = signed_in(cast.council).post(address(sheet, "coller/"), told)
    assert answer.status_code == 200
    assert "Corrigez" in text(answer) or "j-error" in text(answer)
