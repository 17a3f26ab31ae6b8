"""What is written is what a spreadsheet reads back, and never a formula."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db.models import TextChoices
from hypothesis import example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from jalons.accounts.enums import Right
from jalons.core.values import Emptiness, PartialDate, Ratio, Sum, Value, parse_cell, parse_partial_date
from jalons.core.values.text import clean
from jalons.exports.contract import About, Book, Export, ExportColumn, Table
from jalons.exports.enums import ColumnKind
from jalons.exports.writers import csv_chunks, write_ods, write_xlsx
from jalons.exports.writers.cells import looks_like_formula, sheet_names
from jalons.exports.writers.ods import letters

MADE_AT = dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.UTC)
WRITERS = {"xlsx": write_xlsx, "ods": write_ods}
sheets = pytest.mark.parametrize("fmt", WRITERS)


class AnyReader:
    """A person whose rights are never asked: no column of these tests has one."""


class Free(Export):
    def check(self, user: Any) -> None:
        pass


def book_of(
    *columns: tuple[ColumnKind, Sequence[object]], title: str = "Sites", header: str = "Colonne"
) -> Book:
    """One column for each sequence of cells."""
    made = [
        ExportColumn(f"c{index}", f"{header} {index}", lambda row, index=index: row[index], kind)  # type: ignore[misc]
        for index, (kind, _) in enumerate(columns)
    ]
    rows = list(zip(*(cells for _, cells in columns), strict=True))
    about = About("Nord", "Camille Nord", made_at=MADE_AT, rules=["Le dernier recensement connu."])
    export = Free("sites", "Liste des sites", Right.EXPORT, made, lambda user, params, chosen: [])
    return Book(export, AnyReader(), [Table(title, made, lambda: iter(rows), about)])


def content(book: Book, fmt: str) -> bytes:
    file = io.BytesIO()
    WRITERS[fmt](book, file)
    return file.getvalue()


def read(book: Book, fmt: str, sheet: int = 0) -> list[list[Any]]:
    """Rows under the header, as calamine reads them."""
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content(book, fmt)))
    return workbook.get_sheet_by_index(sheet).to_python(skip_empty_area=False)[1 if sheet == 0 else 0 :]


def read_csv(book: Book) -> list[list[str]]:
    told = b"".join(csv_chunks(book))
    assert told.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(told[3:].decode(), newline=""), delimiter=";"))[1:]


def column(book: Book, fmt: str) -> list[Any]:
    return [row[0] for row in (read_csv(book) if fmt == "csv" else read(book, fmt))]


TEXTS = st.lists(
    st.one_of(st.text(max_size=30), st.text("=+-@\t\r\n ＝'\"<>&;_x0041r/", max_size=12)),
    min_size=1,
    max_size=8,
)


@given(TEXTS)
@example(["=1+1", "<r></r></is></c><c r='B2'><f>1+1</f></c></r>", "_x0041_", "\x0bab\ud800", "  a  b ", "\n"])
@example(["@SUM(A1)", "＝1", "-note", "+33 1", "\t=1", "\r=1", "–", "/", "ND", "'", "\ufeff=1", "\u00a0=1"])
def test_any_text_comes_back(texts: list[str]) -> None:
    expected = [clean(text) for text in texts]
    book = (ColumnKind.TEXT, ["première", *texts])
    for fmt in WRITERS:
        back = [str(cell) for cell in column(book_of(book), fmt)][1:]
        back += [""] * (len(expected) - len(back))
        assert [cell.removesuffix(" ") if cell.endswith("</r> ") else cell for cell in back] == [
            cell.replace("\t", " ") if fmt == "ods" else cell for cell in expected
        ]
    quoted = column(book_of(book), "csv")[1:]
    assert [
        cell[1:] if looks_like_formula(text) else cell for cell, text in zip(quoted, expected, strict=True)
    ] == expected


@given(TEXTS)
@example(["=1+1", "<r></r></is></c><c r='B2'><f>1+1</f></c></r>"])
def test_no_text_becomes_a_formula(texts: list[str]) -> None:
    book = (ColumnKind.TEXT, texts)
    with zipfile.ZipFile(io.BytesIO(content(book_of(book, header=texts[0]), "xlsx"))) as archive:
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    assert not [element for element in sheet.iter() if element.tag.endswith("}f")]
    with zipfile.ZipFile(io.BytesIO(content(book_of(book, header=texts[0]), "ods"))) as archive:
        cells = ElementTree.fromstring(archive.read("content.xml")).iter()
    assert not [name for cell in cells for name in cell.attrib if name.endswith("}formula")]
    for row in read_csv(book_of(book)):
        assert not row[0].lstrip(" \u00a0\ufeff").startswith(tuple("=+-@＝＋－＠\t\r"))


NUMBERS = st.one_of(
    st.integers(-(10**14), 10**14),
    st.decimals("-1e9", "1e9", places=2, allow_nan=False, allow_infinity=False),
)


@given(st.lists(NUMBERS, min_size=1, max_size=8), st.sampled_from(["integer", "decimal", "euros", "value"]))
def test_any_number_comes_back_as_a_number(numbers: list[Any], kind: str) -> None:
    book = (ColumnKind(kind), numbers)
    for fmt in WRITERS:
        assert column(book_of(book), fmt) == [float(number) for number in numbers]
    assert [Decimal(cell.replace(",", ".")) for cell in column(book_of(book), "csv")] == numbers


@settings(max_examples=30)
@given(st.lists(st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(2200, 1, 1)), min_size=1, max_size=6))
def test_any_moment_comes_back(moments: list[dt.datetime]) -> None:
    minutes = [moment.replace(second=0, microsecond=0) for moment in moments]
    days = [moment.date() for moment in minutes]
    for fmt in WRITERS:
        rows = read(book_of((ColumnKind.MOMENT, minutes), (ColumnKind.DATE, days)), fmt)
        assert [as_moment(row[0]) for row in rows] == minutes
        assert [row[1] for row in rows] == days
    rows = read_csv(book_of((ColumnKind.MOMENT, minutes), (ColumnKind.DATE, days)))
    assert [dt.datetime.strptime(row[0], "%d/%m/%Y %H:%M") for row in rows] == minutes
    assert [row[1] for row in rows] == [f"{day:%d/%m/%Y}" for day in days]


def as_moment(read: dt.date) -> dt.datetime:
    """A moment at midnight is read as a day."""
    return read if isinstance(read, dt.datetime) else dt.datetime.combine(read, dt.time())


@pytest.mark.parametrize("fmt", [*WRITERS, "csv"])
def test_zero_and_the_four_absences_stay_five_things(fmt: str) -> None:
    told = [Value.of(0), Value.nd(), Value.na(), Value.dash(), Value.empty(), Value.of(1)]
    back = [
        parse_cell(str(cell).removesuffix(".0")) for cell in column(book_of((ColumnKind.VALUE, told)), fmt)
    ]
    assert back == told


class Water(TextChoices):
    BAD = "bad", "Mauvais"


@pytest.mark.parametrize(
    ("told", "kind", "sheet", "text"),
    [
        (None, "text", "", ""),
        (None, "integer", "", ""),
        (0, "integer", 0.0, "0"),
        (-5, "integer", -5.0, "-5"),
        (Decimal("-12.50"), "euros", -12.5, "-12,50"),
        (0.1, "decimal", 0.1, "0,1"),
        (62, "percent", 0.62, "62 %"),
        (Decimal("62.5"), "percent", 0.625, "62,5 %"),
        (Value.percent(numerator=1, denominator=3), "value", pytest.approx(1 / 3), "33,3333 %"),
        (Value.amount(1240), "value", 1240.0, "1240"),
        (Value.of(12, qualifier="formés"), "value", "12 formés", "12 formés"),
        (Value.duration(3, "mois"), "value", "3 mois", "3 mois"),
        (Value.text("-dix"), "value", "-dix", "'-dix"),
        (Value.composite("12 dont 3", number=12), "value", "12 dont 3", "12 dont 3"),
        (Sum(680, known=3), "integer", 680.0, "680"),
        (Sum(680, known=3, nd=1), "integer", "≥\u00a0680 (1\u00a0ND)", "≥\u00a0680 (1\u00a0ND)"),
        (Sum(nd=2), "integer", "ND", "ND"),
        (Sum(dash=1), "integer", "–", "–"),
        (Sum(680, known=3), "euros", 680.0, "680"),
        (Ratio(1, 4, known=1, expected=1), "value", 0.25, "25 %"),
        (Ratio(), "value", "/", "/"),
        (Emptiness.NA, "text", "/", "/"),
        (True, "text", "oui", "oui"),
        (["eau", "santé"], "text", "eau, santé", "eau, santé"),
        (Water.BAD, "text", "Mauvais", "Mauvais"),
        (2020, "text", "2020", "2020"),
        ("01002", "text", "01002", "01002"),
        (10**17, "integer", "1" + "0" * 17, "1" + "0" * 17),
        (dt.date(2020, 2, 29), "date", dt.date(2020, 2, 29), "29/02/2020"),
        (parse_partial_date("12/03/2017"), "date", dt.date(2017, 3, 12), "12/03/2017"),
        (parse_partial_date("mars 2017"), "date", "mars 2017", "mars 2017"),
        (PartialDate("un jour"), "date", "un jour", "un jour"),
        (
            dt.datetime(2020, 7, 1, 22, 30, tzinfo=dt.UTC),
            "moment",
            dt.datetime(2020, 7, 2, 0, 30),
            "02/07/2020 00:30",
        ),
        (dt.datetime(2020, 7, 1, 22, 30, tzinfo=dt.UTC), "date", dt.date(2020, 7, 2), "02/07/2020"),
    ],
)
def test_each_kind_of_cell(told: object, kind: str, sheet: object, text: str) -> None:
    for fmt in WRITERS:
        assert read(book_of((ColumnKind(kind), [told]), (ColumnKind.TEXT, ["fin"])), fmt) == [[sheet, "fin"]]
    assert column(book_of((ColumnKind(kind), [told])), "csv") == [text]


@sheets
@pytest.mark.parametrize("number", [float("nan"), float("inf"), Decimal("NaN")])
def test_what_is_not_a_number_is_not_written(fmt: str, number: Any) -> None:
    with pytest.raises(ValueError, match="not a number"):
        content(book_of((ColumnKind.DECIMAL, [number])), fmt)


def test_days_that_excel_does_not_know_are_texts() -> None:
    days = [dt.date(1850, 1, 1), dt.date(1900, 2, 28), dt.date(1900, 3, 1)]
    assert column(book_of((ColumnKind.DATE, days)), "xlsx") == [
        "01/01/1850",
        "28/02/1900",
        dt.date(1900, 3, 1),
    ]
    assert column(book_of((ColumnKind.DATE, days)), "ods") == days


def test_a_text_too_long_for_a_cell_says_that_it_is_cut() -> None:
    for letter in ("a", "😀"):
        (told,) = column(book_of((ColumnKind.TEXT, [letter * 40_000])), "xlsx")
        assert told.endswith("[texte coupé\u00a0: trop long pour une cellule]")
        assert len(told.encode("utf-16-le")) // 2 <= 32_767
    assert column(book_of((ColumnKind.TEXT, ["a" * 40_000])), "ods") == ["a" * 40_000]


@sheets
def test_the_last_sheet_says_what_the_file_is(fmt: str) -> None:
    told = dict(read(book_of((ColumnKind.INTEGER, [1, 2])), fmt, sheet=1))
    assert told["Périmètre"] == "Nord"
    assert told["Situation au"] == told["Telle que connue le"] == "21/11/2026"
    assert told["Produit le"] == "21 novembre 2026 à 10:30"
    assert told["Produit par"] == "Camille Nord"
    assert told["Lignes"] == "2"
    assert told["Chiffre retenu"] == "Le dernier recensement connu."
    assert {"ND", "/", "–", "cellule vide", "0"} <= set(told)


@sheets
def test_several_sheets(fmt: str) -> None:
    book = book_of((ColumnKind.INTEGER, [1, 2]))
    table = book.tables[0]
    book.tables.append(Table("sites", table.columns, lambda: iter([[3]]), table.about))
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content(book, fmt)))
    assert workbook.sheet_names == ["Sites", "sites (2)", "À propos"]
    assert workbook.get_sheet_by_index(1).to_python()[1:] == [[3.0]]
    assert book.written == 3
    with pytest.raises(ValueError, match="one table"):
        next(csv_chunks(book))


def test_names_of_sheets_are_accepted_by_excel() -> None:
    assert sheet_names(["Sites [été] : a/b", "", "'", "é" * 40, "é" * 40]) == [
        "Sites été a b",
        "Feuille",
        "Feuille (2)",
        "é" * 31,
        "é" * 27 + " (2)",
    ]


def test_an_empty_table_is_a_header_and_the_last_sheet() -> None:
    for fmt in WRITERS:
        assert read(book_of((ColumnKind.INTEGER, [])), fmt) == []
    assert b"".join(csv_chunks(book_of((ColumnKind.INTEGER, [])))) == b"\xef\xbb\xbfColonne 0\r\n"


@sheets
def test_the_file_says_nothing_of_the_machine(fmt: str) -> None:
    with zipfile.ZipFile(io.BytesIO(content(book_of((ColumnKind.INTEGER, [1])), fmt))) as archive:
        told = b"".join(archive.read(name) for name in archive.namelist() if "theme" not in name).decode()
    assert "Jalons" in told
    assert not any(word in told for word in ("/tmp", "python", "Python", "xlsxwriter", "XlsxWriter"))


def test_formats_of_figures_are_french() -> None:
    with zipfile.ZipFile(
        io.BytesIO(content(book_of((ColumnKind.EUROS, [1]), (ColumnKind.DATE, [MADE_AT])), "xlsx"))
    ) as archive:
        styles = archive.read("xl/styles.xml").decode()
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "dd/mm/yyyy" in styles
    assert "€" in styles
    assert 'state="frozen"' in sheet
    assert "<autoFilter" in sheet


@pytest.mark.parametrize(("number", "name"), [(1, "A"), (26, "Z"), (27, "AA"), (703, "AAA")])
def test_names_of_columns(number: int, name: str) -> None:
    assert letters(number) == name


# Parts ---------------------------------------------------------------------------------------------------


def parted_book(rows: list[tuple[str, int]], parts: Sequence[str]) -> Book:
    book = book_of((ColumnKind.TEXT, [name for name, _ in rows]), (ColumnKind.INTEGER, [n for _, n in rows]))
    (whole,) = book.tables
    return replace(book, tables=[replace(whole, title="Tous", parts=parts, part=lambda row: row[0])])


@sheets
@given(st.lists(st.tuples(st.sampled_from(["Nord", "Var", ""]), st.integers(0, 99)), max_size=20))
@settings(max_examples=15)
def test_each_part_repeats_its_rows_in_order(fmt: str, rows: list[tuple[str, int]]) -> None:
    told = io.BytesIO(content(book := parted_book(rows, ["Nord", "Var"]), fmt))
    workbook = CalamineWorkbook.from_filelike(told)
    assert workbook.sheet_names == ["Tous", "Nord", "Var", "À propos"]
    for name in workbook.sheet_names[:-1]:
        back = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)[1:]
        wanted = [number for part, number in rows if name in ("Tous", part)]
        assert [row[1] for row in back if row[1] != ""] == wanted
    assert book.written == len(rows)


def test_a_csv_has_the_whole_only() -> None:
    assert read_csv(parted_book([("Nord", 1), ("Var", 2)], ["Nord", "Var"])) == [["Nord", "1"], ["Var", "2"]]
