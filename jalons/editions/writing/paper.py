"""PDF and Word, from the neutral blocks of `exports.document`."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from jalons.core.charts import every_figure_in_words, render_svg
from jalons.editions.blocks import (
    KeyFigures,
    PeopleWords,
    ReportBlock,
    ReportChart,
    ReportContent,
    ReportPicture,
    ReportTable,
    SlideMessage,
)
from jalons.editions.enums import ReportLanguage
from jalons.editions.making.content import flattened
from jalons.editions.making.english import english_markup, in_figures
from jalons.exports.contract import About
from jalons.exports.document import Document, Figure, Grid, Head, Heading, Paragraph, Said
from jalons.exports.docx import to_docx
from jalons.exports.pdf import to_pdf

WIDE = 960  # a flat drawing
ENGLISH = ReportLanguage.ENGLISH


def write_pdf(content: ReportContent) -> bytes:
    return to_pdf(document_of(content))


def write_docx(content: ReportContent) -> bytes:
    return to_docx(document_of(content))


def document_of(content: ReportContent) -> Document:
    return Document(
        title=f"{content.title}\u00a0– {content.perimeter}",
        subtitle=content.subtitle,
        blocks=flattened(content, partial(on_paper, content.language)),
        about=about(content),
        watermark=watermark(content),
        logo=content.logo,
        language=content.language,
    )


def about(content: ReportContent) -> About:
    """`made_at` is the instant of the edition: no clock is read when it is made again."""
    return About(
        perimeter=content.perimeter,
        author=content.author,
        as_of=content.at,
        known_on=content.known_at.date(),
        made_at=content.known_at,
    )


def watermark(content: ReportContent) -> str:
    return " ".join(content.marks).upper()


def on_paper(language: str, block: ReportBlock) -> Iterable[Any]:
    if isinstance(block, KeyFigures):
        return [figures_grid(block)]
    if isinstance(block, ReportTable):
        return [block.grid]
    if isinstance(block, ReportChart):
        return [drawn(block, language)]
    if isinstance(block, ReportPicture):
        return [Figure(block.svg, alt=block.alt, caption=block.caption)]
    if isinstance(block, PeopleWords):
        return [Paragraph(block.text)]
    if isinstance(block, SlideMessage):
        return [Heading(block.text, level=2)]
    return [block]


def figures_grid(block: KeyFigures) -> Grid:
    """Ten lines of a report are read at a glance: one figure a line, what it covers at its end."""
    first, *middle, last = block.heads
    columns = [
        Head(first, weight=2.7),
        *(Head(head, numeric=True) for head in middle),
        Head(last, weight=2.1),
    ]
    rows = []
    for figure in block.rows:
        value = Said(figure.text) if figure.text else Said(figure.missing, missing=True)
        past = [Said(words) for words in block.past(figure)]
        rows.append([figure.label, value, *past, Said(figure.coverage)])
    return Grid(columns, rows, block.caption)


def drawn(block: ReportChart, language: str) -> Any:
    if not block.shows_something:
        return Paragraph(block.nothing_words(language))
    svg, alt = render_svg(block.chart, WIDE), every_figure_in_words(block.chart)
    if language == ENGLISH:
        svg, alt = english_markup(svg), in_figures(alt)
    return Figure(svg, alt=alt, caption=block.chart.title)
