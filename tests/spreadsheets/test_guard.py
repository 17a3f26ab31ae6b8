"""A workbook read before the library reads it: one way to understand it, and limits over the whole of it."""

import io
import zipfile
from typing import Any

import pytest

from bench.hostile_files import (
    ONE,
    VALUE,
    archive,
    cell,
    ods,
    ods_cell,
    strings_of,
    xlsx,
    xlsx_parts,
)
from jalons.core.archives import DamagedFile, EncryptedFile, OversizedFile
from jalons.spreadsheets import child
from jalons.spreadsheets.limits import LAST_COLUMN, LAST_ROW, Limits
from jalons.spreadsheets.references import cell_of, check_range, column_of


def read(content: bytes, kind: str = "xlsx", **limits: int) -> list[Any]:
    """As the child does, without a child: `read(…)[1:]` are the rows of the first sheet."""
    return list(child.sheets(io.BytesIO(content), kind, Limits(**limits).to_json()))


# One way to understand it -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reference", "place"),
    [("A1", (1, 1)), ("Z9", (9, 26)), ("AA10", (10, 27)), ("XFD1048576", (LAST_ROW, LAST_COLUMN))],
)
def test_references_inside_a_sheet(reference: str, place: tuple[int, int]) -> None:
    assert cell_of(reference) == place


@pytest.mark.parametrize(
    "reference",
    [
        "xfd1048576", "a1", "A0001048576", "A01", "A0", "AXFD1", "XFE1", "A1048577", "A99999999999", "$A$1", " A1",
        "A1\n", "A-1", "A+1", "A1_0", "A１", "Á1", "1A", "A", "1", "", "A1:B2",
    ],
)  # fmt: skip
def test_any_other_reference_is_refused(reference: str) -> None:
    with pytest.raises(DamagedFile):
        cell_of(reference)


def test_columns() -> None:
    assert [column_of(letters) for letters in ("A", "Z", "AA", "XFD")] == [1, 26, 27, 16384]


@pytest.mark.parametrize("reference", ["B2:A1", "A2:B1", "A1:", ":A1", "A:B", "1:2", "A1:B2:C3", "A1:xfd2"])
def test_ranges_turned_round_or_incomplete(reference: str) -> None:
    check_range("A1")
    check_range("A1:B2")
    with pytest.raises(DamagedFile):
        check_range(reference)


