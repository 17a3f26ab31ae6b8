"""Documents as tagged PDF (PDF/UA-1), and drawings as PNG, without anything but the typst library."""

import json
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from jalons.exports.document import (
    Contents,
    Document,
    Facts,
    Figure,
    Grid,
    Heading,
    Note,
    Paragraph,
    Signatures,
    as_json,
    blank_if_none,
    english_foot,
    foot,
    grid_widths,
    in_french,
    levels,
    paragraphs,
    source,
    titled,
)
from jalons.exports.fonts import fonts
from jalons.exports.pdf_acts import ACT_CONTENT, STRETCH

TEMPLATES = Path(__file__).parent / "typst"
PNG_RESOLUTION = 200.0  # points an inch
DRAWINGS = 32  # of the last reports, kept for their next file
# Letters that the fonts at hand draw; PDF/UA refuses a document where one cannot be drawn.
DRAWN = (
    "\n\u0020-\u007e\u00a0-\u017f\u0218-\u021b\u1e9e"  # Latin
    "\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f"  # Greek, Cyrillic
    "\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026\u202f\u2030\u2032\u2033\u2039\u203a"  # punctuation
    "\u20ac\u2116\u2122\u2190-\u2193\u2212\u2248\u2260\u2264\u2265"  # €, №, ™, arrows, mathematics
)
UNDRAWN = re.compile(f"[^{DRAWN}]")
SUBSTITUTE = "□"
WIDTH, EDGES = 16.6, 0.38  # centimetres: between the margins, and those of a cell
HEAD_SIZE, CELL_SIZE = 9, 10.5  # points, as in `document.typ`


def to_pdf(document: Document) -> bytes:
    """A PDF to print, sign and read aloud. Signs that no font draws become « □ »."""
    content = json.dumps(content_of(document), ensure_ascii=False)
    try:
        return compiled("document.typ", content)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
    return compiled("document.typ", json.dumps(drawable(content_of(document)), ensure_ascii=False))


@lru_cache(DRAWINGS)
def to_png(svg: str) -> bytes:
    """The drawing as an image, for files that cannot hold an SVG: drawn once for the Word file and for the slides."""
    image = typst.compile(
        str(TEMPLATES / "figure.typ"),
        root=str(TEMPLATES),
        font_paths=fonts(),
        format="png",
        ppi=PNG_RESOLUTION,
        sys_inputs={"data": json.dumps({"svg": legible(svg)})},
    )
    return bytes(image)


def legible(svg: str) -> str:
    """At ordinary weight typst draws the thinnest letters of our family inside of an SVG; one step up it obeys."""
    return svg.replace("<svg ", '<svg font-weight="500" ', 1)


def compiled(template: str, content: str) -> bytes:
    """Texts reach the template as data: typst never reads them as its own language."""
    document = typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=fonts(),
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"data": content},
    )
    return bytes(document)


def drawable(content: Any) -> Any:
    """The same content, drawings included, without the signs that no font draws."""
    if isinstance(content, dict):
        return {key: drawable(value) for key, value in content.items()}
    if isinstance(content, list):
        return [drawable(item) for item in content]
    return UNDRAWN.sub(SUBSTITUTE, content) if isinstance(content, str) else content


def content_of(document: Document) -> dict[str, Any]:
    about = document.about
    return {
        "title": titled(document.title),
        "subtitle": in_french(document.subtitle),
        "act": document.act,
        "running": in_french(document.running),
        "landscape": document.landscape,
        "logo": {"svg": document.logo.svg, "alt": in_french(document.logo.alt)} if document.logo else None,
        "watermark": in_french(document.watermark),
        "source": source(about),
        "foot": english_foot(about) if document.language == "en" else foot(about),
        "language": document.language,
        "made_at": about.made_at.isoformat(),
        "blocks": [
            {"level": level, **block_content(block)}
            for block, level in zip(document.blocks, levels(document.blocks), strict=True)
        ],
    }


def block_content(block: Any) -> dict[str, Any]:
    return {"kind": type(block).__name__.lower(), **_CONTENT[type(block)](block)}


def heading(block: Heading) -> dict[str, Any]:
    return {"text": titled(block.text), "new_page": block.new_page}


def words(block: Paragraph | Note) -> dict[str, Any]:
    return {"paragraphs": paragraphs(block.text), "warning": isinstance(block, Note) and block.warning}


def facts(block: Facts) -> dict[str, Any]:
    return {"rows": [{"label": as_json(label), **as_json(value)} for label, value in block.rows]}


def grid(block: Grid) -> dict[str, Any]:
    widths = grid_widths(block, across=WIDTH, head=HEAD_SIZE, cell=CELL_SIZE, edges=EDGES, stretch=STRETCH)
    return {
        "caption": in_french(block.caption),
        "columns": [
            {"label": in_french(head.label), "numeric": head.numeric, "weight": width}
            for head, width in zip(block.columns, widths, strict=True)
        ],
        "rows": [[as_json(cell) for cell in row] for row in block.rows],
        "sums": [[as_json(blank_if_none(cell)) for cell in row] for row in block.sums],
    }


def figure(block: Figure) -> dict[str, Any]:
    return {"svg": legible(block.svg), "alt": in_french(block.alt), "caption": in_french(block.caption)}


def contents(block: Contents) -> dict[str, Any]:
    return {"title": in_french(block.title)}  # typst finds the entries by itself


def signatures(block: Signatures) -> dict[str, Any]:
    return {"people": [in_french(person) for person in block.people]}


_CONTENT: dict[type, Callable[[Any], dict[str, Any]]] = {
    Heading: heading,
    Paragraph: words,
    Note: words,
    Facts: facts,
    Grid: grid,
    Figure: figure,
    Contents: contents,
    Signatures: signatures,
    **ACT_CONTENT,
}
