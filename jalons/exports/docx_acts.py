"""The blocks of an act in Word. Tables are written as markup in one go: cell after cell through the library, a
convention of twenty sheets would take minutes.
"""

from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

from docx.document import Document as Word
from docx.enum.section import WD_ORIENTATION, WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm

from jalons.exports.acts import (
    PORTRAIT,
    ActLine,
    ActRow,
    Band,
    NewPage,
    Ruled,
    Run,
    Signatory,
    Signing,
    Slot,
    Text,
    kept_with_next,
    placed,
    ruled_widths,
)
from jalons.exports.document import in_french

TWIPS = 567  # in a centimetre
MARGIN = 2.0
INK, MUTED, RULE = "1C2B33", "51616A", "8A969C"
GROUNDS = {"head": "E3F1F0", "section": "F1ECE1", "sum": "FAF7F1"}
BAND, BAND_SOFT = "0B5D63", "E3F1F0"
INDENT = 260  # twips a level
SMALL = 15  # half points
DOTS = "................................"


def run_xml(run: Run, *, bold: bool = False, size: int = 0, colour: str = "") -> str:
    """`size` in half points, 0 for that of the style."""
    looks = ""
    if run.bold or bold:
        looks += "<w:b/>"
    if run.missing:
        looks += "<w:i/>"
    if run.missing or colour:
        looks += f'<w:color w:val="{colour or MUTED}"/>'
    if size:
        looks += f'<w:sz w:val="{size}"/>'
    if run.mark:
        looks += '<w:highlight w:val="yellow"/>'
    words = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in in_french(run.words).split("\n")
    )
    return f"<w:r>{f'<w:rPr>{looks}</w:rPr>' if looks else ''}{words}</w:r>"


def line_xml(
    act_line: ActLine,
    *,
    style: str = "Cellule",
    align: str = "",
    bold: bool = False,
    keep: bool = False,
    after: int = 20,
    size: int = 0,
    colour: str = "",
) -> str:
    """`align`: « right », « center », « both »; `after` in twentieths of a point."""
    left = INDENT * act_line.level
    looks = f'<w:pStyle w:val="{style}"/>'
    if keep:
        looks += "<w:keepNext/>"
    if act_line.bullet:
        looks += f'<w:tabs><w:tab w:val="left" w:pos="{left + 220}"/></w:tabs>'
    looks += f'<w:spacing w:before="20" w:after="{after}"/>'
    if act_line.bullet:
        looks += f'<w:ind w:left="{left + 220}" w:hanging="220"/>'
    elif left:
        looks += f'<w:ind w:left="{left}"/>'
    if align:
        looks += f'<w:jc w:val="{align}"/>'
    bullet = (
        f"<w:r><w:t>{escape(in_french(act_line.bullet))}</w:t></w:r><w:r><w:tab/></w:r>"
        if act_line.bullet
        else ""
    )
    runs = "".join(run_xml(run, bold=bold, size=size, colour=colour) for run in act_line.runs)
    return f"<w:p><w:pPr>{looks}</w:pPr>{bullet}{runs}</w:p>"


# Tables --------------------------------------------------------------------------------------------------


def cell_xml(slot: Slot, width: int, *, keep: bool, size: int = 0) -> str:
    heavy = slot.bold or slot.tone in ("head", "section", "sum")
    looks = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    if slot.columns > 1:
        looks += f'<w:gridSpan w:val="{slot.columns}"/>'
    if slot.rows > 1:
        looks += '<w:vMerge w:val="restart"/>'
    if slot.joined or slot.going_on:
        above, below = (
            ('<w:top w:val="nil"/>' if slot.joined else ""),
            ('<w:bottom w:val="nil"/>' if slot.going_on else ""),
        )
        looks += f"<w:tcBorders>{above}{below}</w:tcBorders>"
    if slot.tone in GROUNDS:
        looks += f'<w:shd w:val="clear" w:color="auto" w:fill="{GROUNDS[slot.tone]}"/>'
    if slot.tone == "head":
        looks += '<w:vAlign w:val="center"/>'
    align = "right" if slot.right else "center" if slot.centre else ""
    style = "Têtedecolonne" if slot.tone == "head" else "Cellule"
    lines = "".join(
        line_xml(line, style=style, align=align, bold=heavy, keep=keep, size=size) for line in slot.lines
    )
    return f"<w:tc><w:tcPr>{looks}</w:tcPr>{lines}</w:tc>"


def going_on_xml(above: Slot, width: int) -> str:
    span = f'<w:gridSpan w:val="{above.columns}"/>' if above.columns > 1 else ""
    shade = GROUNDS.get(above.tone)
    ground = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    looks = f'<w:tcW w:w="{width}" w:type="dxa"/>{span}<w:vMerge/>{ground}'
    return f'<w:tc><w:tcPr>{looks}</w:tcPr><w:p><w:pPr><w:pStyle w:val="Cellule"/></w:pPr></w:p></w:tc>'


def rows_xml(rows: tuple[ActRow, ...], widths: list[int], *, header: bool, size: int = 0) -> str:
    made: list[str] = []
    above: dict[int, Slot] = {}
    with_next = kept_with_next(rows)
    for row, cells, ends in zip(rows, placed(rows, len(widths)), with_next, strict=True):
        looks = ("<w:cantSplit/>" if row.whole else "") + ("<w:tblHeader/>" if header else "")
        words = []
        for at, cell in cells:
            if cell is None:
                words.append(going_on_xml(above[at], sum(widths[at : at + above[at].columns])))
                continue
            above[at] = cell
            across = sum(widths[at : at + cell.columns])
            words.append(cell_xml(cell, across, keep=header or ends, size=size))
        made.append(f"<w:tr>{f'<w:trPr>{looks}</w:trPr>' if looks else ''}{''.join(words)}</w:tr>")
    return "".join(made)


