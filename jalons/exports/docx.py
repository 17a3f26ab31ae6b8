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
    Contents,
    Document,
    Facts,
    Figure,
    Grid,
    Heading,
    Logo,
    Note,
    Paragraph,
    Signatures,
    english_foot,
    foot,
    grid_widths,
    in_french,
    levels,
    paragraphs,
    source,
    titled,
)
from jalons.exports.docx_acts import ACT_WRITERS, turn
from jalons.exports.docx_tables import INK, MUTED, add_rows, facts_rows, grid_rows
from jalons.exports.pdf import to_png

FONT = "Calibri"
PETROL, PETROL_DARK, PETROL_TINT = "0B5D63", "08454A", "E3F1F0"
AMBER, AMBER_TINT = "7A4E00", "FDF1D6"
WIDTH = 16.6  # centimetres between the margins
LABEL_WIDTH = 5.0
LOGO_HEIGHT, LOGO_WIDTH = 1.8, 7.0  # centimetres, at most


def to_docx(document: Document) -> bytes:
    """A Word file: heads of tables repeated, rows never cut, drawings with their words, French."""
    word = docx.Document()
    set_properties(word, document)
    set_page(word, document)
    set_styles(word, document)
    if document.logo:
        place_logo(word, document.logo)
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
    core_properties = word.core_properties
    core_properties.title, core_properties.subject = (
        titled(document.title)[:255],
        in_french(document.about.perimeter)[:255],
    )
    core_properties.author = core_properties.last_modified_by = "Jalons"
    core_properties.language, core_properties.comments, core_properties.keywords, core_properties.category = (
        "en-GB" if document.language == "en" else "fr-FR",
        "",
        "",
        "",
    )
    core_properties.created = core_properties.modified = made_at
    core_properties.revision = 1
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
    if document.watermark:
        for header in (section.header, section.first_page_header):
            mark_page(header.paragraphs[0], document.watermark)
    for footer in (section.footer, section.first_page_footer):
        line = footer.paragraphs[0]
        line.style = word.styles["Footer"]
        english = document.language == "en"
        line.add_run(f"{english_foot(document.about) if english else foot(document.about)}\tPage\u00a0")
        add_field(line, "PAGE")
        line.add_run(" of " if english else " sur ")
        add_field(line, "NUMPAGES")
        tabs = line.paragraph_format.tab_stops
        tabs.clear_all()
        tabs.add_tab_stop(Cm(WIDTH), alignment=WD_TAB_ALIGNMENT.RIGHT)


def mark_page(line: Any, words: str) -> None:
    """At the head of each page, for every program shows it there; a drawing across the page is lost by many."""
    run = line.add_run(f"{'    ' if line.text else ''}{in_french(words)}")
    run.bold, run.font.size, run.font.color.rgb = True, Pt(14), RGBColor.from_string(AMBER)


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
    add_mark(line, "begin")
    add_code(line, name)
    add_mark(line, "end")


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
    look(styles.add_style("Sommaire", WD_STYLE_TYPE.PARAGRAPH), 12, INK, bold=True, before=10, after=5)
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
            for setting in [
                setting
                for setting in element_of.iter(qn(name))
                if setting.getparent().tag != qn("w:pPr") or name == "w:tabs"
            ]:
                setting.getparent().remove(setting)
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
    line = word.add_paragraph(titled(block.text), style=f"Heading {level}")
    if block.new_page:
        line.paragraph_format.page_break_before = True
    if level == 1:
        number = 1 + sum(1 for _ in word.element.body.iter(qn("w:bookmarkStart")))
        line._p.insert(1, element("w:bookmarkStart", {"w:id": str(number), "w:name": bookmark(number)}))
        line._p.append(element("w:bookmarkEnd", {"w:id": str(number)}))


def bookmark(number: int) -> str:
    """Of the heading of that number, counting those of the first level: where the contents lead."""
    return f"_Toc{number:05}"


def write_contents(word: Word, block: Contents, level: int) -> None:
    """A table of contents: each line leads to its heading. Its page is a field: Word alone knows it, when it opens."""
    word.add_paragraph(in_french(block.title), style="Sommaire")
    for number, entry in enumerate(block.entries, start=1):
        line = word.add_paragraph()
        line.paragraph_format.space_after = Pt(2)
        line.paragraph_format.tab_stops.add_tab_stop(Cm(WIDTH), alignment=WD_TAB_ALIGNMENT.RIGHT)
        if number == 1:
            add_mark(line, "begin")
            add_code(line, 'TOC \\o "1-1" \\h \\z \\u')
            add_mark(line, "separate")
        before = len(line.runs)
        line.add_run(titled(entry))
        line.add_run("\t")
        add_mark(line, "begin", dirty=True)
        add_code(line, f"PAGEREF {bookmark(number)} \\h")
        add_mark(line, "end")
        link = element("w:hyperlink", {"w:anchor": bookmark(number), "w:history": "1"})
        for run in line.runs[before:]:
            link.append(run._r)
        line._p.append(link)
        if number == len(block.entries):
            add_mark(line, "end")


def add_mark(line: Any, kind: str, *, dirty: bool = False) -> None:
    """`dirty`: to be computed when the file is opened."""
    more = {"w:dirty": "true"} if dirty else {}
    line.add_run()._r.append(element("w:fldChar", {"w:fldCharType": kind, **more}))


def add_code(line: Any, code: str) -> None:
    text = element("w:instrText", {"xml:space": "preserve"})
    text.text = f" {code} "
    line.add_run()._r.append(text)


def place_logo(word: Word, logo: Logo) -> None:
    height = min(LOGO_HEIGHT, LOGO_WIDTH * logo.height / logo.width)
    picture = word.add_paragraph().add_run().add_picture(io.BytesIO(logo.png), height=Cm(height))
    picture._inline.docPr.set("descr", in_french(logo.alt))
    picture._inline.docPr.set("name", "Logo")


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
    table, widths = word.add_table(rows=0, cols=2), [LABEL_WIDTH, WIDTH - LABEL_WIDTH]
    set_widths(table, widths)
    add_rows(table, facts_rows(block, widths))
    space_after(word)


def write_grid(word: Word, block: Grid, level: int) -> None:
    if block.caption:
        caption = word.add_paragraph(in_french(block.caption), style="Caption")
        caption.paragraph_format.keep_with_next = True
    table = word.add_table(rows=0, cols=len(block.columns))
    widths = grid_widths(block, across=WIDTH, head=HEAD_SIZE, cell=CELL_SIZE, edges=CELL_EDGES)
    set_widths(table, widths)
    add_rows(table, grid_rows(block, widths))
    space_after(word)


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
    row = table.add_row()
    row._tr.get_or_add_trPr().append(element("w:cantSplit"))
    row.height = Cm(3.2)
    for cell, person in zip(row.cells, block.people, strict=True):
        line = cell.paragraphs[0]
        line.style = "Cellule"
        line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(3)
        line.add_run(in_french(person))
        rule = {"w:val": "single", "w:sz": "12", "w:space": "0", "w:color": INK}
        borders = element("w:tcBorders")
        borders.append(element("w:top", rule))
        cell._tc.get_or_add_tcPr().append(borders)


_WRITERS: dict[type, Callable[[Word, Any, int], None]] = {
    Heading: write_heading,
    Paragraph: write_paragraph,
    Note: write_note,
    Facts: write_facts,
    Grid: write_grid,
    Figure: write_figure,
    Contents: write_contents,
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


def space_after(word: Word) -> None:
    """Two tables that touch would be one for Word."""
    line = word.add_paragraph()
    line.paragraph_format.space_after = Pt(2)
