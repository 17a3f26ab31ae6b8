"""What is typed in a cell: read when there is one way to read it, kept in its words otherwise, written once."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalons.conventions.figures.composite_cells import CellReading, Expected
from jalons.conventions.figures.services import CellFigure, Outcome, set_figures
from jalons.conventions.figures.typed_cells import read_typed
from jalons.conventions.models import Cell, Commitment, MatrixColumn, MatrixRow
from jalons.core.values import Value, format_number
from jalons.history.services import Actor
from jalons.indicators.models import Indicator
from tests import factories
from tests.conventions.samples import make_convention, sample
from tests.factories import Cast
from tests.worlds import stored

COUNTS = Expected(numbers=(40, 50))
FORMED = Expected(qualifiers=("formés",), numbers=(250,))


def said(reading: CellReading) -> tuple[Any, ...]:
    return reading.kind, reading.number, reading.unit, reading.qualifier


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1 234", ("number", 1234, "", "")),
        ("1\u202f234", ("number", 1234, "", "")),
        ("1\u00a0234,5", ("number", Decimal("1234.5"), "", "")),
        ("12,5", ("number", Decimal("12.5"), "", "")),
        ("0", ("number", 0, "", "")),
        ("13 197 804 €", ("amount", 13197804, "", "")),
        ("62 %", ("percent", 62, "%", "")),
        ("62%", ("percent", 62, "%", "")),
        ("17,4 jours", ("duration", Decimal("17.4"), "jours", "")),
        ("9 mois (suite COVID)", ("duration", 9, "mois", "")),
        ("ND", ("nd", None, "", "")),
        ("Donnée non disponible", ("nd", None, "", "")),
        ("/", ("not_applicable", None, "", "")),
        ("sans objet", ("not_applicable", None, "", "")),
        ("-", ("dash", None, "", "")),
        ("–", ("dash", None, "", "")),
        ("", ("empty", None, "", "")),
        (" \n ", ("empty", None, "", "")),
        ("Recrutement effectué", ("text", None, "", "")),
    ],
)
def test_what_is_certain_is_read(text: str, told: tuple[Any, ...]) -> None:
    reading = read_typed(text, COUNTS)
    assert said(reading) == told
    assert not reading.refused


def test_a_bare_number_takes_the_unit_of_its_row() -> None:
    assert said(read_typed("62", Expected("percent"))) == ("percent", 62, "%", "")
    assert said(read_typed("15", Expected("duration", "jours"))) == ("duration", 15, "jours", "")
    assert said(read_typed("15", Expected("duration"))) == ("number", 15, "", "")
    assert said(read_typed("1 500", Expected("amount"))) == ("amount", 1500, "", "")


def test_what_is_counted_is_kept_where_the_row_says_what_it_counts() -> None:
    assert said(read_typed("30 formés", FORMED)) == ("number", 30, "", "formés")
    assert said(read_typed("398 sensibilisés", FORMED)) == ("number", 398, "", "sensibilisés")
    assert said(read_typed("30 formés", COUNTS)) == ("text", None, "", "")
    assert read_typed("30 formés", COUNTS).doubt
    demand = Expected(qualifiers=("en 1ère demande",))
    assert said(read_typed("35 000 en 1ère demande", demand)) == ("number", 35000, "", "en 1ère demande")


@pytest.mark.parametrize(
    "text", ["280 80", "120 60 10", "1 402 901", "1 402 901 (sur les 975)", "1.234", "12 34 formés"]
)
def test_what_may_be_two_numbers_is_put_to_a_person(text: str) -> None:
    for expected in (COUNTS, FORMED, Expected(), Expected(numbers=(975, 1165))):
        reading = read_typed(text, expected)
        assert reading.number is None
        assert reading.kind == "text"
        assert reading.raw == text
        assert reading.doubt


def test_millions_are_read_where_the_others_are_millions() -> None:
    assert read_typed("1 402 901", Expected(numbers=(1_300_000,))).number == 1402901
    assert read_typed("1402901", COUNTS).number == 1402901


@pytest.mark.parametrize(
    ("text", "number", "parts"),
    [
        ("9 781 dont 7 782 hors PE", 9781, [("hors PE", 7782, "dont")]),
        (
            "6 345 dont 4 211 CoachEmploi et 2 134 CoachEmploi PE + 2 539 jeunes",
            6345,
            [("CoachEmploi", 4211, "dont"), ("CoachEmploi PE", 2134, "dont"), ("jeunes", 2539, "plus")],
        ),
        ("1 539 (dont 607 MNA) Cohorte DTML =167", 1539, [("MNA", 607, "dont"), ("Cohorte DTML", 167, "cohorte")]),
        ("9 781\ndont 7 782 hors PE", 9781, [("hors PE", 7782, "dont")]),
        ("7 300 Dont 5 500 jeunes", 7300, [("jeunes", 5500, "dont")]),
        ("812 (sur les 975)", 812, [("dénominateur", 975, "dénominateur")]),
        ("CAPEP : 680 Sauvegarde : ND", None, [("CAPEP", 680, "ventilation"), ("Sauvegarde", None, "ventilation")]),
        ("7 dont 9 hors PE", None, [("hors PE", 9, "dont")]),
    ],
)  # fmt: skip
def test_a_composite_keeps_its_parts(
    text: str, number: int | None, parts: list[tuple[str, Any, str]]
) -> None:
    reading = read_typed(text, COUNTS)
    assert (reading.kind, reading.number, reading.main) == (
        "composite",
        number,
        "explicit" if number else "none",
    )
    assert [(part["label"], part["number"], part["relation"]) for part in reading.parts] == parts


@pytest.mark.parametrize(
    "text", ["9 781 dont beaucoup hors PE", "24 familles 84 personnes", "8 (entrée de 2 jeunes en cours)"]
)
def test_what_is_not_read_to_its_end_has_no_number(text: str) -> None:
    assert said(read_typed(text, COUNTS)) == ("text", None, "", "")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://x.test")',
        "@SUM(A1)",
        "+A1",
        "#REF!",
        "#N/A",
        "a\x00b",
        "1,23456",
    ],
)
def test_what_no_cell_may_hold_is_refused(text: str) -> None:
    reading = read_typed(text, COUNTS)
    assert reading.refused
    assert reading.raw == text


@given(st.integers(0, 999_999), st.sampled_from(["", " ", "\u00a0", "\n", "\t"]))
def test_every_count_as_we_write_it_is_read_again(number: int, around: str) -> None:
    assert read_typed(around + format_number(number) + around).number == number


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_and_none_is_lost(text: str) -> None:
    reading = read_typed(text, FORMED)
    assert " ".join(reading.raw.split()) == " ".join(text.split())
    assert reading.words
    if reading.kind in ("text", "nd", "empty", "dash", "not_applicable"):
        assert reading.number is None


@given(st.lists(st.integers(0, 999), min_size=2, max_size=4))
def test_numbers_side_by_side_are_never_one(numbers: list[int]) -> None:
    """Unless they read as one group of three by three, which only the row can support."""
    text = " ".join(map(str, numbers))
    reading = read_typed(text, COUNTS)
    grouped = len(numbers) == 2 and numbers[0] > 0 and len(str(numbers[1])) == 3
    assert (reading.number is None) or grouped


def real_cells() -> list[Any]:
    told = json.loads(Path("jalons/demonstration/data/calpae-2022.json").read_text())
    rows = [row for sheet in told["fiches"] for row in sheet["indicator_table"]["indicators"]]
    rows += [child for row in rows for child in row.get("children") or ()]
    found = []
    for row in rows:
        cells = [cell for cell in (row.get("values") or {}).values() if cell.get("raw")]
        for cell in cells:
            others = [each for each in cells if each is not cell]
            found.append((cell, others))
    return found


def test_the_printed_cells_are_read_as_they_were_transcribed_or_left_to_a_person() -> None:
    """Never another number than the one that a person read in the same words."""
    read, cells = 0, real_cells()
    for cell, others in cells:
        expected = Expected(
            qualifiers=tuple(each["qualifier"] for each in others if each.get("qualifier")),
            numbers=tuple(each["number"] for each in others if each.get("number") is not None),
        )
        reading = read_typed(cell["raw"], expected)
        if reading.number is not None:
            assert float(reading.number) == cell["number"], cell["raw"]
            read += 1
        if cell["kind"] in ("number", "percent", "duration") and not cell.get("qualifier"):
            assert reading.number is not None, cell["raw"]
        if cell["kind"] in ("nd", "not_applicable", "dash", "empty", "text"):
            assert reading.kind == cell["kind"]
    assert read > 150


# Writing ---------------------------------------------------------------------------------------------------


@pytest.fixture
def council(cast: Cast) -> Actor:
    return factories.actor(cast.council)


def new_sheet(cast: Cast) -> Commitment:
    return make_convention(sample()).commitments.order_by("position")[0]


stored_sheet, sheet = stored(new_sheet)


def at(sheet: Commitment, row: str, column: str) -> tuple[MatrixRow, MatrixColumn]:
    found = MatrixRow.objects.select_related("indicator", "commitment").get(key=f"{sheet.key}-{row}")
    return found, sheet.columns.get(key=column)


def cell_at(sheet: Commitment, row: str, column: str) -> Cell:
    found, where = at(sheet, row, column)
    return Cell.objects.known().get(row=found, column=where)


def write(sheet: Commitment, by: Actor, row: str, column: str, typed: str | Value, **more: Any) -> Outcome:
    found, where = at(sheet, row, column)
    seen = more.pop("seen", None)
    reason = more.pop("reason", "")
    figure = CellFigure(found, where, typed, **more)
    told = None if seen is None else {figure.place: seen[0]}
    return set_figures(convention=sheet.convention, figures=[figure], by=by, reason=reason, seen=told)


def test_a_figure_is_another_version_of_its_cell(sheet: Commitment, council: Actor) -> None:
    before = cell_at(sheet, "i01", "objectif_2022")
    sheet.convention.refresh_from_db()  # its import was a change too
    revision = sheet.convention.revision
    outcome = write(sheet, council, "i01", "objectif_2022", "60", reason="recompté")
    after = cell_at(sheet, "i01", "objectif_2022")
    assert (len(outcome.written), after.figure, after.raw) == (1, 60, "60")
    assert (after.lineage, after.organisation, after.reason) == (
        before.lineage,
        council.organisation,
        "recompté",
    )
    before.refresh_from_db()
    assert before.superseded_at == after.recorded_at
    sheet.convention.refresh_from_db()
    assert sheet.convention.revision == revision + 1


@pytest.mark.parametrize(
    ("row", "column", "typed"),
    [
        ("i01", "objectif_2022", "50"),
        ("i01", "objectif_2022", " 50,0 "),
        ("i01", "bilan_2021", "40  familles"),
        ("i01.2", "bilan_2021", "nd"),
        ("i02", "bilan_2021", "17,4"),
        ("i03", "bilan_2021", "30 dont\n12 filles"),
        ("i03", "objectif_2022", "sans objet"),
        ("i04", "bilan_2021", "–"),
        ("i04", "objectif_2022", "0"),
        ("i01.1", "objectif_2022", ""),
        ("i01.2", "objectif_2022", ""),
    ],
)
def test_the_same_thing_typed_again_writes_nothing(
    sheet: Commitment, council: Actor, row: str, column: str, typed: str
) -> None:
    count = Cell.objects.count()
    outcome = write(sheet, council, row, column, typed)
    assert (outcome.unchanged, outcome.written, outcome.conflicts) == (1, [], [])
    assert Cell.objects.count() == count


def test_five_absences_are_five_things(sheet: Commitment, council: Actor) -> None:
    kinds = []
    for typed in ("ND", "/", "–", "", "0"):
        write(sheet, council, "i01", "objectif_2022", typed)
        kinds.append(cell_at(sheet, "i01", "objectif_2022").kind)
    assert kinds == ["nd", "not_applicable", "dash", "empty", "number"]


def test_what_was_said_of_the_former_figure_does_not_stick_to_the_new_one(
    sheet: Commitment, council: Actor
) -> None:
    cell = cell_at(sheet, "i03", "bilan_2021")
    Cell.objects.filter(pk=cell.pk).update(
        note="à vérifier", kept={"markup": "<b>30</b>", "as_of": "2021-12"}
    )
    write(sheet, council, "i03", "bilan_2021", "33")
    after = cell_at(sheet, "i03", "bilan_2021")
    assert (after.parts, after.main, after.number) == ([], "", 33)
    assert after.note == "à vérifier"
    assert after.kept == {"as_of": "2021-12"}


def test_two_people_on_one_cell(sheet: Commitment, council: Actor) -> None:
    first = cell_at(sheet, "i01", "objectif_2022")
    write(sheet, council, "i01", "objectif_2022", "60", seen=[first.pk])
    outcome = write(sheet, council, "i01", "objectif_2022", "70", seen=[first.pk])
    assert outcome.written == []
    current = outcome.conflicts[0].current
    assert current is not None
    assert current.figure == 60
    assert cell_at(sheet, "i01", "objectif_2022").figure == 60
    # The same figure as theirs is no conflict.
    assert write(sheet, council, "i01", "objectif_2022", "60", seen=[first.pk]).unchanged == 1
    # Nor is a figure written with theirs in view.
    assert write(sheet, council, "i01", "objectif_2022", "70", seen=[current.pk]).written


def test_a_first_figure_that_somebody_else_wrote_meanwhile(sheet: Commitment, council: Actor) -> None:
    row, _ = at(sheet, "i01", "objectif_2022")
    column = MatrixColumn(commitment=sheet, key="neuve", header="REALISE", position=9)
    column.save()
    figure = CellFigure(row, column, "7")
    told = {figure.place: None}
    convention = sheet.convention
    assert set_figures(convention=convention, figures=[figure], by=council, seen=told).written
    again = CellFigure(row, column, "8")
    assert set_figures(convention=convention, figures=[again], by=council, seen=told).conflicts


def test_what_is_refused_does_not_stop_the_rest(sheet: Commitment, council: Actor) -> None:
    row, column = at(sheet, "i01", "objectif_2022")
    other, _ = at(sheet, "i04", "objectif_2022")
    figures = [CellFigure(row, column, "=1+1"), CellFigure(other, column, "3")]
    outcome = set_figures(convention=sheet.convention, figures=figures, by=council)
    assert [(each[0].pk, "formule" in each[2]) for each in outcome.refused] == [(row.pk, True)]
    assert len(outcome.written) == 1
    assert cell_at(sheet, "i01", "objectif_2022").figure == 50


def test_a_value_of_a_workbook(sheet: Commitment, council: Actor) -> None:
    write(sheet, council, "i01", "objectif_2022", Value.percent(62))
    cell = cell_at(sheet, "i01", "objectif_2022")
    assert (cell.kind, cell.number, cell.unit) == ("percent", 62, "%")
    write(sheet, council, "i01", "objectif_2022", Value.na())
    assert cell_at(sheet, "i01", "objectif_2022").kind == "not_applicable"


def test_what_the_indicator_counts_is_a_qualifier_too(sheet: Commitment, council: Actor) -> None:
    row, _ = at(sheet, "i04", "objectif_2022")
    Indicator.objects.filter(pk=row.indicator_id).update(counted="ateliers")
    write(sheet, council, "i04", "objectif_2022", "12 ateliers")
    cell = cell_at(sheet, "i04", "objectif_2022")
    assert (cell.kind, cell.number, cell.qualifier) == ("number", 12, "ateliers")


def test_two_thousand_figures_take_a_handful_of_queries(
    sheet: Commitment, council: Actor, django_assert_max_num_queries: Any
) -> None:
    columns = [MatrixColumn(commitment=sheet, key=f"c{n}", header=str(n), position=n + 9) for n in range(20)]
    rows = [MatrixRow(commitment=sheet, key=f"r{n}", label=f"Ligne {n}", position=n + 20) for n in range(100)]
    for piece in (*columns, *rows):
        piece.save()
    figures = [CellFigure(row, column, str(row.position)) for row in rows for column in columns]
    with django_assert_max_num_queries(120):
        outcome = set_figures(convention=sheet.convention, figures=figures, by=council)
    assert len(outcome.written) == 2000
