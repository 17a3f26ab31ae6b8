"""A filled workbook: a verdict for every cell, in French, before anything is written."""

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from jalons.conventions.models import Cell
from jalons.conventions.workbook.reading import UnreadableWorkbook
from jalons.conventions.workbook.verdicts import Judged, Verdict
from jalons.history.services import correct
from tests.conventions.samples import make_convention, sample
from tests.conventions.workbook.books import (
    Edit,
    Rate,
    Sheets,
    exported,
    judged,
    read_back,
    saved,
    sheets_of,
    typed,
)

pytestmark = pytest.mark.django_db
FAMILIES, DELAY, YOUNG = "exemple-2022-f01-i01", "exemple-2022-f01-i02", "exemple-2022-f01-i03"
DTML, DTV = f"{FAMILIES}.1", f"{FAMILIES}.2"


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


def only(content: bytes, edit: Edit) -> Judged:
    [found] = judged(saved(content, edit)).cells
    return found


@pytest.mark.parametrize(
    ("row", "header", "told", "verdict", "fields"),
    [
        (DTML, "OBJECTIF 2022", 30, Verdict.NEW, {"kind": "number", "number": 30, "raw": "30"}),
        (DTML, "BILAN 2021", "1 234,5", Verdict.CHANGED, {"kind": "number", "number": 1234.5}),
        (DTML, "BILAN 2021", "", Verdict.ERASED, {"kind": "empty", "raw": ""}),
        (DTML, "BILAN 2021", "non disponible", Verdict.CHANGED, {"kind": "nd"}),
        (FAMILIES, "BILAN 2021", "45 familles", Verdict.CHANGED, {"number": 45, "qualifier": "familles"}),
        (DELAY, "BILAN 2021", "3 mois", Verdict.CHANGED, {"kind": "duration", "number": 3, "unit": "mois"}),
        (YOUNG, "BILAN 2021", 31, Verdict.CHANGED, {"kind": "number", "number": 31, "parts": []}),
        (YOUNG, "OBJECTIF 2022", "62 %", Verdict.CHANGED, {"kind": "percent", "number": 62, "unit": "%"}),
    ],
)
def test_what_is_typed_is_read(
    content: bytes, row: str, header: str, told: Any, verdict: Verdict, fields: dict[str, Any]
) -> None:
    found = only(content, typed("Fiche 1", row, header, told))
    assert found.verdict is verdict
    assert {name: found.fields[name] for name in fields} == fields


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("=SUM(A1:A3)", "formule"),
        (dt.datetime(2022, 3, 12), "date (12/03/2022)"),
        (True, "vrai ou faux"),
        ("#REF!", "erreur du tableur"),
        ("x" * 5000, "plus de 4000 signes"),
        ("Pr\ufffdsents", "encodage"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_reason(content: bytes, told: Any, why: str) -> None:
    found = only(content, typed("Fiche 1", DTML, "BILAN 2021", told))
    assert found.verdict is Verdict.REFUSED
    assert why in found.reason


def test_what_may_be_read_in_two_ways_is_kept_in_words_and_said(content: bytes) -> None:
    found = only(content, typed("Fiche 1", DTML, "BILAN 2021", "280 80"))
    assert (found.fields["kind"], found.fields["number"]) == ("text", None)
    assert "plusieurs façons" in found.reason


def test_a_rate_of_which_the_sign_was_lost_is_refused(territories: Any, tmp_path: Path) -> None:
    """« 65 % » typed in a spreadsheet comes back as 0,65."""
    told = sample()
    rate = {"raw": "62 %", "kind": "percent", "number": 62, "unit": "%"}
    told["fiches"][0]["indicator_table"]["indicators"][3]["values"] = {"bilan_2021": rate}
    make_convention(told)
    key = told["fiches"][0]["indicator_table"]["indicators"][3]["id"]
    content = exported(tmp_path)
    found = only(content, typed("Fiche 1", key, "OBJECTIF 2022", 0.65))
    assert found.verdict is Verdict.REFUSED
    assert "65\u00a0%" in found.reason
    found = only(content, typed("Fiche 1", key, "OBJECTIF 2022", 65))
    assert (found.fields["kind"], found.fields["number"]) == ("percent", 65)


def test_a_percentage_is_read_by_its_format(content: bytes) -> None:
    """« 12 % » typed in a spreadsheet is 0.12 shown with a sign; 0.12 without one is not."""
    found = only(content, typed("Fiche 1", YOUNG, "OBJECTIF 2022", Rate(0.125)))
    assert (found.fields["kind"], float(found.fields["number"]), found.fields["unit"]) == (
        "percent",
        12.5,
        "%",
    )
    bare = only(content, typed("Fiche 1", YOUNG, "OBJECTIF 2022", 0.125))
    assert (bare.fields["kind"], float(bare.fields["number"])) == ("number", 0.125)


def test_a_percentage_of_libreoffice_is_read_by_its_type(territories: Any, tmp_path: Path) -> None:
    make_convention()

    sheet, old = b'table:name="Fiche 1"', b'office:value-type="float" office:value="25"'
    new = b'office:value-type="percentage" office:value="0.25"'

    def change(told: bytes) -> bytes:
        before, found, after = told.partition(sheet)
        return before + found + after.replace(old, new, 1)

    made = altered(exported(tmp_path, fmt="ods"), "content.xml", change)
    [found] = judged(made, name="c.ods").cells
    assert (found.fields["kind"], float(found.fields["number"])) == ("percent", 25)


def test_parts_are_read_again(content: bytes) -> None:
    found = only(content, typed("Fiche 1", YOUNG, "BILAN 2021", "35 dont 14 filles"))
    assert (found.fields["kind"], found.fields["number"]) == ("composite", 35)
    assert [part["number"] for part in found.fields["parts"]] == [14]


def test_values_sheet_can_be_filled_too(content: bytes) -> None:
    def edit(sheets: Sheets) -> None:
        heads, *rows = sheets["Valeurs"]
        [row] = [each for each in rows if each[3] == DTML and each[7] == "bilan_2021"]
        row[heads.index("Valeur")] = "26"

    assert only(content, edit).fields["number"] == 26


def test_two_places_that_differ_are_refused(content: bytes) -> None:
    def edit(sheets: Sheets) -> None:
        typed("Fiche 1", DTML, "BILAN 2021", 27)(sheets)
        [row] = [each for each in sheets["Valeurs"] if each[3] == DTML and each[7] == "bilan_2021"]
        row[13] = "26"

    assert "deux choses" in only(content, edit).reason


def test_somebody_else_wrote_since(content: bytes) -> None:
    cell = Cell.objects.known().get(row__key=DTML, column__key="bilan_2021")
    author = type("By", (), {"user": cell.author, "organisation": cell.organisation})
    correct(fact=cell, by=author, reason="mieux", raw="99", number=99)  # type: ignore[arg-type]  # an actor
    found = only(content, typed("Fiche 1", DTML, "BILAN 2021", 26))
    assert (found.verdict, found.before, found.after) == (Verdict.CONFLICT, "99", "26")
    # The same figure, or no change of one's own, is no conflict.
    assert judged(saved(content, typed("Fiche 1", DTML, "BILAN 2021", 99))).cells == []
    assert judged(content).cells == []


def test_rows_moved_added_and_taken_out(content: bytes) -> None:
    def edit(sheets: Sheets) -> None:
        head, *rows = sheets["Fiche 1"]
        rows = [row for row in rows if row[1] != DTV][::-1]
        sheets["Fiche 1"] = [head, *rows, ["exemple-2022-f01", "nouvelle", "Une ligne de plus", 1, 2]]
        del sheets["Fiches 2 et 3"]

    judgement = judged(saved(content, edit))
    assert judgement.cells == []
    said = " ".join(judgement.notes)
    assert "lignes s’ajoutent dans Jalons" in said
    assert "ne sont plus dans le classeur" in said


def test_without_its_marks_the_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableWorkbook, match="Repères"):
        read_back(saved(content, lambda sheets: sheets.pop("Repères") and None))


