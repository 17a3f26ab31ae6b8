"""The part of a page that shows an edition."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from jalons.core.templatetags.drawing_components import chart
from jalons.editions.blocks import (
    KeyFigures,
    ReportBlock,
    ReportChart,
    ReportContent,
    ReportPicture,
    ReportTable,
)
from jalons.editions.enums import ReportLanguage
from jalons.editions.making.content import opening_notes
from jalons.editions.making.english import english_markup
from jalons.exports.document import Said, blank_if_none, cell_words


def write_screen(content: ReportContent) -> bytes:
    context = {
        "content": content,
        "notes": [on_screen(note, content.language, content.title) for note in opening_notes(content)],
        "sections": [
            {
                "section": section,
                "blocks": [on_screen(block, content.language, section.title) for block in section.blocks],
            }
            for section in content.sections
        ],
    }
    return render_to_string("editions/content.html", context).encode()


def on_screen(block: ReportBlock, language: str, title: str) -> dict[str, Any]:
    """`kind` names the block; the template reads the rest of it by its own names. `title`: of its section."""
    given: dict[str, Any] = {"kind": type(block).__name__, "block": block}
    if isinstance(block, ReportChart):
        if block.shows_something:
            given["drawing"] = drawing(block, language)
        else:
            given["nothing"] = block.nothing_words(language)
    elif isinstance(block, ReportTable):
        given["caption"] = block.grid.caption
        heads = block.grid.columns
        given["rows"] = [list(zip(heads, map(cell_words, row), strict=True)) for row in block.grid.rows]
        given["sums"] = [list(zip(heads, map(in_sum, row), strict=True)) for row in block.grid.sums]
    elif isinstance(block, KeyFigures):
        given["caption"] = block.caption or title
        given["css"] = "" if block.caption else "e-untitled"
    elif isinstance(block, ReportPicture):
        given["svg"] = mark_safe(block.svg)
    return given


def drawing(block: ReportChart, language: str) -> SafeString:
    """With its figures as a table; in English its months and its numbers too."""
    markup = render_to_string("components/charts/figure.html", chart(block.chart))
    return mark_safe(english_markup(markup) if language == ReportLanguage.ENGLISH else markup)


def in_sum(cell: object) -> Said:
    return cell_words(blank_if_none(cell))
