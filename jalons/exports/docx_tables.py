"""The rows of a table of a Word file, written as markup in one go: through the library, each cell looks for its style
and its column again.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Length

from jalons.exports.document import Facts, Grid, Said, blank_if_none, cell_words, in_french

INK, MUTED, RULE, SAND = "1C2B33", "51616A", "DDD6C9", "FAF7F1"
CELL, HEAD = "Cellule", "Têtedecolonne"  # styles, as the file names them
LEVEL = 0.45  # of indentation, in centimetres
AROUND = 60  # above and below a line, in twentieths of a point
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # by XML itself


@dataclass(frozen=True, slots=True)
class Edge:
    """Under a cell; `size` in eighths of a point."""

    colour: str
    size: int

    @property
    def xml(self) -> str:
        looks = f'w:val="single" w:sz="{self.size}" w:space="0" w:color="{self.colour}"'
        return f"<w:tcBorders><w:bottom {looks}/></w:tcBorders>"


THIN, THICK = Edge(RULE, 4), Edge(INK, 12)


@dataclass(frozen=True, slots=True)
class TableLook:
    """How a cell is written. `keep`: with the row that follows; `ground`: its colour."""

    style: str = CELL
    edge: Edge | None = None
    ground: str = ""
    right: bool = False
    bold: bool = False
    keep: bool = False
    colour: str = ""


def add_rows(table: Any, rows: Sequence[str]) -> None:
    held = parse_xml(f"<w:tbl {nsdecls('w')}>{''.join(rows)}</w:tbl>")
    for row in list(held):
        table._tbl.append(row)


def facts_rows(block: Facts, widths: Sequence[float]) -> list[str]:
    return [
        row_xml([(cell_words(label), TableLook(colour=MUTED)), (cell_words(value), TableLook())], widths)
        for label, value in block.rows
    ]


def grid_rows(block: Grid, widths: Sequence[float]) -> list[str]:
    """The head, repeated on each page, the rows, then the sums: no sum alone on a page, nor the head with one row."""
    numeric = [head.numeric for head in block.columns]
    lines = [([cell_words(cell) for cell in row], False) for row in block.rows]
    lines += [([cell_words(blank_if_none(cell)) for cell in row], True) for row in block.sums]
    heads = [
        (Said(in_french(head.label)), TableLook(style=HEAD, edge=THICK, right=head.numeric, keep=bool(lines)))
        for head in block.columns
    ]
    made = [row_xml(heads, widths, header=True)]
    for index, (row, heavy) in enumerate(lines):
        before_sum = index + 1 < len(lines) and lines[index + 1][1]
        looks = [
            TableLook(
                edge=THICK if before_sum and not heavy else THIN,
                ground=SAND if heavy else "",
                right=right,
                bold=heavy or (not place and not right and not cell.level),
                keep=before_sum or (not index and len(lines) > 1),
            )
            for place, (cell, right) in enumerate(zip(row, numeric, strict=True))
        ]
        made.append(row_xml(list(zip(row, looks, strict=True)), widths))
    return made


def row_xml(cells: Sequence[tuple[Said, TableLook]], widths: Sequence[float], *, header: bool = False) -> str:
    """`widths` in centimetres. A row is never cut."""
    inside = "".join(
        cell_xml(cell, look, Cm(width)) for (cell, look), width in zip(cells, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if header else ''}</w:trPr>{inside}</w:tr>"


def cell_xml(cell: Said, look: TableLook, width: Length) -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{look.ground}"/>' if look.ground else ""
    edge = look.edge.xml if look.edge else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{width.twips}"/>{edge}{shade}</w:tcPr>'
        f"<w:p><w:pPr>{line_looks(cell, look)}</w:pPr>{run_xml(cell, look)}</w:p></w:tc>"
    )


def line_looks(cell: Said, look: TableLook) -> str:
    keep = "<w:keepNext/>" if look.keep else ""
    indent = f'<w:ind w:left="{Cm(LEVEL * cell.level).twips}"/>' if cell.level else ""
    right = '<w:jc w:val="right"/>' if look.right else ""
    spacing = f'<w:spacing w:before="{AROUND}" w:after="{AROUND}"/>'
    return f'<w:pStyle w:val="{look.style}"/>{keep}{spacing}{indent}{right}'


def run_xml(cell: Said, look: TableLook) -> str:
    looks = "<w:b/>" if look.bold else ""
    if cell.missing:
        looks += "<w:i/>"
    if cell.missing or look.colour:
        looks += f'<w:color w:val="{look.colour or MUTED}"/>'
    return f"<w:r>{f'<w:rPr>{looks}</w:rPr>' if looks else ''}{words_xml(cell.words)}</w:r>"


def words_xml(words: str) -> str:
    """Text, with its ends of lines and its tabs."""
    marks = {"\n": "<w:br/>", "\r": "<w:br/>", "\t": "<w:tab/>"}
    return "".join(
        marks.get(part) or f'<w:t xml:space="preserve">{escape(part)}</w:t>'
        for part in re.split(r"([\n\r\t])", FORBIDDEN.sub("", words))
        if part
    )
