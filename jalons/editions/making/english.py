"""A report in English: our words by a reviewed glossary (`data/english.json`), numbers and dates in English form.

What people wrote, and the names of places and of structures, stay as they are.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from jalons.core.charts import BarChart, LineChart
from jalons.core.values.dates import MONTHS, SHORT_MONTHS
from jalons.editions.blocks import (
    KeyFigures,
    MadeSection,
    PeopleWords,
    ReportBlock,
    ReportChart,
    ReportContent,
    ReportFigure,
    ReportPicture,
    ReportTable,
    SlideMessage,
)
from jalons.exports.document import Grid, Heading, Note, Paragraph, Said, cell_words

GLOSSARY = Path(__file__).parent.parent / "data" / "english.json"
ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
FULL_NAMES = dict(zip(MONTHS, ENGLISH_MONTHS, strict=True))
NAMES = FULL_NAMES | dict(zip(SHORT_MONTHS, (name[:3] for name in ENGLISH_MONTHS), strict=True))
IN_FRENCH = "[In French] "
WRITTEN_DATE = re.compile(rf"\b(1er|\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\b")
SHORT_DATE = re.compile(r"\b(\d{2})/(\d{2})/(\d{4})\b")
NODE = re.compile(r">([^<>]+)<")


@cache
def glossary() -> tuple[dict[str, str], dict[str, str], list[tuple[re.Pattern[str], str]]]:
    """Sentences, things that are counted, and sentences with something in them."""
    read = json.loads(GLOSSARY.read_text(encoding="utf-8"))
    things = "|".join(sorted(map(re.escape, read["things"]), key=len, reverse=True))
    patterns = [
        (re.compile(pattern.replace("{things}", things)), sentence) for pattern, sentence in read["patterns"]
    ]
    exact = {spaced(french): english for french, english in read["exact"].items()}
    return exact, read["things"], patterns


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def in_figures(text: str) -> str:
    """« 1 240,5 » is 1,240.5; « 62 % » is 62%; « 12 € » is €12; dates are said in words."""
    text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    text = re.sub(r"(?<=\d)\u202f(?=\d{3})", ",", text)
    text = re.sub(r"([\d.,]+)\u00a0€", r"€\1", text)
    text = text.replace("\u00a0%", "%").replace("\u00a0:", ":")
    text = SHORT_DATE.sub(lambda m: f"{int(m[1])} {ENGLISH_MONTHS[int(m[2]) - 1]} {m[3]}", text)
    return WRITTEN_DATE.sub(lambda m: f"{m[1].removesuffix('er')} {FULL_NAMES[m[2]]} {m[3]}", text)


def translation(text: str) -> str | None:
    """None for a sentence that the glossary does not have."""
    exact, things, patterns = glossary()
    if not text.strip():
        return text
    if spaced(text) in exact:
        return exact[spaced(text)]
    if text in NAMES:
        return NAMES[text]
    figured = in_figures(text)
    for pattern, sentence in patterns:
        if match := pattern.fullmatch(spaced(figured)):
            parts = {name: part or "" for name, part in match.groupdict().items()}
            if "thing" in parts:
                parts["thing"] = things[parts["thing"]]
            parts = {name: exact.get(part, part) for name, part in parts.items()}
            return sentence.format(**parts)
    if not re.search(r"[^\W\d_]{2,}", figured.replace("points", "").replace("point", "")):
        return figured  # a number, a sign
    return None


def english(text: str) -> str:
    """Names are in no glossary: they stay, with their numbers and dates in English form."""
    known = translation(text)
    return in_figures(text) if known is None else known


def english_markup(markup: str) -> str:
    """The words of a drawing."""
    return NODE.sub(lambda node: f">{english(node[1])}<", markup)


def english_cell(cell: object) -> object:
    """A cell as it is printed; the number behind it stays for Excel."""
    if isinstance(cell, int) and not isinstance(cell, bool):
        return Said(f"{cell:,}", number=cell)
    if isinstance(cell, dt.date):
        return Said(in_figures(f"{cell:%d/%m/%Y}"))
    words = cell_words(cell)
    return replace(words, words=english(words.words))


def english_grid(grid: Grid) -> Grid:
    return Grid(
        columns=[replace(head, label=english(head.label)) for head in grid.columns],
        rows=[[english_cell(cell) for cell in row] for row in grid.rows],
        caption=english(grid.caption),
        sums=[[cell if cell in ("", None) else english_cell(cell) for cell in row] for row in grid.sums],
    )


def english_figure(figure: ReportFigure) -> ReportFigure:
    names = ("label", "text", "missing", "coverage", "sentence", "earlier", "before", "change")
    words: dict[str, Any] = {name: english(getattr(figure, name)) for name in names}
    return replace(figure, **words)


def english_chart(chart: LineChart | BarChart) -> LineChart | BarChart:
    title, unit = english(chart.title), english(chart.unit)
    if isinstance(chart, LineChart):
        series = [replace(line, label=english(line.label)) for line in chart.series]
        return replace(chart, title=title, unit=unit, series=series)
    bars = [replace(bar, label=english(bar.label)) for bar in chart.bars]
    return replace(
        chart, title=title, unit=unit, bars=bars, labels=[english(label) for label in chart.labels]
    )


def english_block(block: ReportBlock) -> ReportBlock:
    if isinstance(block, KeyFigures):
        return replace(
            block,
            rows=[english_figure(figure) for figure in block.rows],
            before=english(block.before),
            earlier=english(block.earlier),
            caption=english(block.caption),
            words=tuple(english(word) for word in block.words),
        )
    if isinstance(block, ReportTable):
        return replace(block, grid=english_grid(block.grid))
    if isinstance(block, ReportChart):
        return replace(block, chart=english_chart(block.chart))
    if isinstance(block, ReportPicture):
        return replace(
            block, svg=english_markup(block.svg), alt=english(block.alt), caption=english(block.caption)
        )
    if isinstance(block, PeopleWords):
        return PeopleWords(f"{IN_FRENCH}{block.text}")
    words: Heading | Paragraph | Note | SlideMessage = replace(block, text=english(block.text))
    return words


def translated(content: ReportContent) -> ReportContent:
    return replace(
        content,
        title=english(content.title),
        subtitle=english(content.subtitle),
        perimeter=english(content.perimeter),
        sections=[
            MadeSection(
                section.key,
                english(section.title),
                [english_block(block) for block in section.blocks],
                section.new_page,
            )
            for section in content.sections
        ],
        cover=f"{IN_FRENCH}{content.cover}" if content.cover else "",
        withheld=[english(sentence) for sentence in content.withheld],
        data=[replace(table, grid=english_grid(table.grid)) for table in content.data],
        approvals=[english(sentence) for sentence in content.approvals],
    )


def untranslated(texts: Iterable[str]) -> list[str]:
    """Those that the glossary lacks: what a test looks for."""
    return sorted({text for text in texts if translation(text) is None})
