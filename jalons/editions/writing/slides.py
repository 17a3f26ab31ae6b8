"""Slides to be edited: one message each, what proves it under it, the definitions in the notes."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pptx import Presentation
from pptx.util import Cm, Pt

from jalons.core.values import format_date, format_long_date, format_moment
from jalons.editions.blocks import (
    KeyFigures,
    MadeSection,
    PeopleWords,
    ReportBlock,
    ReportChart,
    ReportContent,
    ReportPicture,
    ReportTable,
    SlideMessage,
)
from jalons.editions.making.content import opening_notes
from jalons.editions.writing.slide_charts import add_chart, unknown_words, writable
from jalons.editions.writing.slide_shapes import (
    BODY,
    MUTED,
    add_figures,
    add_foot,
    add_picture,
    add_table,
    add_words,
    halves,
    pages_of,
    prepare,
    set_title,
)
from jalons.exports.document import Heading, Note, Paragraph

MOST_PAGES = 4  # of one table
MOST_WORDS = 420  # letters under a drawing; beyond, they have a slide of their own
LANGUAGES = {"fr": "fr-FR", "en": "en-GB"}
NOTHING_TO_DRAW = "rien n’est connu à ces dates, rien n’est dessiné."
FONT_MARK = re.compile(r"(rPr|endParaRPr|defRPr)$")


@dataclass
class SlidePlan:
    """What stands under one message. `words`: in full under the drawings; `notes`: for whoever speaks."""

    title: str
    visuals: list[ReportBlock] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def write_pptx(content: ReportContent) -> bytes:
    show = Presentation()
    prepare(show)
    set_properties(show, content)
    first_slide(show, content)
    for section in content.sections:
        for plan in plans_of(section):
            add_slides(show, plan, content)
    for number, slide in enumerate(show.slides, start=1):
        if number > 1:
            add_foot(slide, foot_words(content), marks=content.marks)
        say_language(slide, LANGUAGES.get(content.language, "fr-FR"))
    file = io.BytesIO()
    show.save(file)
    return in_order(file.getvalue())


def set_properties(show: Any, content: ReportContent) -> None:
    properties = show.core_properties
    properties.title, properties.subject = writable(content.title)[:255], writable(content.perimeter)[:255]
    properties.author = properties.last_modified_by = "Jalons"
    properties.language = LANGUAGES.get(content.language, "fr-FR")
    properties.comments = properties.keywords = properties.category = ""
    made_at = content.known_at.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)
    properties.created = properties.modified = made_at
    properties.revision = 1


def in_order(content: bytes) -> bytes:
    """The same file whenever it is written: entries in the order of their names, without their time."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        names = sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return file.getvalue()


def first_slide(show: Any, content: ReportContent) -> None:
    slide = show.slides.add_slide(show.slide_layouts[0])
    slide.shapes.title.text = writable(content.title)
    lines = [content.perimeter, content.subtitle, known_words(content)]
    lines += [
        block.text for block in opening_notes(content) if isinstance(block, Note | PeopleWords | Paragraph)
    ]
    slide.placeholders[1].text = writable("\n".join(lines))
    for paragraph in slide.placeholders[1].text_frame.paragraphs[2:]:
        paragraph.font.size = Pt(16)
    slide.notes_slide.notes_text_frame.text = writable(
        f"{content.author}.\n"
        "Les chiffres sont ceux des écrans de Jalons à cette date et à cet instant. "
        "Les graphiques se modifient\u00a0: clic droit, «\u00a0Modifier les données\u00a0»."
    )


def known_words(content: ReportContent) -> str:
    day = format_long_date(content.at)
    moment = format_moment(content.known_at)
    return f"Situation au {day}, telle que connue le {moment}"


def foot_words(content: ReportContent) -> str:
    return f"{content.perimeter} · {content.subtitle} · situation au {format_date(content.at)} · Jalons"


def plans_of(section: MadeSection) -> Iterator[SlidePlan]:
    """A message opens a slide; what stands before the first one goes with it."""
    plan = SlidePlan(section.title)
    begun = False
    for block in section.blocks:
        if isinstance(block, SlideMessage):
            if begun:
                yield plan
                plan = SlidePlan(block.text)
            plan.title, begun = block.text, True
            plan.notes.insert(0, f"{section.title}.")
        else:
            put(plan, block)
    if begun or plan.visuals or plan.words:
        yield plan


