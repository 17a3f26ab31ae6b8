"""Documents as Word files, to be completed before they are signed. Same blocks and same rules as the PDF."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
from docx.document import Document as Word
from docx.enum.section import WD_ORIENTATION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
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
    foot,
    grid_widths,
    in_french,
    levels,
    paragraphs,
    said,
    source,
    titled,
)
from jalons.exports.docx_acts import ACT_WRITERS, turn
from jalons.exports.pdf import to_png

FONT = "Calibri"
INK, MUTED, RULE, SAND = "1C2B33", "51616A", "DDD6C9", "FAF7F1"
PETROL, PETROL_DARK, PETROL_TINT = "0B5D63", "08454A", "E3F1F0"
AMBER, AMBER_TINT = "7A4E00", "FDF1D6"
WIDTH = 16.6  # centimetres between the margins
LABEL_WIDTH = 5.0
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


# Page and styles -----------------------------------------------------------------------------------------


def set_properties(word: Word, document: Document) -> None:
    """What the file says of itself: nothing of the library nor of the machine."""
    made_at = document.about.made_at.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)
    told = word.core_properties
    told.title, told.subject = titled(document.title)[:255], in_french(document.about.perimeter)[:255]
    told.author = told.last_modified_by = "Jalons"
    told.language, told.comments, told.keywords, told.category = "fr-FR", "", "", ""
    told.created = told.modified = made_at
    told.revision = 1
    for key, relation in list(word.part.package.rels.items()):
        if relation.reltype.endswith(("/thumbnail", "/extended-properties")):  # of the library's own template
            del word.part.package.rels[key]


def set_page(word: Word, document: Document) -> None:
    section = word.sections[0]
    if document.act:
        set_act_page(word, document)
        return
    section.orientation = WD_ORIENTATION.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.2)
    section.different_first_page_header_footer = True
    section.header.paragraphs[0].text = titled(document.title)
    for footer in (section.footer, section.first_page_footer):
        line = footer.paragraphs[0]
        line.style = word.styles["Footer"]
        line.add_run(f"{foot(document.about)}\tPage\u00a0")
        add_field(line, "PAGE")
        line.add_run(" sur ")
        add_field(line, "NUMPAGES")
        tabs = line.paragraph_format.tab_stops
        tabs.clear_all()
        tabs.add_tab_stop(Cm(WIDTH), alignment=WD_TAB_ALIGNMENT.RIGHT)


def set_act_page(word: Word, document: Document) -> None:
    """Head and foot of an act: which one it is, and « 3 / 12 »."""
    section = word.sections[0]
    turn(section, landscape=document.landscape)
    section.header.paragraphs[0].text = in_french(document.running or document.title)
    line = section.footer.paragraphs[0]
    line.style = word.styles["Footer"]
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    add_field(line, "PAGE")
    line.add_run("\u00a0/\u00a0")
    add_field(line, "NUMPAGES")


def add_field(line: Any, name: str) -> None:
    """A number that Word computes."""
    run = line.add_run()
    for kind in ("begin", None, "end"):
        if kind is None:
            code = element("w:instrText", {"xml:space": "preserve"})
            code.text = f" {name} "
            run._r.append(code)
        else:
            run._r.append(element("w:fldChar", {"w:fldCharType": kind}))


def set_styles(word: Word, document: Document) -> None:
    styles = word.styles
    look(styles["Normal"], 10.5, INK, after=6)
    look(styles["Title"], 21, INK, bold=True, after=3)
    look(styles["Subtitle"], 13, MUTED, after=3)
    look(styles["Header"], 8.5, MUTED)
    look(styles["Footer"], 8.5, MUTED)
    look(styles["Caption"], 9, MUTED, before=8, after=4)
    look(styles["Heading 1"], 14.5, PETROL_DARK, bold=True, before=16, after=6)
    look(styles["Heading 2"], 12, INK, bold=True, before=14, after=5)
    look(styles["Heading 3"], 10.5, MUTED, bold=True, before=12, after=4)
    look(styles.add_style("Source", WD_STYLE_TYPE.PARAGRAPH), 9.5, MUTED, after=14)
    look(styles.add_style("Cellule", WD_STYLE_TYPE.PARAGRAPH), 10, INK)
    look(styles.add_style("Tête de colonne", WD_STYLE_TYPE.PARAGRAPH), 9, MUTED, bold=True)
    look(styles.add_style("Note", WD_STYLE_TYPE.PARAGRAPH), 10.5, INK, after=6)
    if document.act:
        for name, size in (("Title", 17), ("Subtitle", 12)):
            styles[name].font.size = Pt(size)
            styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
            styles[name].paragraph_format.space_after = Pt(12)
        styles["Cellule"].font.size = Pt(9)
        styles["Tête de colonne"].font.size = Pt(8.5)
        styles["Tête de colonne"].font.color.rgb = RGBColor.from_string(INK)
    for edges in styles["Title"].element.iter(qn("w:pBdr")):  # the blue rule of the library's template
        edges.getparent().remove(edges)
    for name in ("w:tabs", "w:spacing", "w:kern"):  # and its own tabs, and letters set apart
        for style in ("Footer", "Subtitle", "Title"):
            element_of = styles[style].element
            for found in [
                each
                for each in element_of.iter(qn(name))
                if each.getparent().tag != qn("w:pPr") or name == "w:tabs"
            ]:
                found.getparent().remove(found)
    for language in word.styles.element.iter(qn("w:lang")):
        for name in ("w:val", "w:eastAsia", "w:bidi"):
            language.set(qn(name), "fr-FR")


def look(
    style: Any, size: float, colour: str, *, bold: bool = False, before: float = 0, after: float = 0
) -> None:
    style.font.name, style.font.size, style.font.bold, style.font.italic = FONT, Pt(size), bold, False
    style.font.color.rgb = RGBColor.from_string(colour)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]  # theme fonts would win over ours
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FONT)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.line_spacing = 1.1


def element(name: str, attributes: dict[str, str] | None = None) -> Any:
    made = OxmlElement(name)
    for key, value in (attributes or {}).items():
        made.set("{http://www.w3.org/XML/1998/namespace}space" if key == "xml:space" else qn(key), value)
    return made


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
