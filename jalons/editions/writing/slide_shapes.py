"""What stands on a slide: its title, its figures, its tables, its picture, its foot."""

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Cm, Emu, Pt

from jalons.core.charts.drawing import COLOURS
from jalons.editions.blocks import KeyFigures, ReportFigure, ReportPicture
from jalons.editions.writing.slide_charts import writable
from jalons.exports.document import Grid, Head, Logo, Said, blank_if_none, cell_words
from jalons.exports.pdf import to_png

Box = tuple[int, int, int, int]
Row = TypeVar("Row")
FEWEST = 3  # rows that stand on a slide without looking forgotten there
WIDTH, HEIGHT = Cm(33.867), Cm(19.05)
EDGE = Cm(1.5)
TITLE: Box = (EDGE, Cm(0.8), WIDTH - 2 * EDGE, Cm(2.6))
BODY: Box = (EDGE, Cm(3.7), WIDTH - 2 * EDGE, Cm(13.7))
FOOT: Box = (EDGE, Cm(17.9), Cm(26), Cm(0.8))
NUMBER: Box = (WIDTH - EDGE - Cm(3), Cm(17.9), Cm(3), Cm(0.8))
DARK, INK, MUTED, TINT, RULE = "08454A", "1C2B33", "51616A", "E3F1F0", "DDD6C9"
AMBER = "7A4E00"
SIZE = 14  # points, in a table
LITTLE = 4.0  # centimetres of figures above a table: with more, they have a slide of their own
BETWEEN = 0.6
SMALL = 12  # the smallest that is read from the back of a room
ROOM = 3.7  # letters in a centimetre at `SIZE`, on the safe side
LINE = 0.6  # centimetres, a line of a table at `SIZE`
PAD = 0.3
NUMBER_ID = "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}"
ACCENT = re.compile(rb'(<a:accent(\d)><a:srgbClr val=")[0-9A-Fa-f]{6}')
TABLE_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no style, no grid


def ink(code: str) -> RGBColor:
    return RGBColor.from_string(code)


# The show ------------------------------------------------------------------------------------------------


def prepare(show: Any) -> None:
    """Wide slides, two layouts, our colours in what people add; nothing of the library's own template."""
    show.slide_width, show.slide_height = WIDTH, HEIGHT
    layouts = {"Title Slide": "Titre", "Title Only": "Un message"}
    for layout in list(show.slide_layouts):
        if layout.name in layouts:
            layout.name = layouts[layout.name]
        else:
            show.slide_layouts.remove(layout)
    for holder in (show.slide_master, *show.slide_layouts):
        for shape in list(holder.placeholders):
            if shape.placeholder_format.idx in (10, 11, 12):
                shape._element.getparent().remove(shape._element)
    for shape in show.slide_master.placeholders:
        place(shape, TITLE if "title" in str(shape.placeholder_format.type).lower() else BODY)
    opening, message = show.slide_layouts
    set_layout(opening.placeholders[0], (EDGE, Cm(4), WIDTH - 2 * EDGE, Cm(4)), 40)
    set_layout(opening.placeholders[1], (EDGE, Cm(8.4), WIDTH - 2 * EDGE, Cm(8.6)), 22)
    set_layout(message.placeholders[0], TITLE, 28)
    package = show.part.package
    for key, relation in list(package._rels.items()):
        if relation.reltype.endswith(("/thumbnail", "/extended-properties")):
            package._rels.pop(key)
    for key, relation in list(show.part.rels.items()):
        if relation.reltype.endswith("/printerSettings"):
            show.part.rels.pop(key)
    for relation in show.slide_master.part.rels.values():
        if relation.reltype.endswith("/theme"):
            theme = relation.target_part
            theme._blob = ACCENT.sub(with_our_colour, theme.blob)


def with_our_colour(match: re.Match[bytes]) -> bytes:
    return match[1] + COLOURS[int(match[2]) - 1].removeprefix("#").encode()


def place(shape: Any, box: Box) -> None:
    shape.left, shape.top, shape.width, shape.height = box


def set_layout(shape: Any, box: Box, size: int) -> None:
    place(shape, box)
    frame = shape.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    levels = frame._txBody.find(qn("a:lstStyle"))
    for old in list(levels):
        levels.remove(old)
    bold = "1" if size > 22 else "0"
    levels.append(
        parse_xml(
            f'<a:lvl1pPr {nsdecls("a")} algn="l" marL="0" indent="0"><a:buNone/>'
            f'<a:defRPr sz="{size * 100}" b="{bold}"><a:solidFill><a:srgbClr val="{DARK}"/></a:solidFill>'
            "</a:defRPr></a:lvl1pPr>"
        )
    )


def set_title(slide: Any, words: str) -> None:
    """A sentence holds in two lines, three at most."""
    slide.shapes.title.text = words
    if len(words) > 85:
        size = 24 if len(words) <= 135 else 20 if len(words) <= 200 else 16
        for paragraph in slide.shapes.title.text_frame.paragraphs:
            paragraph.font.size = Pt(size)


