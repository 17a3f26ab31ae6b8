"""Small files made to harm whoever reads them. Each is built here, so that none has to be kept."""

import io
import zipfile
from collections.abc import Callable
from xml.sax.saxutils import quoteattr

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ODS_START = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:x="urn:x"><office:body><office:spreadsheet>'
)
ODS_END = "</office:spreadsheet></office:body></office:document-content>"
VALUE = 'office:value-type="float" office:value="1"'
ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'


def archive(parts: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
    return buffer.getvalue()


def xlsx_parts(*sheets: str, strings: str = "", before: str = "", after: str = "") -> dict[str, bytes | str]:
    """Rows of each sheet, in XML; `before` and `after` stand around the rows of every sheet."""
    numbers = range(1, len(sheets) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{SPREADSHEET}.worksheet+xml"/>'
        for n in numbers
    )
    related = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": '<Types><Override PartName="/xl/workbook.xml" '
        f'ContentType="{SPREADSHEET}.sheet.main+xml"/>{overrides}</Types>',
        "_rels/.rels": rels([("rId1", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        + "".join(f'<sheet name={quoteattr(f"S{n}")} sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
        + "</sheets></workbook>",
    }
    if strings:
        related.append(("rIdS", "sharedStrings", "sharedStrings.xml"))
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'
    parts["xl/_rels/workbook.xml.rels"] = rels(related)
    for n, rows in zip(numbers, sheets, strict=True):
        parts[f"xl/worksheets/sheet{n}.xml"] = (
            f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
        )
    return parts


def rels(related: list[tuple[str, str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="{i}" Type="{OFFICE}/{kind}" Target="{target}"/>' for i, kind, target in related
    )
    return f"<Relationships>{lines}</Relationships>"


def xlsx(*sheets: str, strings: str = "", before: str = "", after: str = "") -> bytes:
    return archive(xlsx_parts(*sheets, strings=strings, before=before, after=after))


def cell(reference: str, row: str = "1") -> str:
    return f'<row r="{row}"><c r="{reference}"><v>1</v></c></row>'


def ods(*tables: str) -> bytes:
    """Rows of each table, in XML."""
    named = "".join(
        f'<table:table table:name="T{n}">{rows}</table:table>' for n, rows in enumerate(tables, 1)
    )
    return archive(
        {
            "mimetype": ODS,
            "content.xml": f"{ODS_START}{named}{ODS_END}",
            "META-INF/manifest.xml": "<manifest:manifest xmlns:manifest='urn:m'/>",
        }
    )


def ods_cell(columns: str = "1", rows: str = "1", more: str = "", inside: str = "") -> str:
    return (
        f'<table:table-row table:number-rows-repeated="{rows}">'
        f'<table:table-cell table:number-columns-repeated="{columns}" {VALUE} {more}>{inside}</table:table-cell>'
        "</table:table-row>"
    )


def full_xlsx(rows: int = 10_000, columns: int = 40) -> bytes:
    """An honest workbook, as large as Jalons reads."""
    lines = "".join(
        f'<row r="{n}">' + "".join(f"<c><v>{n * c}</v></c>" for c in range(columns)) + "</row>"
        for n in range(1, rows + 1)
    )
    return xlsx(lines)


def pieces(
    beginning: bytes, piece: bytes, times: int, end: bytes, parts: dict[str, bytes | str], name: str
) -> bytes:
    """An archive whose part `name` unfolds to `times` pieces, made without holding it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        for other, content in parts.items():
            if other != name:
                zipped.writestr(other, content)
        with zipped.open(name, "w") as part:
            part.write(beginning)
            for _ in range(times):
                part.write(piece)
            part.write(end)
    return buffer.getvalue()


def strings_of(megabytes: int) -> bytes:
    parts = xlsx_parts(ONE, strings="<si/>")
    piece = b"<si><t>" + b"a" * (1024 * 1024 - 16) + b"</t></si>"
    return pieces(
        f'<sst xmlns="{MAIN}">'.encode(), piece, megabytes, b"</sst>", parts, "xl/sharedStrings.xml"
    )


def many_elements() -> bytes:
    parts = xlsx_parts(ONE)
    piece = b"<a/>" * 100_000
    start, end = b"<worksheet><sheetData>", b"</sheetData></worksheet>"
    return pieces(start, piece, 100, end, parts, "xl/worksheets/sheet1.xml")


def one_string_everywhere() -> bytes:
    rows = "".join(f'<row r="{n}"><c t="s"><v>0</v></c></row>' for n in range(1, 20_001))
    return xlsx(rows, strings=f"<si><t>{'a' * 1_000_000}</t></si>")


# name: (extension, maker). What a verdict in French must answer, quickly and without memory.
WORKBOOKS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "une référence en minuscules, xfd1048576": ("xlsx", lambda: xlsx(ONE + cell("xfd1048576", "1048576"))),
    "une référence à zéros, A0001048576 puis AXFD1": (
        "xlsx",
        lambda: xlsx(cell("A0001048576") + cell("AXFD1", "2")),
    ),
    "une cellule en XFD1048576": ("xlsx", lambda: xlsx(ONE + cell("XFD1048576", "1048576"))),
    "une ligne numéro 4294967295": ("xlsx", lambda: xlsx(ONE + '<row r="4294967295"><c><v>1</v></c></row>')),
    "60 feuilles de 1 000 000 de cases": ("xlsx", lambda: xlsx(*[ONE + cell("A1000000", "1000000")] * 60)),
    "30 tables d’un million de lignes": ("ods", lambda: ods(*[ods_cell(rows="1000000")] * 30)),
    "une cellule répétée 16 384 × 1 048 576 fois": ("ods", lambda: ods(ods_cell("16384", "1048576"))),
    "une balise pour 4 milliards d’espaces": (
        "ods",
        lambda: ods(
            '<table:table-row><table:table-cell office:value-type="string"><text:p><text:s text:c="4000000000"/>'
            "</text:p></table:table-cell></table:table-row>"
        ),
    ),
    "100 Mo de textes partagés": ("xlsx", lambda: strings_of(100)),
    "500 Mo de textes partagés": ("xlsx", lambda: strings_of(500)),
    "un texte de 1 Mo montré par 20 000 cellules": ("xlsx", one_string_everywhere),
    "10 millions de balises": ("xlsx", many_elements),
    "400 000 cellules, un classeur honnête": ("xlsx", full_xlsx),
}
