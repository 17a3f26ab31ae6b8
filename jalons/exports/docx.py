"""Documents as Word files, to be completed before they are signed. Same blocks and same rules as the PDF."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from jalons.exports.document import (
    Document,
    Facts,
    Figure,
    Grid,
    Heading,
    Note,
    Paragraph,
    Said,
    Signatures,
    blank_if_none,
    grid_widths,
    in_french,
    levels,
    paragraphs,
    said,
    source,
    titled,
)
from jalons.exports.docx_acts import ACT_WRITERS
from jalons.exports.docx_styles import (
    AMBER,
    AMBER_TINT,
    INK,
    LABEL_WIDTH,
    MUTED,
    PETROL,
    PETROL_TINT,
    RULE,
    SAND,
    WIDTH,
    element,
    set_page,
    set_properties,
    set_styles,
)
from jalons.exports.pdf import to_png

LEVEL = 0.45  # of indentation


def to_docx(document: Document) -> bytes:
    """A Word file: heads of tables repeated, rows never cut, drawings with their words, French."""
    word = docx.Document()
    set_properties(word, document)
    set_page(word, document)
    set_styles(word, document)
    word.add_paragraph(titled(document.title), style="Title")
    if document.subtitle:
        word.add_paragraph(in_french(document.subtitle), style="Subtitle")
    if not document.act:
        word.add_paragraph(source(document.about), style="Source")
    for block, level in zip(document.blocks, levels(document.blocks), strict=True):
        _WRITERS[type(block)](word, block, level)
    file = io.BytesIO()
    word.save(file)
    return steady(file.getvalue())


def steady(content: bytes) -> bytes:
    """The same file without the time of its writing: a frozen version gives the same bytes for ever."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return file.getvalue()


# Blocks --------------------------------------------------------------------------------------------------


def write_heading(word: Word, block: Heading, level: int) -> None:
    word.add_paragraph(titled(block.text), style=f"Heading {level}")


def write_paragraph(word: Word, block: Paragraph, level: int) -> None:
    for words in paragraphs(block.text):
        word.add_paragraph(words)


def write_note(word: Word, block: Note, level: int) -> None:
    edge, ground = (AMBER, AMBER_TINT) if block.warning else (PETROL, PETROL_TINT)
    for index, words in enumerate(paragraphs(block.text)):
        line = word.add_paragraph(style="Note")
        properties = line._p.get_or_add_pPr()
        borders = element("w:pBdr")
        borders.append(element("w:left", {"w:val": "single", "w:sz": "24", "w:space": "8", "w:color": edge}))
        properties.append(borders)
        properties.append(element("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": ground}))
        if block.warning and not index:
            line.add_run("À vérifier\u00a0: ").bold = True
        line.add_run(words)


def write_facts(word: Word, block: Facts, level: int) -> None:
    table = word.add_table(rows=0, cols=2)
    set_widths(table, [LABEL_WIDTH, WIDTH - LABEL_WIDTH])
    for label, told in block.rows:
        row = add_row(table)
        fill(row.cells[0], said(label), colour=MUTED)
        fill(row.cells[1], said(told))
    space_after(word)


def write_grid(word: Word, block: Grid, level: int) -> None:
    if block.caption:
        caption = word.add_paragraph(in_french(block.caption), style="Caption")
        caption.paragraph_format.keep_with_next = True
    table = word.add_table(rows=0, cols=len(block.columns))
    set_widths(table, grid_widths(block, across=WIDTH, head=HEAD_SIZE, cell=CELL_SIZE, edges=CELL_EDGES))
    numeric = [head.numeric for head in block.columns]
    head_row = add_row(table, header=True)
    for cell, head in zip(head_row.cells, block.columns, strict=True):
        fill(cell, Said(in_french(head.label)), style="Tête de colonne", right=head.numeric)
        border(cell, INK, 12)
    for row in block.rows:
        write_row(table, [said(told) for told in row], numeric)
    for index, row in enumerate(block.sums):
        if len(table.rows) > 1:
            for cell in table.rows[-1].cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True  # a total is never alone on a page
                if not index:
                    border(cell, INK, 12)
        write_row(table, [said(blank_if_none(told)) for told in row], numeric, heavy=True)
    space_after(word)