def put(plan: SlidePlan, block: ReportBlock) -> None:
    if isinstance(block, KeyFigures):
        if block.rows:
            plan.visuals.append(block)
        plan.notes.extend(definitions(block))
    elif isinstance(block, ReportChart):
        if block.shows_something:
            plan.visuals.append(block)
            plan.words.extend(filter(None, [unknown_words(block.chart)]))
        else:
            plan.words.append(f"{block.chart.title}\u00a0: {NOTHING_TO_DRAW}")
    elif isinstance(block, ReportTable | ReportPicture):
        plan.visuals.append(block)
        if isinstance(block, ReportPicture):
            plan.notes.append(block.alt)
    elif isinstance(block, Note | Paragraph | PeopleWords | Heading) and block.text.strip():
        plan.words.append(block.text)


def definitions(block: KeyFigures) -> Iterator[str]:
    for figure in block.rows:
        coverage = f" Ce qui est compté\u00a0: {figure.coverage}." if figure.coverage else ""
        yield f"{figure.label}\u00a0: {figure.words}. {figure.sentence}{coverage}"


def add_slides(show: Any, plan: SlidePlan, content: ReportContent) -> None:
    """Two drawings side by side at most; a table and long words have slides of their own."""
    drawings = [block for block in plan.visuals if not isinstance(block, ReportTable)]
    tables = [block for block in plan.visuals if isinstance(block, ReportTable)]
    words = "\n".join(plan.words)
    beside = words if len(words) <= MOST_WORDS else ""
    pairs = [drawings[place : place + 2] for place in range(0, len(drawings), 2)]
    count = 0
    for pair in pairs or ([[]] if not tables else []):
        slide = begun_slide(show, plan, count)
        put_drawings(slide, pair, words if not pair else beside if not count else "", content)
        count += 1
    if (words and not beside and drawings) or (tables and not drawings and words):
        slide = begun_slide(show, plan, count)
        add_words(slide, words, BODY)
        count += 1
    for table in tables:
        count = put_table(show, plan, table, count)


def begun_slide(show: Any, plan: SlidePlan, count: int) -> Any:
    slide = show.slides.add_slide(show.slide_layouts[1])
    set_title(slide, writable(f"{plan.title} (suite)" if count else plan.title))
    slide.notes_slide.notes_text_frame.text = writable("\n".join(plan.notes))
    return slide


def put_drawings(slide: Any, blocks: Sequence[ReportBlock], words: str, content: ReportContent) -> None:
    left, top, width, height = BODY
    if words and blocks:
        room = Cm(1.2 + 0.75 * (len(words) // 130 + words.count("\n")))
        height -= room
        add_words(slide, words, (left, top + height, width, room), size=14, ink=MUTED)
    elif words:
        add_words(slide, words, BODY)
    boxes = halves((left, top, width, height)) if len(blocks) == 2 else [(left, top, width, height)]
    for block, box in zip(blocks, boxes, strict=False):
        if isinstance(block, KeyFigures):
            add_figures(slide, block, box)
        elif isinstance(block, ReportChart):
            add_chart(slide, block.chart, box, content.known_at)
        elif isinstance(block, ReportPicture):
            add_picture(slide, block, box)


def put_table(show: Any, plan: SlidePlan, table: ReportTable, count: int) -> int:
    pages = pages_of(table.grid)
    for place, rows in enumerate(pages[:MOST_PAGES]):
        slide = begun_slide(show, plan, count)
        is_last = place == min(len(pages), MOST_PAGES) - 1
        add_table(slide, table.grid, rows, sums=is_last)
        if is_last and len(pages) > MOST_PAGES:
            printed, every = sum(map(len, pages[:MOST_PAGES])), len(table.grid.rows)
            words = f"{printed} lignes sur {every}\u00a0: toutes sont dans les fichiers Word, PDF et Excel."
            left, top, width, height = BODY
            add_words(slide, words, (left, top + height - Cm(0.9), width, Cm(0.9)), size=12, ink=MUTED)
        count += 1
    return count


def say_language(slide: Any, language: str) -> None:
    """A program that reads aloud, or checks spelling, knows in which language."""
    for element in (*slide._element.iter(), *slide.notes_slide._element.iter()):
        if isinstance(element.tag, str) and FONT_MARK.search(element.tag):
            element.set("lang", language)
