"""What the files of an edition say, read back by other programs than those that wrote them."""

import io
import re
from typing import Any

import docx
import openpyxl
from pptx import Presentation
from pypdf import PdfReader

from jalons.editions.models import ReportEdition


def content_of_file(edition: ReportEdition, fmt: str) -> bytes:
    with edition.files.get(format=fmt).file.open("rb") as file:
        return bytes(file.read())


def spaced(text: str) -> str:
    """One ordinary space for any blank, so that a cut line is read as it was written."""
    return " ".join(re.sub(r"[\u00a0\u202f\u2009]", " ", text).split())


def docx_rows(edition: ReportEdition) -> list[list[str]]:
    document = docx.Document(io.BytesIO(content_of_file(edition, "docx")))
    return [[spaced(cell.text) for cell in row.cells] for table in document.tables for row in table.rows]


def docx_texts(edition: ReportEdition) -> str:
    """Out of its tables, heads of the pages included."""
    document = docx.Document(io.BytesIO(content_of_file(edition, "docx")))
    heads = [line.text for section in document.sections for line in section.first_page_header.paragraphs]
    return spaced(" ".join([*heads, *(line.text for line in document.paragraphs)]))


def xlsx_rows(edition: ReportEdition, sheet: str) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(content_of_file(edition, "xlsx")))
    return [[cell.value for cell in row] for row in book[sheet].iter_rows()]


def screen_rows(edition: ReportEdition) -> list[list[str]]:
    text = content_of_file(edition, "html").decode()
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", text, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[spaced(re.sub(r"<[^>]+>", "", cell)) for cell in row] for row in cells]


def screen_text(edition: ReportEdition) -> str:
    return spaced(re.sub(r"<[^>]+>", " ", content_of_file(edition, "html").decode()))


def pdf_text(edition: ReportEdition) -> str:
    pages = PdfReader(io.BytesIO(content_of_file(edition, "pdf"))).pages
    return spaced(" ".join(page.extract_text() for page in pages))


def slides_of(content: bytes) -> list[Any]:
    return list(Presentation(io.BytesIO(content)).slides)


def pptx_slides(edition: ReportEdition) -> list[Any]:
    return slides_of(content_of_file(edition, "pptx"))


def pptx_rows(edition: ReportEdition) -> list[list[str]]:
    """Of every table; the coverage under the name of a figure is left out."""
    return [
        [spaced(cell.text_frame.paragraphs[0].text) for cell in row.cells]
        for slide in pptx_slides(edition)
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
    ]


def pptx_charts(edition: ReportEdition) -> dict[str, dict[str, dict[str, Any]]]:
    """Title of the chart → series → category → value, as the workbook behind each chart holds them."""
    charts = {}
    for slide in pptx_slides(edition):
        for shape in (shape for shape in slide.shapes if shape.has_chart):
            blob = shape.chart.part.chart_workbook.xlsx_part.blob
            heads, *rows = openpyxl.load_workbook(io.BytesIO(blob)).active.iter_rows(values_only=True)
            charts[spaced(shape.name)] = {
                str(head): {str(row[0]): row[place] for row in rows}
                for place, head in enumerate(heads[1:], start=1)
            }
    return charts