def write_row(table: Any, row: list[Said], numeric: list[bool], *, heavy: bool = False) -> None:
    made = add_row(table)
    for index, (cell, told, right) in enumerate(zip(made.cells, row, numeric, strict=True)):
        fill(cell, told, right=right, bold=heavy or (not index and not right and not told.level))
        border(cell, RULE, 4)
        if heavy:
            cell._tc.get_or_add_tcPr().append(
                element("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": SAND})
            )


def write_figure(word: Word, block: Figure, level: int) -> None:
    if block.caption:
        caption = word.add_paragraph(in_french(block.caption), style="Caption")
        caption.paragraph_format.keep_with_next = True
    line = word.add_paragraph()
    picture = line.add_run().add_picture(io.BytesIO(to_png(block.svg)), width=Cm(WIDTH))
    words = picture._inline.docPr
    words.set("descr", in_french(block.alt))
    words.set("name", "Figure")


def write_signatures(word: Word, block: Signatures, level: int) -> None:
    line = word.add_paragraph(
        "Fait à ........................................, le .............................."
    )
    line.paragraph_format.space_before = Pt(24)
    line.paragraph_format.keep_with_next = True
    table = word.add_table(rows=0, cols=len(block.people))
    set_widths(table, [WIDTH / len(block.people)] * len(block.people))
    row = add_row(table)
    row.height = Cm(3.2)
    for cell, person in zip(row.cells, block.people, strict=True):
        fill(cell, Said(in_french(person)))
        border(cell, INK, 12, edge="top")


_WRITERS: dict[type, Callable[[Word, Any, int], None]] = {
    Heading: write_heading,
    Paragraph: write_paragraph,
    Note: write_note,
    Facts: write_facts,
    Grid: write_grid,
    Figure: write_figure,
    Signatures: write_signatures,
    **ACT_WRITERS,
}


# Tables --------------------------------------------------------------------------------------------------

CELL_EDGES = 0.42  # centimetres, both sides together
HEAD_SIZE, CELL_SIZE = 9, 10  # points


def set_widths(table: Any, widths: list[float]) -> None:
    """Widths in centimetres, which Word and LibreOffice keep."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)


def add_row(table: Any, *, header: bool = False) -> Any:
    row = table.add_row()
    properties = row._tr.get_or_add_trPr()
    properties.append(element("w:cantSplit"))
    if header:
        properties.append(element("w:tblHeader"))
    for cell, column in zip(row.cells, table.columns, strict=True):
        cell.width = column.width
    return row


def fill(
    cell: Any,
    told: Said,
    *,
    style: str = "Cellule",
    right: bool = False,
    bold: bool = False,
    colour: str = "",
) -> None:
    line = cell.paragraphs[0]
    line.style = style
    line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(3)
    if told.level:
        line.paragraph_format.left_indent = Cm(LEVEL * told.level)
    if right:
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = line.add_run(told.words)
    if bold:
        run.bold = True
    if told.missing:
        run.italic = True
    if told.missing or colour:
        run.font.color.rgb = RGBColor.from_string(colour or MUTED)


def border(cell: Any, colour: str, size: int, edge: str = "bottom") -> None:
    """One edge of a cell, `size` in eighths of a point; replaces the one it had."""
    properties = cell._tc.get_or_add_tcPr()
    for former in properties.findall(qn("w:tcBorders")):
        properties.remove(former)
    borders = element("w:tcBorders")
    borders.append(
        element(f"w:{edge}", {"w:val": "single", "w:sz": str(size), "w:space": "0", "w:color": colour})
    )
    properties.append(borders)


def space_after(word: Word) -> None:
    """Two tables that touch would be one for Word."""
    line = word.add_paragraph()
    line.paragraph_format.space_after = Pt(2)