@pytest.mark.parametrize(
    "content",
    [
        xlsx(ONE + cell("xfd1048576", "1048576")),
        xlsx(cell("A0001048576") + cell("AXFD1", "2")),
        xlsx(ONE, before='<dimension ref="A1:xfd1048576"/>'),
        xlsx(ONE, before='<dimension ref="B2:A1"/>'),
        xlsx(ONE, after='<mergeCells><mergeCell ref="A1:XFE9"/></mergeCells>'),
        xlsx(ONE, after='<autoFilter ref="A1:A1048577"/>'),
        xlsx('<row r="1"><c r="A1"><f t="shared" si="0" ref="A1:A9999999">1</f><v>1</v></c></row>'),
        xlsx(ONE + '<row r="01"><c><v>1</v></c></row>'),
        xlsx(ONE + '<row r="4294967297"><c><v>1</v></c></row>'),
        xlsx(cell("A2", "1")),
        xlsx(cell("A2", "2") + ONE),
        xlsx('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>'),
        xlsx(f'<row r="{LAST_ROW}"/><row><c><v>1</v></c></row>'),
        xlsx('<row><c t="s"><v>0</v></c></row>'),
        xlsx('<row><c t="s"><v>1</v></c></row>', strings="<si><t>a</t></si>"),
        xlsx('<row><c t="s"><v>-1</v></c></row>', strings="<si><t>a</t></si>"),
        xlsx('<row r="1"><c><c><v>1</v></c></c></row>'),
        archive(xlsx_parts(ONE) | {"xl/worksheets/sheet1.xml": '<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'}),
        archive(xlsx_parts(ONE) | {"xl/workbook.xml": "<!DOCTYPE x><workbook/>"}),
        xlsx("<a>" * 300 + "</a>" * 300),
        ods(ods_cell("0")),
        ods(ods_cell("-1")),
        ods(ods_cell(" 1")),
        ods(ods_cell("16385")),
        ods(ods_cell(rows="1048577")),
        ods(ods_cell(more='x:number-columns-repeated="1"')),
        ods(ods_cell("16384").replace("<table:table-cell", "<table:table-cell/><table:table-cell", 1)),
        ods(f"<table:table-row table:number-rows-repeated='{LAST_ROW}'/>" + ods_cell()),
        ods(ods_cell(inside='<text:s text:c="4000000000"/>')),
        ods(f'<table:table table:name="B">{ods_cell()}</table:table>'),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(content: bytes) -> None:
    kind = "ods" if b"opendocument.spreadsheet" in content else "xlsx"
    with pytest.raises(DamagedFile):
        read(content, kind, **dict.fromkeys(("cells", "area", "text"), 10**12))


def test_the_order_of_attributes_of_another_prefix_hides_nothing() -> None:
    """`x:value-type` is not for LibreOffice, and `office:value` alone is a value for the library."""
    content = ods(f"<table:table-row><table:table-cell {VALUE.split()[1]}/></table:table-row>")
    assert read(content, "ods")[1] == {"row": [1.0]}
    with pytest.raises(OversizedFile):
        read(content, "ods", cells=0)


def test_formulas_of_formats_are_no_cells() -> None:
    """Excel writes rules and sparklines after the cells, with formulas and values of their own."""
    after = "<extLst><x14:cfRule><xm:f>A1</xm:f></x14:cfRule><v>3</v></extLst>"
    assert read(xlsx(ONE, after=after), cells=1)[1:] == [{"row": [1.0]}]
    assert read(xlsx("", after=after)) == [{"sheet": "S1"}]


def test_a_cell_as_libreoffice_writes_it() -> None:
    """It says the type twice, under two prefixes, and repeats the last row to the end of the sheet."""
    rows = ods_cell(more='calcext:value-type="float" xmlns:calcext="c"')
    rows += (
        f'<table:table-row table:number-rows-repeated="{LAST_ROW - 1}"><table:table-cell/></table:table-row>'
    )
    assert read(ods(rows), "ods")[1:] == [{"row": [1.0]}]


def test_sheets_are_found_as_excel_finds_them() -> None:
    """By relationships, whatever the case of names; never by the name that a part usually has."""
    parts = xlsx_parts(ONE)
    parts["xl/Data/Feuille.XML"] = str(parts.pop("xl/worksheets/sheet1.xml")).replace("<v>1<", "<v>7<")
    related = str(parts.pop("xl/_rels/workbook.xml.rels"))
    parts["xl/_RELS/workbook.xml.rels"] = related.replace("worksheets/sheet1.xml", "/XL/data/./feuille.xml")
    parts["xl/worksheets/sheet1.xml"] = (
        "<worksheet><sheetData><row><c><v>8</v></c></row></sheetData></worksheet>"
    )
    assert read(archive(parts)) == [{"sheet": "S1"}, {"row": [7.0]}]


@pytest.mark.parametrize(
    "change",
    [
        lambda parts: parts.update({"xl/workbook.xml": parts["xl/workbook.xml"].replace("rId2", "rId1")}),
        lambda parts: parts.update({"xl/workbook.xml": parts["xl/workbook.xml"].replace('"S2"', '"S1"')}),
        lambda parts: parts.update({"XL/workbook.xml": "<x/>"}),
        lambda parts: parts.update({"xl\\workbook.xml": "<x/>"}),
        lambda parts: parts.update({"../x.xml": "<x/>"}),
        lambda parts: parts.pop("xl/worksheets/sheet2.xml"),
        lambda parts: parts.pop("xl/_rels/workbook.xml.rels"),
        lambda parts: parts.update(
            {"xl/worksheets/sheet1.xml": parts["xl/worksheets/sheet1.xml"].encode("utf-16")}
        ),
        lambda parts: parts.update(
            {
                "xl/worksheets/sheet1.xml": '<?xml version="1.0" encoding="latin-1"?>'
                + parts["xl/worksheets/sheet1.xml"]
            }
        ),
    ],
)
def test_lists_that_name_a_part_twice_or_in_another_writing(change: Any) -> None:
    parts = xlsx_parts(ONE, ONE)
    assert len(read(archive(parts))) == 4
    change(parts)
    with pytest.raises(DamagedFile):
        read(archive(parts))


# The archive itself -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_only_stored_and_deflate(method: int) -> None:
    for accepted in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        assert read(archive(xlsx_parts(ONE), accepted))
    with pytest.raises(DamagedFile):
        read(archive(xlsx_parts(ONE), method))


def at(content: bytes, signature: bytes, offset: int, new: bytes) -> bytes:
    place = content.index(signature) + offset
    return content[:place] + new + content[place + len(new) :]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("before", b"x" + xlsx(ONE)),
        ("after", xlsx(ONE) + b"x"),
        ("two archives", xlsx(ONE) + xlsx(ONE)),
        ("another local name", at(xlsx(ONE), b"PK\x03\x04", 30, b"{")),
        ("another local method", at(xlsx(ONE), b"PK\x03\x04", 8, b"\0\0")),
        ("a comment", at(xlsx(ONE), b"PK\x05\x06", 20, b"\1\0") + b"x"),
        ("64 bits", xlsx(ONE)[:-22] + b"PK\x06\x07" + b"\0" * 16 + xlsx(ONE)[-22:]),
        ("cut", xlsx(ONE)[:-1]),
        ("empty", b""),
    ],
)
def test_archives_that_two_programs_would_read_otherwise(name: str, content: bytes) -> None:
    with pytest.raises(DamagedFile):
        read(content)