@pytest.mark.parametrize(
    ("name", "made", "why"),
    [
        ("classeur.xlsx", b"PK\x03\x04rien", "contenu"),
        ("classeur.xlsx", b"", "vide"),
        ("classeur.ods", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "mot de passe"),
        ("classeur.csv", b"a;b\n1;2\n", "pas un classeur"),
        ("classeur.exe", b"MZ", "ne sont pas acceptés"),
        ("classeur", b"x", "extension"),
    ],
)
def test_wrong_files(db: None, name: str, made: bytes, why: str) -> None:
    with pytest.raises(UnreadableWorkbook, match=why):
        read_back(made, name)


def test_too_large(db: None, settings: Any) -> None:
    settings.DOCUMENT_MAX_BYTES = 1000
    with pytest.raises(UnreadableWorkbook, match=r"1\s000\soctets au plus"):
        read_back(b"x" * 1001)


def altered(content: bytes, part: str, change: Any) -> bytes:
    """The same archive with one part rewritten."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for info in old.infolist():
            told = old.read(info)
            new.writestr(info, change(told) if info.filename == part else told)
    return buffer.getvalue()


def test_one_cell_written_very_far_is_refused_before_it_fills_the_memory(content: bytes) -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    made = altered(content, "xl/worksheets/sheet2.xml", lambda told: told.replace(b"</sheetData>", far))
    with pytest.raises(UnreadableWorkbook, match="démesuré"):
        read_back(made)


def test_broken_xml_and_entities_are_refused(content: bytes) -> None:
    bomb = b'<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    for change in (
        lambda told: told[:200],
        lambda told: told.replace(b"<worksheet", bomb + b"<worksheet", 1),
    ):
        with pytest.raises(UnreadableWorkbook, match="abîmé"):
            read_back(altered(content, "xl/worksheets/sheet2.xml", change))


def test_formulas_of_libreoffice_are_seen(territories: Any, tmp_path: Path) -> None:
    make_convention()
    sheet, old = b'table:name="Fiche 1"', b'<table:table-cell office:value-type="float" office:value="25"'

    def change(told: bytes) -> bytes:
        before, name, after = told.partition(sheet)
        return before + name + after.replace(old, old + b' table:formula="of:=20+6"', 1)

    made = altered(exported(tmp_path, fmt="ods"), "content.xml", change)
    [found] = judged(made, name="c.ods").cells
    assert (found.verdict, found.label) == (Verdict.REFUSED, "DTML")
    assert "formule" in found.reason


def test_command_writes_what_can_be_and_says_the_rest(content: bytes, tmp_path: Path) -> None:
    def edit(sheets: Sheets) -> None:
        typed("Fiche 1", DTML, "BILAN 2021", 26)(sheets)
        typed("Fiche 1", DTV, "BILAN 2021", "=1+1")(sheets)

    path = tmp_path / "rempli.xlsx"
    path.write_bytes(saved(content, edit))
    out = io.StringIO()
    call_command("import_convention", str(path), stdout=out)
    assert "Rien n’a été écrit" in out.getvalue()
    assert Cell.objects.known().get(row__key=DTML, column__key="bilan_2021").number == 25
    call_command("import_convention", str(path), "--wet-run", stdout=out)
    cell = Cell.objects.known().get(row__key=DTML, column__key="bilan_2021")
    assert (cell.number, cell.raw, cell.reason) == (26, "26", "Reprise du classeur")
    assert Cell.objects.known().get(row__key=DTV, column__key="bilan_2021").kind == "nd"
    assert "[refusé]" in out.getvalue()


def test_workbook_of_a_convention_that_is_not_there(content: bytes, tmp_path: Path) -> None:
    def edit(sheets: Sheets) -> None:
        for row in sheets["Repères"][1:]:
            row[0] = "autre-2022"

    path = tmp_path / "autre.xlsx"
    path.write_bytes(saved(content, edit))
    with pytest.raises(CommandError, match="autre-2022"):
        call_command("import_convention", str(path), "--wet-run")


def test_a_sheet_is_found_wherever_its_headers_are(content: bytes) -> None:
    """A title and an empty line above, a column before: the figures are the same ones, and a fault says its line."""

    def edit(sheets: Sheets) -> None:
        typed("Fiche 1", DTML, "BILAN 2021", 26)(sheets)
        for title in ("Fiche 1", "Repères"):
            rows = [["", *row] for row in sheets[title]]
            sheets[title][:] = [["Suivi de la fiche"], [], *rows]
        sheets["Fiche 1"].append(["", "exemple-2022-f01", "inconnue", "Une ligne", 3])

    judgement = judged(saved(content, edit))
    [found] = judgement.cells
    assert (found.verdict, found.fields["number"]) == (Verdict.CHANGED, 26)
    line = len(sheets_of(content)["Fiche 1"]) + 3
    assert any(f"ligne {line}" in note for note in judgement.notes)


def test_a_blank_cell_erases_nothing_by_itself(content: bytes) -> None:
    judgement = judged(saved(content, typed("Fiche 1", DTML, "BILAN 2021", "")))
    assert [each.verdict for each in judgement.cells] == [Verdict.ERASED]
    assert judgement.writable == []
    assert judgement.to_json()["erased"] == 1


def test_no_key_is_shown_to_a_person(content: bytes) -> None:
    """What was taken out of the workbook, and what is no more in the convention, is said in words."""

    def edit(sheets: Sheets) -> None:
        sheets.pop("Fiche 1")
        for title in ("Fiches 2 et 3", "Repères"):
            for row in sheets[title]:
                row[:] = ["exemple-2022-f99" if each == "exemple-2022-f02-03" else each for each in row]
        typed("Fiches 2 et 3", "exemple-2022-f02-03-i01", "BILAN 2021", 99)(sheets)

    judgement = judged(saved(content, edit))
    said = [
        *judgement.notes,
        *(f"{each.where} {each.label} {each.column} {each.reason}" for each in judgement.cells),
    ]
    assert judgement.cells
    assert judgement.notes
    assert not [words for words in said if "exemple-2022" in words or "bilan_2021" in words]


def test_names_that_files_change_are_found_again(territories: Any, tmp_path: Path) -> None:
    """Spaces side by side, a key that is a number: no spreadsheet gives them back as they were."""
    told = sample()
    told["fiches"][0]["indicator_table"]["indicators"][3] |= {"id": "2022", "label": " deux  mots\n"}
    told["fiches"][0]["indicator_table"]["columns"][0]["header"] = "OBJECTIF  2022"
    make_convention(told)
    content = exported(tmp_path)
    assert sheets_of(content)["Fiche 1"][0][3:] == ["OBJECTIF 2022", "OBJECTIF 2022 (2)"]
    found = only(content, typed("Fiche 1", "2022", "OBJECTIF 2022 (2)", 7))
    assert found.fields["number"] == 7
    assert found.verdict is Verdict.CHANGED
