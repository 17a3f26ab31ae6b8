"""What is changed where a workbook is not read back is said: which sheet, which line, which column."""

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalons.conventions.workbook import layout
from jalons.conventions.workbook.reading import FilledWorkbook
from tests.conventions.workbook.books import Edit, Sheets, exported, read_back, saved, sheets_of, typed
from tests.conventions.workbook.test_return import DTML, altered
from tests.guards.draws import costly

pytestmark = pytest.mark.django_db
MARKS = "Repères"
COUNTED = ("Fichier", "Lignes")


@pytest.fixture
def folder(stored_alone: int, db: None, tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture(scope="module")
def stored_content(
    stored_alone: int, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> bytes:
    """Written once: what goes out of the sample is the same for each test."""
    with django_db_blocker.unblock():
        return exported(tmp_path_factory.mktemp("exported"))


@pytest.fixture
def content(stored_content: bytes, db: None) -> bytes:
    return stored_content


def notes(content: bytes, edit: Edit) -> list[str]:
    return plain(read_back(saved(content, edit)))


def plain(filled: FilledWorkbook) -> list[str]:
    return [note.replace("\u00a0", " ").replace("\u202f", " ") for note in filled.notes]


@pytest.mark.parametrize("fmt", ["xlsx", "ods"])
def test_what_nobody_changed_says_nothing(folder: Path, fmt: str) -> None:
    made = exported(folder, fmt=fmt)
    assert read_back(made, f"classeur.{fmt}").notes == []
    # Written again by another program, from what a library reads of either format.
    assert notes(made, lambda sheets: None) == []


def test_a_changed_amount_is_named(content: bytes) -> None:
    def edit(sheets: Sheets) -> None:
        sheets["Budgets"][2][sheets["Budgets"][0].index("Montant")] = 1

    [note] = notes(content, edit)
    assert note.startswith("La feuille « Budgets » a été modifiée (ligne 3, colonne « Montant ») : ")
    assert "Jalons ne la relit pas, rien n’en sera repris" in note


def test_the_words_beside_a_figure_are_named(content: bytes) -> None:
    def edit(sheets: Sheets) -> None:
        sheets["Valeurs"][1][sheets["Valeurs"][0].index("Note")] = "à revoir"
        [row] = [each for each in sheets["Fiche 1"] if each[1] == DTML]
        row[2] = "Autre intitulé"

    told = notes(content, edit)
    assert any("« Valeurs » a été modifiée (ligne 2" in note and "hors des chiffres" in note for note in told)
    assert any("« Fiche 1 » a été modifiée" in note and "« Indicateur »" in note for note in told)


def test_a_figure_that_is_read_back_is_not_told_as_lost(content: bytes) -> None:
    assert notes(content, typed("Fiche 1", DTML, "BILAN 2021", 26)) == []


def test_sorting_is_no_change(content: bytes) -> None:
    def edit(sheets: Sheets) -> None:
        for title in ("Budgets", "Valeurs"):
            heads, *rows = sheets[title]
            sheets[title] = [heads, *rows[::-1]]

    assert notes(content, edit) == []


def test_rows_taken_out_and_a_sheet_of_ones_own(content: bytes) -> None:
    def edit(sheets: Sheets) -> None:
        del sheets["Budgets"][1:3]
        sheets["Feuil1"] = [["mes calculs", 12]]

    told = notes(content, edit)
    assert any("« Budgets » a été modifiée (2 lignes ôtées)" in note for note in told)
    assert "La feuille « Feuil1 » ne vient pas de Jalons : rien n’y est lu." in told


def test_a_renamed_sheet_is_still_compared(content: bytes) -> None:
    def edit(sheets: Sheets) -> None:
        sheets["Mes budgets"] = sheets.pop("Budgets")
        sheets["Mes budgets"][1][-1] = "quelqu’un"

    [note] = notes(content, edit)
    assert "« Mes budgets » a été modifiée (ligne 2, colonne « Dit par »)" in note


def test_an_older_workbook_says_nothing_of_it(content: bytes) -> None:
    def edit(sheets: Sheets) -> None:
        sheets["Repères"] = [row for row in sheets["Repères"] if row[1] != "(feuille)"]
        sheets["Budgets"][1][0] = "changé"

    assert notes(content, edit) == []


def test_an_ods_tells_it_too(folder: Path) -> None:
    made = exported(folder, fmt="ods")
    rows = sheets_of(made)["Fiches"]
    title = rows[1][rows[0].index("Intitulé de la fiche")]
    before, after = f"<text:p>{title}</text:p>".encode(), b"<text:p>Un autre titre</text:p>"

    def change(told: bytes) -> bytes:
        start, sheet, rest = told.partition(b'table:name="Fiches"')
        return start + sheet + rest.replace(before, after, 1)

    [note] = plain(read_back(altered(made, "content.xml", change), "classeur.ods"))
    assert "« Fiches » a été modifiée (ligne 2, colonne « Intitulé de la fiche »)" in note


@pytest.mark.parametrize("code", [0, "", "fiche-01-i99"])
def test_a_row_of_a_fiche_that_lost_its_code_is_told(content: bytes, code: Any) -> None:
    """The head of a section, and a line without figures: nothing else would say that their words are left aside."""

    def edit(sheets: Sheets) -> None:
        rows = sheets["Fiche 1"]
        [section] = [row for row in rows if row[1] == layout.SECTION][:1]
        section[1] = code
        rows.append([rows[1][0], code, "Nombre de cafés servis"])

    [note] = [note for note in notes(content, edit) if "« Fiche 1 » a été modifiée" in note]
    assert "ligne 2, colonne « Ligne »" in note
    assert note.count("ligne") >= 2


PLACES = st.integers(0, 10**6)
TYPED = st.one_of(st.integers(-(10**9), 10**9), st.text("abcé 0", min_size=1, max_size=8))


@pytest.fixture(scope="module")
def as_exported(stored_content: bytes) -> Sheets:
    return sheets_of(stored_content)


@costly
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=st.tuples(PLACES, PLACES, PLACES), told=TYPED)
def test_any_cell_that_is_not_read_back_is_told(
    content: bytes, as_exported: Sheets, places: tuple[int, ...], told: Any
) -> None:
    """One cell of one such sheet, anywhere in its table, changed into anything else."""
    sheets = copy.deepcopy(as_exported)
    titles = [title for title, (heads, *_) in sheets.items() if title != MARKS and layout.ROW not in heads]
    title = titles[places[0] % len(titles)]
    rows = [row for row in sheets[title] if any(row) and row[0] not in COUNTED]
    row = rows[places[1] % len(rows)]
    column = places[2] % len(row)
    was, new = (" ".join(str(each).removesuffix(".0").split()) for each in (row[column], told))
    row[column] = told
    found = notes(content, lambda read: read.update(sheets))
    assert bool([note for note in found if f"« {title} »" in note]) == (was != new)