def table_xml(widths: list[int], content: str, *, ruled: bool = True) -> Any:
    kind = "single" if ruled else "nil"
    edges = "".join(
        f'<w:{edge} w:val="{kind}" w:sz="4" w:space="0" w:color="{RULE}"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    margins = '<w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/>'
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{content}</w:tbl>"
    )


def add(word: Word, made: Any) -> None:
    """At the end of the body, before what says the last section."""
    word.element.body.find(qn("w:sectPr")).addprevious(made)


def add_line(word: Word, act_line: ActLine, **looks: Any) -> None:
    add(word, parse_xml(line_xml(act_line, **looks).replace("<w:p>", f"<w:p {nsdecls('w')}>", 1)))


def in_twips(widths: tuple[float, ...], centimetres: float) -> list[int]:
    whole = sum(widths)
    return [int(centimetres * TWIPS * width / whole) for width in widths]


EDGES = 2 * 85 / TWIPS  # centimetres: the margins of a cell
HEAD_SIZE, CELL_SIZE = 8.5, 9  # points


# Blocks --------------------------------------------------------------------------------------------------


def write_ruled(word: Word, block: Ruled, level: int) -> None:
    if block.caption:
        add_line(word, ActLine((Run(block.caption),)), style="Caption", keep=True, after=80)
    size = SMALL if block.small else 0
    widths = ruled_widths(block, head=size / 2 or HEAD_SIZE, cell=size / 2 or CELL_SIZE, edges=EDGES)
    twips = in_twips(tuple(widths), sum(widths))
    content = rows_xml(block.head, twips, header=True, size=size)
    content += rows_xml(block.rows, twips, header=False, size=size)
    add(word, table_xml(twips, content))
    add_line(word, ActLine((Run(""),)), after=60, size=8)


def write_text(word: Word, block: Text, level: int) -> None:
    for line in block.lines:
        align = "center" if block.centre else "" if line.bullet else "both"
        add_line(word, line, style="Normal", align=align, after=120 if not line.bullet else 60)


def write_band(word: Word, block: Band, level: int) -> None:
    ground, ink = (BAND, "FFFFFF") if block.strong else (BAND_SOFT, INK)
    looks = (
        f'<w:pStyle w:val="Normal"/><w:keepNext/><w:shd w:val="clear" w:color="auto" w:fill="{ground}"/>'
        '<w:spacing w:before="0" w:after="40"/><w:jc w:val="center"/>'
    )
    words = run_xml(Run(block.text, bold=True), colour=ink, size=22 if block.strong else 20)
    add(word, parse_xml(f"<w:p {nsdecls('w')}><w:pPr>{looks}</w:pPr>{words}</w:p>"))


def write_new_page(word: Word, block: NewPage, level: int) -> None:
    section = word.add_section(WD_SECTION.NEW_PAGE)
    turn(section, landscape=block.landscape)


def turn(section: Any, *, landscape: bool) -> None:
    """The size of its page; the number of the page stays at the right margin."""
    section.orientation = WD_ORIENTATION.LANDSCAPE if landscape else WD_ORIENTATION.PORTRAIT
    width, height = (29.7, 21) if landscape else (21, 29.7)
    section.page_width, section.page_height = Cm(width), Cm(height)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(MARGIN)


def write_signing(word: Word, block: Signing, level: int) -> None:
    """Each block on its own row of cells, kept whole: a signature is never alone on a page."""
    for start in range(0, len(block.people), block.per_row):
        people = block.people[start : start + block.per_row]
        widths = in_twips((1.0,) * len(people), PORTRAIT)
        cells = "".join(signature_xml(person, width) for person, width in zip(people, widths, strict=True))
        height = f'<w:trHeight w:val="{int(5.2 * TWIPS)}" w:hRule="atLeast"/>'
        add(word, table_xml(widths, f"<w:tr><w:trPr><w:cantSplit/>{height}</w:trPr>{cells}</w:tr>"))
        add_line(word, ActLine((Run(""),)), after=60, size=8)


def signature_xml(person: Signatory, width: int) -> str:
    lines = [line_xml(words, bold=bold) for words, bold in signature_lines(person)]
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{"".join(lines)}</w:tc>'


def signature_lines(person: Signatory) -> list[tuple[ActLine, bool]]:
    """What stands in the block of a signatory, and whether it is bold."""
    lines = [(f"Pour {party_words(person.party)},", True)]
    if person.function:
        lines.append((person.function, False))
    lines.append((f"Fait à {person.place or DOTS[:24]}", False))
    lines.append((f"le {person.day or DOTS[:28]}", False))
    return [(ActLine((Run(in_french(words)),)), bold) for words, bold in lines]


def party_words(name: str) -> str:
    """« Le Département du Nord » in the middle of a sentence."""
    for article in ("Le ", "La ", "Les ", "L’", "L'"):
        if name.startswith(article):
            return article.lower() + name[len(article) :]
    return name


ACT_WRITERS: dict[type, Callable[[Word, Any, int], None]] = {
    Ruled: write_ruled,
    Text: write_text,
    Band: write_band,
    NewPage: write_new_page,
    Signing: write_signing,
}