def test_two_entries_of_one_name() -> None:
    buffer = io.BytesIO(xlsx(ONE))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(buffer, "a") as zipped:
        zipped.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(DamagedFile):
        read(buffer.getvalue())


def test_a_password() -> None:
    content = at(at(xlsx(ONE), b"PK\x03\x04", 6, b"\1"), b"PK\x01\x02", 8, b"\1")
    with pytest.raises(EncryptedFile):
        read(content)


# Limits, to the last ----------------------------------------------------------------------------------------

TWO = '<row r="1"><c r="A1"><v>1</v></c></row><row r="3"><c r="B3"><f>1+1</f><v>22</v></c></row>'


@pytest.mark.parametrize(
    ("content", "kind", "limit", "most"),
    [
        (xlsx(TWO, TWO), "xlsx", "cells", 4),
        (xlsx(TWO, TWO), "xlsx", "area", 12),
        (xlsx(TWO, TWO), "xlsx", "text", 6),
        (xlsx(TWO, TWO), "xlsx", "sheets", 2),
        (
            xlsx('<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>', strings="<si><t>abc</t></si>"),
            "xlsx",
            "text",
            6,
        ),
        (xlsx(ONE, strings="<si><t>abc</t></si><si><t>de</t></si>"), "xlsx", "text", 5),
        (xlsx(ONE, strings="<si><t>abc</t></si><si><t>de</t></si>"), "xlsx", "strings", 2),
        (ods(ods_cell("3", "5"), ods_cell("2", "7")), "ods", "cells", 29),
        (ods(ods_cell("3", "5"), ods_cell("2", "7")), "ods", "area", 29),
        (ods(ods_cell("3", "5"), ods_cell()), "ods", "text", 96),
        (ods(ods_cell(inside='<text:p>ab<text:s text:c="5"/></text:p>')), "ods", "text", 13),
        (ods(ods_cell(), ods_cell()), "ods", "sheets", 2),
    ],
)
def test_a_file_of_exactly_the_limit_passes_and_one_more_is_refused(
    content: bytes, kind: str, limit: str, most: int
) -> None:
    assert read(content, kind, **{limit: most})
    with pytest.raises(OversizedFile):
        read(content, kind, **{limit: most - 1})


def test_elements_and_bytes_of_the_whole_file() -> None:
    content = xlsx(TWO, TWO)
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        size = sum(member.file_size for member in opened.infolist())
    assert read(content, unfolded=size)
    with pytest.raises(OversizedFile):
        read(content, unfolded=size - 1)
    elements = 2 + 1 + 2 + 2 + 2 * 9  # lists of relationships, of sheets, then each sheet
    passing = next(number for number in range(elements, elements + 20) if passes(content, elements=number))
    assert not passes(content, elements=passing - 1)


def passes(content: bytes, **limits: int) -> bool:
    try:
        return bool(read(content, **limits))
    except OversizedFile:
        return False


def test_a_size_that_lies_is_counted_as_it_unfolds() -> None:
    """The directory says ten bytes: the library stops there, and so does what is read."""
    content = strings_of(1)
    place = content.rindex(b"PK\x01\x02", 0, content.rindex(b"xl/sharedStrings.xml"))
    lying = content[: place + 24] + (10).to_bytes(4, "little") + content[place + 28 :]
    with pytest.raises((DamagedFile, zipfile.BadZipFile)):
        read(lying)


def test_our_limits_take_what_the_largest_honest_workbooks_hold() -> None:
    """10,000 rows of 40 columns, each a text in the sheet itself: what imports are measured on."""
    limits, cells = Limits(), 10_000 * 40
    assert limits.cells >= cells
    assert limits.area >= cells
    assert limits.elements >= cells * 4 + 10_000
    assert limits.text >= cells * 30
