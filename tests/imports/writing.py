"""Spreadsheets as people keep them, written in every form that Jalons reads: .xlsx, .ods, .csv, a pasted block."""

import csv
import datetime as dt
import io
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter

from bench.hostile_files import ODS, archive

Place = tuple[int, int]
NAMESPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


@dataclass(frozen=True)
class Formula:
    """Its last result."""

    value: float
    text: str = "=1+1"


@dataclass
class DrawnSheet:
    """Places are (row, column) from 0; `fills` by place, six hexadecimal digits."""

    title: str
    rows: list[list[Any]]
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    fills: dict[Place, str] = field(default_factory=dict)
    percents: set[Place] = field(default_factory=set)
    months: set[Place] = field(default_factory=set)  # dates that show no day: « oct-26 »
    comments: dict[Place, str] = field(default_factory=dict)


def write_xlsx(sheets: list[DrawnSheet], *, from_1904: bool = False) -> bytes:
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "date_1904": from_1904,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(buffer, options) as workbook:
        for drawn in sheets:
            sheet = workbook.add_worksheet(drawn.title)
            if drawn.hidden:
                sheet.hide()
            for row in drawn.hidden_rows:
                sheet.set_row(row, None, None, {"hidden": True})
            for first_row, first_column, last_row, last_column in drawn.merges:
                sheet.merge_range(first_row, first_column, last_row, last_column, "")
            for row, values in enumerate(drawn.rows):
                for column, value in enumerate(values):
                    write_cell(workbook, sheet, drawn, (row, column), value)
            for place, words in drawn.comments.items():
                sheet.write_comment(*place, words, {"author": "Camille"})
    return buffer.getvalue()


def write_cell(workbook: Any, sheet: Any, drawn: DrawnSheet, place: Place, value: Any) -> None:
    look: dict[str, Any] = {}
    if place in drawn.fills:
        look["bg_color"] = f"#{drawn.fills[place]}"
    if place in drawn.percents:
        look["num_format"] = "0%"
    if isinstance(value, dt.date):
        look["num_format"] = "[$-40C]mmm\\-yy;@" if place in drawn.months else "dd/mm/yyyy"
    made = workbook.add_format(look) if look else None
    if value is None or value == "":
        if made is not None:
            sheet.write_blank(*place, None, made)
        return
    if isinstance(value, Formula):
        sheet.write_formula(*place, value.text, made, value.value)
    elif isinstance(value, dt.date):
        moment = dt.datetime.combine(value, dt.time()) if not isinstance(value, dt.datetime) else value
        sheet.write_datetime(*place, moment, made)
    elif isinstance(value, str):
        sheet.write_string(*place, value, made)
    else:
        sheet.write(*place, value, made)


def write_ods(sheets: list[DrawnSheet]) -> bytes:
    fills = sorted({colour for sheet in sheets for colour in sheet.fills.values()})
    styles = "".join(
        f'<style:style style:name="f{colour}" style:family="table-cell">'
        f'<style:table-cell-properties fo:background-color="#{colour.lower()}"/></style:style>'
        for colour in fills
    )
    styles += (
        '<number:date-style style:name="N1"><number:month number:textual="true"/><number:text>-</number:text>'
        "<number:year/></number:date-style>"
        '<style:style style:name="months" style:family="table-cell" style:data-style-name="N1"/>'
        '<style:style style:name="hidden" style:family="table"><style:table-properties table:display="false"/>'
        "</style:style>"
    )
    tables = "".join(ods_table(sheet) for sheet in sheets)
    content = (
        f"<office:document-content {NAMESPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS}"/></manifest:manifest>'
    )
    return archive({"mimetype": ODS, "content.xml": content, "META-INF/manifest.xml": manifest})


def ods_table(drawn: DrawnSheet) -> str:
    spans = {merge[:2]: merge for merge in drawn.merges}
    rows = "".join(
        f"<table:table-row{' table:visibility=' + quoteattr('collapse') if row in drawn.hidden_rows else ''}>"
        + "".join(ods_cell(drawn, (row, column), value, spans) for column, value in enumerate(values))
        + "</table:table-row>"
        for row, values in enumerate(drawn.rows)
    )
    hidden = ' table:style-name="hidden"' if drawn.hidden else ""
    return f"<table:table table:name={quoteattr(drawn.title)}{hidden}>{rows}</table:table>"


def ods_cell(drawn: DrawnSheet, place: Place, value: Any, spans: dict[Place, Any]) -> str:
    attributes = {}
    if place in spans:
        merge = spans[place]
        attributes["table:number-rows-spanned"] = merge[2] - merge[0] + 1
        attributes["table:number-columns-spanned"] = merge[3] - merge[1] + 1
    if place in drawn.fills:
        attributes["table:style-name"] = f"f{drawn.fills[place]}"
    if place in drawn.months:
        attributes["table:style-name"] = "months"
    words = ""
    if isinstance(value, Formula):
        attributes["table:formula"] = f"of:{value.text}"
        value = value.value
    if isinstance(value, bool):
        attributes |= {"office:value-type": "boolean", "office:boolean-value": str(value).lower()}
    elif isinstance(value, int | float):
        kind = "percentage" if place in drawn.percents else "float"
        attributes |= {"office:value-type": kind, "office:value": repr(value)}
    elif isinstance(value, dt.date):
        attributes |= {"office:value-type": "date", "office:date-value": value.isoformat()}
    elif value:
        attributes["office:value-type"] = "string"
        words = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(value).split("\n"))
    if place in drawn.comments:
        note = f"<text:p>{escape(drawn.comments[place])}</text:p>"
        words = f"<office:annotation><dc:creator>Camille</dc:creator>{note}</office:annotation>{words}"
    told = "".join(f" {name}={quoteattr(str(told))}" for name, told in attributes.items())
    return f"<table:table-cell{told}>{words}</table:table-cell>"


def as_text(value: Any, *, percent: bool = False) -> str:
    """What a French spreadsheet writes in a text file."""
    if isinstance(value, Formula):
        value = value.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value == int(value):
        value = int(value)
    if isinstance(value, int | float):
        return f"{value * 100:g} %".replace(".", ",") if percent else str(value).replace(".", ",")
    return str(value)


def write_text(drawn: DrawnSheet, delimiter: str) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    for row, values in enumerate(drawn.rows):
        writer.writerow(
            [as_text(value, percent=(row, column) in drawn.percents) for column, value in enumerate(values)]
        )
    return buffer.getvalue()


def write_csv(drawn: DrawnSheet, *, delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    return write_text(drawn, delimiter).encode(encoding)
