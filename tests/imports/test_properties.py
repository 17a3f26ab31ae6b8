"""What is written then read gives the same typed values, in every form; whatever is sent, verdicts and no exception."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jalons.imports.reading.cells import ColumnNature, ReadAs, read_cell
from jalons.imports.reading.context import SheetContext, colour_name, context_of
from jalons.imports.reading.days import SheetPeriod, read_day
from jalons.imports.reading.files import read_content
from jalons.imports.reading.grid import RawCell
from jalons.imports.reading.numbers import CellUnit, read_number
from jalons.imports.reading.table import read_table
from jalons.imports.reading.texts import read_pasted
from jalons.imports.reading.typed import Meaning, TypedCell
from jalons.imports.targets.abbreviations import knows
from jalons.imports.targets.recognise import recognise
from jalons.imports.targets.records import TableRecord, read_records
from jalons.spreadsheets.reading import SheetContent
from tests.imports.writing import DrawnSheet, Formula, write_csv, write_ods, write_text, write_xlsx

TODAY = dt.date(2026, 11, 29)
COUNTS = {"people": "Personnes", "minors": "dont mineurs", "households": "Ménages", "caravans": "Carav."}
GROUP = "Habitants"
STATES = {"ND": Meaning.ND, "/": Meaning.NOT_APPLICABLE, "-": Meaning.DASH, "": Meaning.EMPTY}
# (what is typed, what is meant); a whole number is written as a number, or as a text.
NUMBERS = st.integers(0, 9999).map(lambda number: (number, number))
WRITTEN = st.integers(0, 9999).map(lambda number: (f"{number:,}".replace(",", "\u202f"), number))
WITH_UNIT = st.integers(0, 99).map(lambda number: (f"{number} pers.", number))
ABSENT = st.sampled_from(sorted(STATES)).map(lambda sign: (sign, STATES[sign]))
DOUBTS = st.sampled_from(
    ["~30", "20-25", "15/20", "une dizaine", "3 ou 4", "9 ?", "6 + 2", "4 fam.", "12 (dont 3)"]
)
ASKED = DOUBTS.map(lambda text: (text, Meaning.DOUBTFUL))
PEOPLE = st.one_of(NUMBERS, WRITTEN, WITH_UNIT, ABSENT, ASKED)
OTHERS = st.one_of(NUMBERS, WRITTEN, ABSENT)
DAYS = st.dates(dt.date(2019, 1, 1), dt.date(2026, 11, 29))


@dataclass
class Drawn:
    """A table of sites, and what was meant in each cell: row by row, by field."""

    sheet: DrawnSheet
    meant: list[dict[str, Any]]


@st.composite
def tables(draw: Any) -> Drawn:
    keys = draw(st.permutations(sorted(COUNTS)))
    double = draw(st.booleans())
    rows: list[list[Any]] = [["Observatoire des sites, novembre 2026"], []][: draw(st.integers(0, 2))]
    merges: list[tuple[int, int, int, int]] = []
    start = len(rows)
    heads = ["Commune", "Site", "Vu le", *(COUNTS[key] for key in keys)]
    if double:
        rows.append(["Commune", "Site", "Vu le", GROUP, "", "", ""])
        rows.append(["", "", "", *(COUNTS[key] for key in keys)])
        merges = [(start, column, start + 1, column) for column in range(3)] + [(start, 3, start, 6)]
    else:
        rows.append(heads)
    meant, sums = [], dict.fromkeys(keys, 0)
    for place in range(draw(st.integers(2, 5))):
        day = draw(DAYS)
        cells = {key: draw(PEOPLE if key == "people" else OTHERS) for key in keys}
        rows.append([["Lille", "Roubaix"][place % 2], f"Site {chr(65 + place)} du canal", day])
        rows[-1] += [cells[key][0] for key in keys]
        meant.append({"observed_on": day, **{key: cells[key][1] for key in keys}})
        for key in keys:
            sums[key] += cells[key][1] if isinstance(cells[key][1], int) else 0
        if draw(st.booleans()):
            rows.append([])
    if draw(st.booleans()):
        rows.append(["TOTAL", "", "", *(Formula(float(sums[key])) for key in keys)])
    return Drawn(DrawnSheet("Nov 2026", rows, merges=merges), meant)


def records_of(sheet: SheetContent) -> list[TableRecord]:
    table = read_table(sheet, knows, today=TODAY)
    found = recognise(table)
    assert found.target is not None
    assert found.target.kind == "sites"
    return read_records(table, found.target, found.columns, today=TODAY)


def check(sheet: SheetContent, meant: list[dict[str, Any]]) -> None:
    records = records_of(sheet)
    assert len(records) == len(meant)
    for record, told in zip(records, meant, strict=True):
        for key, wanted in told.items():
            assert says(record.cells[key].cell, wanted, told), (key, wanted, record.cells[key].cell)


def says(cell: TypedCell, wanted: Any, row: dict[str, Any]) -> bool:
    if isinstance(wanted, dt.date):
        return cell.day == wanted
    if isinstance(wanted, Meaning):
        return cell.meaning is wanted
    # A part greater than its whole is asked, whatever was typed.
    whole = row["people"]
    return (cell.number == wanted and not cell.ask) or (
        isinstance(whole, int) and wanted > whole and cell.ask
    )


@given(tables(), st.sampled_from(["csv;", "csv,", "cp1252", "utf-16", "paste"]))
@settings(derandomize=True, max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_texts_give_back_what_was_typed(drawn: Drawn, form: str) -> None:
    if form == "paste":
        return check(read_pasted(write_text(drawn.sheet, "\t")), drawn.meant)
    encoding = form if form in ("cp1252", "utf-16") else "utf-8"
    if encoding == "cp1252":
        for row in drawn.sheet.rows:
            row[:] = [value.replace("\u202f", "\u00a0") if isinstance(value, str) else value for value in row]
    delimiter = "," if form == "csv," else ";"
    content = write_csv(drawn.sheet, delimiter=delimiter, encoding=encoding)
    return check(read_content(content, "csv")[0], drawn.meant)


@pytest.mark.parametrize("form", ["xlsx", "ods"])
@given(drawn=tables(), from_1904=st.booleans())
@settings(derandomize=True, max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_workbooks_give_back_what_was_typed(form: str, drawn: Drawn, from_1904: bool) -> None:
    content = write_xlsx([drawn.sheet], from_1904=from_1904) if form == "xlsx" else write_ods([drawn.sheet])
    check(read_content(content, form)[0], drawn.meant)


# Whatever is sent ---------------------------------------------------------------------------------------------

VALUES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["TOTAL", "Commune", "Site", "Pers.", "s/total", "ND", "2026", "12 pers.", "#REF!", "=1+1", "1/0"]
    ),
    st.floats(allow_nan=True, allow_infinity=True),
    st.integers(-(10**25), 10**25),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.timedeltas(),
    st.times(),
)
PLACES = st.integers(0, 9)


@st.composite
def sheets(draw: Any) -> SheetContent:
    width = draw(st.integers(0, 6))
    rows = draw(st.lists(st.lists(VALUES, min_size=width, max_size=width), max_size=9))
    corners = draw(st.lists(st.tuples(PLACES, PLACES, PLACES, PLACES), max_size=3))
    merges = [(min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in corners]
    return SheetContent(
        draw(st.text(max_size=8)), rows=rows, merges=merges, fills={0: {"FFC000": [0, 1]}}, formulas={(1, 1)},
        percents={(2, 2)}, hidden_rows={3}, from_1904=draw(st.booleans()),
    )  # fmt: skip


@given(sheets())
@settings(derandomize=True, max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_sheet_is_read_without_exception(sheet: SheetContent) -> None:
    table = read_table(sheet, knows, today=TODAY)
    found = recognise(table)
    assert found.target is not None or found.left_out
    if found.target:
        read_records(table, found.target, found.columns, today=TODAY)


@given(VALUES, st.sampled_from(list(ColumnNature)), st.sampled_from(["people", "euros", "share", ""]))
@example("1" * 400, ColumnNature.COUNT, "people")
@example(float("nan"), ColumnNature.AMOUNT, "euros")
@example(dt.date(9999, 12, 31), ColumnNature.DATE, "")
@settings(derandomize=True, max_examples=300, deadline=None)
def test_any_cell_has_a_meaning(value: Any, nature: ColumnNature, unit: str) -> None:
    raw = RawCell(value, (0, 0), (0, 0))
    cell = read_cell(raw, ReadAs(nature, CellUnit(unit)), SheetContext(), today=TODAY)
    assert isinstance(cell, TypedCell)
    assert bool(cell.reason) == cell.ask


@given(st.text(max_size=80))
@settings(derandomize=True, max_examples=150, deadline=None)
def test_any_text_can_be_pasted(text: str) -> None:
    assert isinstance(read_pasted(text), SheetContent)


@given(st.integers(0, 10**12), st.sampled_from(["€", " €", " euros", "", " EUR"]))
@settings(derandomize=True, max_examples=60, deadline=None)
def test_an_amount_is_read_back(cents: int, unit: str) -> None:
    euros = Decimal(cents) / 100
    written = f"{euros:,.2f}".replace(",", "\u00a0").replace(".", ",") + unit
    cell = read_number(written, CellUnit("euros"))
    assert (cell.number, cell.ask) == (euros, False)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2050, 12, 31)))
@settings(derandomize=True, max_examples=60, deadline=None)
def test_a_date_is_read_back(day: dt.date) -> None:
    assert read_day(f"{day:%d/%m/%Y}", today=TODAY).day == day
    assert read_day(day.isoformat(), today=TODAY).day == day


# Bounds that the docstrings promise -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "number", "asked"),
    [
        ("45,5 k€", Decimal(45500), False), ("1,2 M€", 1200000, False), ("12 pers.", 12, False),
        ("(1 500)", None, True), ("20.000", None, True), ("12 000 + 3 000", None, True), ("15 à 18 k€", None, True),
    ],
)  # fmt: skip
def test_amounts_as_people_write_them(written: str, number: Any, asked: bool) -> None:
    cell = read_number(written, CellUnit("people" if "pers" in written else "euros"))
    assert (cell.number, cell.ask) == (number, asked)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("20/12", dt.date(2026, 12, 20)),
        ("21/12", None),
        ("29/02", None),
        ("début oct.", None),
        ("8 oct", dt.date(2026, 10, 8)),
    ],
)
def test_a_date_without_its_year_takes_that_of_the_sheet(written: str, day: dt.date | None) -> None:
    """A month after the situation at most: 20 December is, 21 is not."""
    cell = read_day(written, today=TODAY, period=SheetPeriod(2026, 11, dt.date(2026, 11, 19)))
    assert (cell.day, cell.ask) == (day, day is None)


@pytest.mark.parametrize(
    ("fill", "name"),
    [("FFC000", "orange"), ("FF9900", "orange"), ("FFFF00", "jaune"), ("92D050", "vert"), ("FF0000", "rouge"),
     ("D9D9D9", "gris"), ("FFFFFF", ""), ("BDD7EE", "bleu")],
)  # fmt: skip
def test_colours_are_called_as_people_call_them(fill: str, name: str) -> None:
    assert colour_name(fill) == name


def test_a_note_says_what_a_dash_is() -> None:
    sheet = read_pasted("Commune\tSite\tPers.\nLille\tCanal\t-\n\n- = non compté, ND = inconnu")
    [record] = records_of(sheet)
    assert record.cells["people"].cell.meaning is Meaning.ND
    assert context_of("", [], ["- = voir avec la ville"], today=TODAY).dash is None


@pytest.mark.parametrize(
    ("header", "sample"),
    [
        ("Nom et prénom", "Exemple Lou"), ("Date de naissance", "01/02/1990"), ("N° sécu", "x"),
        ("Référence", "2 89 07 59 350 123 45"), ("Origine ethnique", "x"), ("Né(e) le", "01/02/1990"),
    ],
)  # fmt: skip
def test_columns_that_name_people_are_refused(header: str, sample: str) -> None:
    table = read_table(
        read_pasted(f"Commune\tNom du site\tPers.\t{header}\nLille\tCanal\t12\t{sample}"), knows, today=TODAY
    )
    guess = recognise(table).columns[3]
    assert guess.refused
    assert not guess.field
