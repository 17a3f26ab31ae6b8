"""What is laid before an assembly: printed as its source has it, its blanks blank, without a word of Jalons."""

from typing import Any

import pytest

from jalons.conventions.documents.annex import regenerated
from jalons.conventions.documents.make import PARTS, document_of
from jalons.conventions.dossier.content import Dossier
from jalons.exports.acts import ActLine, Ruled, Text
from jalons.exports.document import Note
from tests.conventions.documents.test_documents import Json, cells, dossier_of, folded, real_file, words_of
from tests.conventions.samples import number, sample

BROKEN = "Données sur total des 18-21 ans : 1 402 901 (sur les 975) Cohorte DTML : 60"


@pytest.fixture(scope="module")
def real() -> Dossier:
    return dossier_of(real_file())


def every_word(dossier: Dossier, part: str, **more: Any) -> str:
    found = []
    for block in document_of(dossier, part, **more).blocks:
        if isinstance(block, Ruled):
            found += [words_of(slot.lines) for row in (*block.head, *block.rows) for slot in row.slots]
        elif isinstance(block, Text):
            found.append(words_of(block.lines))
        elif isinstance(block, Note):
            found.append(block.text)
    return "\n".join(found)


@pytest.mark.parametrize("part", PARTS)
def test_no_blank_is_filled_with_words(real: Dossier, part: str) -> None:
    for dossier in (real, dossier_of(sample())):
        assert "non renseigné" not in every_word(dossier, part)


def with_gaps() -> Json:
    told = sample()
    told["annexes_financieres"][0]["tables"][1]["rows"][1]["part_etat"]["amount"] = 99_999
    told["fiches_without_sheet"] = [{"number": 9, "label": "Sans fiche"}]
    return told


def test_what_jalons_remarks_is_there_only_when_asked() -> None:
    dossier = dossier_of(with_gaps())
    remarks = (
        "écart",
        "Montants repris",
        "aucune page",
        "sans page",
        "Reste non affecté",
    )
    quiet = every_word(dossier, "complet") + every_word(dossier, "annexe-financiere")
    assert [words for words in remarks if words in quiet] == []
    asked = every_word(dossier, "complet", remarks=True)
    assert "écart" in asked
    assert asked != every_word(dossier, "complet")


def lines_with(dossier: Dossier, words: str) -> list[str]:
    """The lines of the cell of the indicators that holds these words."""
    [found] = [cell for cell in set(cells(dossier, "matrice")) if words in cell]
    return found.split("\n")


def test_a_line_break_that_was_lost_is_printed(real: Dossier) -> None:
    assert lines_with(real, "total des 18-21 ans : 1\u202f402")[:2] == [
        "Données sur total des 18-21 ans : 1\u202f402",
        "901",
    ]
    lines = lines_with(real, "dont 165 en EVA")
    assert lines[-3:] == ["dont 165 en EVA 1", "809 en EVA 2", "694 en EVA 3 (hébergement ASE)"]


def test_no_word_is_lost_nor_added_by_the_lines(real: Dossier) -> None:
    printed = {folded(words) for words in cells(real, "matrice")}
    for sheet in real_file()["fiches"]:
        for row in sheet["indicator_table"]["indicators"]:
            for cell in row["values"].values():
                if cell["kind"] == "composite":
                    assert folded(cell["raw"]) in printed


def bold_runs(dossier: Dossier) -> list[str]:
    lines: list[ActLine] = [
        line
        for block in document_of(dossier, "matrice").blocks
        if isinstance(block, Ruled)
        for row in block.rows
        for slot in row.slots[1:]
        if not slot.tone
        for line in slot.lines
    ]
    return [run.words for line in lines for run in line.runs if run.bold]


def test_bold_is_that_of_each_run(real: Dossier) -> None:
    bold = bold_runs(real)
    assert "CAPEP : 680" in bold
    assert "79 enfants" in bold
    assert "721" in bold
    assert "Sauvegarde : ND" not in bold


def test_a_markup_that_says_other_words_is_left_alone() -> None:
    told = sample()
    cell = {**number(60), "markup": "<b>61</b>"}
    told["fiches"][0]["indicator_table"]["indicators"][0]["values"]["objectif_2022"] = cell
    assert bold_runs(dossier_of(told)) == []


def test_the_annex_has_every_column_of_its_source() -> None:
    told = sample()
    table = told["annexes_financieres"][0]["tables"][1]
    table["headers"] = ["", "Porteur", "Part Etat", "Part CD 59", "Observations", "Échéance", "TOTAL"]
    for row in table["rows"]:
        row |= {"porteur": "Le Département", "observations": "/", "echeance": "juin"}
    grid = regenerated(dossier_of(told))[1]
    heads = [column.head for column in grid.columns]
    assert sorted(heads) == sorted(table["headers"])
    [row] = [row for row in grid.rows if row.line.number == "1"]
    found = dict(zip(heads, (cell.words for cell in row.cells), strict=True))
    assert (found["Porteur"], found["Observations"], found["Échéance"]) == ("Le Département", "/", "juin")


def test_a_sheet_without_title_bears_that_of_the_annex_and_twins_are_told_apart(real: Dossier) -> None:
    said = cells(real, "engagements")
    assert "Fiche 2 - Mettre en place des maraudes mixtes Etat/ASE" in said
    twins = [words for words in said if words.startswith("MOBILITES")]
    assert len(twins) == 2
    assert len(set(twins)) == 2
    assert "Fiche 13 - Plateforme mobilité solidaire" in twins[0]