def add_foot(slide: Any, words: str, *, marks: Sequence[str]) -> None:
    words = " · ".join([*(mark.upper() for mark in marks), words])
    add_words(slide, words, FOOT, size=12, ink=AMBER if marks else MUTED)
    shape = slide.shapes.add_textbox(*NUMBER)
    paragraph = shape.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT
    number = list(slide.part.package.presentation_part.presentation.slides).index(slide) + 1
    paragraph._p.append(
        parse_xml(
            f'<a:fld {nsdecls("a")} id="{NUMBER_ID}" type="slidenum"><a:rPr sz="1200"/><a:t>{number}</a:t></a:fld>'
        )
    )


def halves(box: Box) -> list[Box]:
    left, top, width, height = box
    gap = Cm(0.8)
    first = int((width - gap) * 0.51)
    return [(left, top, first, height), (left + first + gap, top, width - gap - first, height)]


# What it shows -------------------------------------------------------------------------------------------


def add_words(slide: Any, words: str, box: Box, *, size: int = 18, ink: str = INK) -> None:
    lines = [line for line in writable(words).split("\n") if line.strip()]
    length = sum(1 + len(line) // 110 for line in lines)
    if size == 18 and length > 14:
        size = 14 if length <= 24 else 12
    frame = slide.shapes.add_textbox(*box).text_frame
    frame.word_wrap = True
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if not number else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = line
        run.font.size, run.font.color.rgb = Pt(size), RGBColor.from_string(ink)
        paragraph.space_after = Pt(4)


def add_picture(slide: Any, block: ReportPicture, box: Box) -> None:
    """As large as it goes, in the middle."""
    left, top, width, height = box
    picture = slide.shapes.add_picture(io.BytesIO(to_png(block.svg)), left, top)
    scale = min(width / picture.width, height / picture.height)
    picture.width, picture.height = int(picture.width * scale), int(picture.height * scale)
    picture.left = left + (width - picture.width) // 2
    picture._element.nvPicPr.cNvPr.set("descr", writable(block.alt))


def add_logo(slide: Any, logo: Logo) -> None:
    """At the head of the first slide."""
    height = min(Cm(2.2), int(Cm(9) * logo.height / logo.width))
    picture = slide.shapes.add_picture(io.BytesIO(logo.png), EDGE, Cm(1.2), height=height)
    picture.name = "Logo"
    picture._element.nvPicPr.cNvPr.set("descr", writable(logo.alt))


def figure_pages(block: KeyFigures) -> list[KeyFigures]:
    """The same figures, as many on a slide as it holds: half of one for a few of them, compared with little."""
    if not fills_a_slide(block):
        return [block]
    columns, rows = figure_rows(block)
    widths = widths_of(columns, BODY[2])
    room = Emu(BODY[3]).cm - height_of([column.label for column in columns], widths, SMALL)
    pages: list[list[tuple[ReportFigure, float]]] = [[]]
    used = 0.0
    for figure, cells in zip(block.rows, rows, strict=True):
        height = height_of(cells, widths, SMALL)
        if pages[-1] and used + height > room:
            pages.append([])
            used = 0.0
        pages[-1].append((figure, height))
        used += height
    pages = not_alone(pages, lambda held: held[1], room)
    return [replace(block, rows=[figure for figure, _ in page]) for page in pages]


def fills_a_slide(block: object) -> bool:
    """Too much for one half of it."""
    if not isinstance(block, KeyFigures):
        return False
    columns, rows = figure_rows(block)
    widths = widths_of(columns, halves(BODY)[1][2])
    heights = height_of([column.label for column in columns], widths, SMALL)
    heights += sum(height_of(cells, widths, SMALL) for cells in rows)
    return bool(block.earlier) or heights > Emu(BODY[3]).cm


def height_across(block: object) -> float:
    """Centimetres that figures take over the whole width of a slide; as tall as the slide for anything else."""
    if not isinstance(block, KeyFigures):
        return Emu(BODY[3]).cm
    columns, rows = figure_rows(block)
    widths = widths_of(columns, BODY[2])
    head = height_of([column.label for column in columns], widths)
    return head + sum(height_of(cells, widths) for cells in rows)


def add_figures(slide: Any, block: KeyFigures, box: Box) -> None:
    columns, rows = figure_rows(block)
    draw(slide, columns, rows, [], box)


def figure_rows(block: KeyFigures) -> tuple[list[Head], list[list[object]]]:
    """What each covers is under its name."""
    first, *middle, _ = block.heads
    columns = [Head(block.caption or first, weight=1.9), *(Head(head, numeric=True) for head in middle)]
    rows: list[list[object]] = [
        [
            f"{figure.label}\n{figure.coverage}" if figure.coverage else figure.label,
            Said(figure.text) if figure.text else Said(figure.missing, missing=True),
            *(Said(words) for words in block.past(figure)),
        ]
        for figure in block.rows
    ]
    return columns, rows


def add_table(
    slide: Any, grid: Grid, rows: Sequence[Sequence[object]], *, sums: bool, above: float = 0
) -> None:
    """`above`: centimetres that are taken at the top of the slide."""
    left, top, width, height = BODY
    box = (left, top + Cm(above), width, height - Cm(above))
    draw(slide, grid.columns, rows, grid.sums if sums else [], box)


def widths_of(columns: Sequence[Head], width: int) -> list[int]:
    weights = [head.weight if not head.numeric else max(head.weight, 0.8) for head in columns]
    return [int(width * weight / sum(weights)) for weight in weights]


def height_of(cells: Sequence[object], widths: Sequence[int], size: int = SIZE) -> float:
    """Centimetres, from how many lines its longest cell takes."""
    lines = 1
    for cell, width in zip(cells, widths, strict=True):
        room = max(int((Emu(width).cm - PAD) * ROOM * SIZE / size), 4)
        words = cell_words(blank_if_none(cell)).words
        lines = max(lines, sum(1 + len(line) // room for line in words.split("\n")))
    return PAD + LINE * lines * size / SIZE


def pages_of(grid: Grid, above: float = 0) -> list[list[Sequence[object]]]:
    """Rows that hold on a slide together; the sums have their room on the last, and the first has `above` centimetres
    that are taken.
    """
    widths = widths_of(grid.columns, BODY[2])
    head = height_of([column.label for column in grid.columns], widths)
    room = Emu(BODY[3]).cm - head - 1.0 * (len(grid.sums) + 1)
    pages: list[list[Sequence[object]]] = [[]]
    used = above
    for row in grid.rows:
        height = height_of(row, widths)
        if pages[-1] and used + height > room:
            pages.append([])
            used = 0.0
        pages[-1].append(row)
        used += height
    return not_alone(pages, lambda row: height_of(row, widths), room)


def not_alone(pages: list[list[Row]], height: Callable[[Row], float], room: float) -> list[list[Row]]:
    """The last slide has three rows at least, taken from the one before it as long as they hold."""
    if len(pages) > 1:
        *_, before, last = pages
        while len(last) < FEWEST < len(before) and sum(map(height, [before[-1], *last])) <= room:
            last.insert(0, before.pop())
    return pages


def draw(
    slide: Any,
    columns: Sequence[Head],
    rows: Sequence[Sequence[object]],
    sums: Sequence[Sequence[object]],
    box: Box,
) -> None:
    """A native table: it is typed in, copied, sorted by whoever goes on with it."""
    left, top, width, height = box
    widths = widths_of(columns, width)
    everything = [[head.label for head in columns], *rows, *sums]
    size = SIZE if sum(height_of(cells, widths) for cells in everything) <= Emu(height).cm else SMALL
    frame = slide.shapes.add_table(1 + len(rows) + len(sums), len(columns), left, top, width, Cm(1))
    table = frame.table
    table._tbl.tblPr.find(qn("a:tableStyleId")).text = TABLE_STYLE
    table.last_row = bool(sums)
    for column, length in zip(table.columns, widths, strict=True):
        column.width = length
    lines = [
        ([head.label for head in columns], "head"),
        *((row, "row") for row in rows),
        *(([blank_if_none(cell) for cell in row], "sum") for row in sums),
    ]
    for place_of, (cells, kind) in enumerate(lines):
        table.rows[place_of].height = Cm(height_of(cells, widths, size))
        for column, cell in enumerate(cells):
            words = Said(str(cell)) if kind == "head" else cell_words(cell)
            fill_cell(
                table.cell(place_of, column), words, kind=kind, numeric=columns[column].numeric, size=size
            )


def fill_cell(cell: Any, words: Said, *, kind: str, numeric: bool, size: int) -> None:
    cell.margin_left = cell.margin_right = Cm(0.15)
    cell.margin_top = cell.margin_bottom = Cm(0.08)
    cell.vertical_anchor = MSO_ANCHOR.TOP
    for number, line in enumerate(writable(words.words).split("\n")):
        frame = cell.text_frame
        paragraph = frame.paragraphs[0] if not number else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.RIGHT if numeric else PP_ALIGN.LEFT
        run = paragraph.add_run()
        run.text = line
        font = run.font
        font.size = Pt(SMALL if number or kind == "head" else size)
        font.bold, font.italic = kind != "row", words.missing
        font.color.rgb = ink(DARK if kind == "head" else MUTED if words.missing or number else INK)
    cell.fill.solid()
    cell.fill.fore_color.rgb = ink("FFFFFF" if kind == "row" else TINT)
    properties = cell._tc.get_or_add_tcPr()
    line = f'<a:lnB {nsdecls("a")} w="9525"><a:solidFill><a:srgbClr val="{RULE}"/></a:solidFill></a:lnB>'
    properties.insert(0, parse_xml(line))
