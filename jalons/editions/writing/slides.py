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
from jalons.editions.enums import ReportLanguage
from jalons.editions.making.content import opening_notes
from jalons.editions.making.english import in_figures
from jalons.editions.writing.slide_charts import add_chart, unknown_words, writable
from jalons.editions.writing.slide_shapes import (
    BETWEEN,
    BODY,
    LITTLE,
    MUTED,
    add_figures,
    add_foot,
    add_logo,
    add_picture,
    add_table,
    add_words,
    figure_pages,
    fills_a_slide,
    halves,
    height_across,
    pages_of,
    prepare,
    set_title,
)
from jalons.exports.document import Heading, Note, Paragraph

MOST_PAGES = 4  # of one table
LONGEST_TITLE = 130  # letters
MOST_WORDS = 420  # letters under a drawing; beyond, they have a slide of their own
ENGLISH = ReportLanguage.ENGLISH
LANGUAGES = {"fr": "fr-FR", "en": "en-GB"}
# Our own words, in the language of the report.
SLIDE_WORDS = {
    "fr": {
        "continued": "(suite)",
        "known": "Situation au {day}, telle que connue le {moment}",
        "foot": "situation au {day}",
        "counted": "Ce qui est compté\u00a0: ",
        "colon": "\u00a0: ",
        "left_out": "{printed} lignes sur {every}\u00a0: toutes sont dans les fichiers Word, PDF et Excel.",
        "notes": "Les chiffres sont ceux des écrans de Jalons à cette date et à cet instant. "
        "Les graphiques se modifient\u00a0: clic droit, «\u00a0Modifier les données\u00a0».",
    },
    "en": {
        "continued": "(continued)",
        "known": "Situation at {day}, as known on {moment}",
        "foot": "situation at {day}",
        "counted": "Coverage: ",
        "colon": ": ",
        "left_out": "{printed} of {every} rows: all are in the Word, PDF and Excel files.",
        "notes": "Figures are those of the screens of Jalons at this date and at this instant. "
        "Charts can be edited: right click, “Edit data”.",
    },
}
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
        for plan in plans_of(section, content.language):
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
    if content.logo:
        add_logo(slide, content.logo)
    slide.placeholders[1].text = writable("\n".join(lines))
    for paragraph in slide.placeholders[1].text_frame.paragraphs[2:]:
        paragraph.font.size = Pt(16)
    slide.notes_slide.notes_text_frame.text = writable(
        f"{content.author}.\n{words_in(content.language)['notes']}"
    )


def known_words(content: ReportContent) -> str:
    day, moment = format_long_date(content.at), format_moment(content.known_at)
    if content.language == ENGLISH:
        day, moment = in_figures(day), in_figures(format_long_date(content.known_at))
    return words_in(content.language)["known"].format(day=day, moment=moment)


def foot_words(content: ReportContent) -> str:
    day = format_date(content.at)
    known = words_in(content.language)["foot"].format(
        day=in_figures(day) if content.language == ENGLISH else day
    )
    return f"{content.perimeter} · {content.subtitle} · {known} · Jalons"


def words_in(language: str) -> dict[str, str]:
    return SLIDE_WORDS.get(language, SLIDE_WORDS["fr"])


def plans_of(section: MadeSection, language: str) -> Iterator[SlidePlan]:
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
            put(plan, block, language)
    if begun or plan.visuals or plan.words:
        yield plan if begun else with_message(plan)


def with_message(plan: SlidePlan) -> SlidePlan:
    """The one sentence above a table is what its slide says: it is its title."""
    words = "\n".join(plan.words)
    tables = plan.visuals and all(isinstance(block, ReportTable) for block in plan.visuals)
    if tables and 0 < len(words) <= LONGEST_TITLE and "\n" not in words:
        plan.notes.insert(0, f"{plan.title}.")
        plan.title, plan.words = words.rstrip("."), []
    return plan


def put(plan: SlidePlan, block: ReportBlock, language: str) -> None:
    if isinstance(block, KeyFigures):
        if block.rows:
            plan.visuals.extend(figure_pages(block))
        plan.notes.extend(definitions(block, language))
    elif isinstance(block, ReportChart):
        if block.shows_something:
            plan.visuals.append(block)
            plan.words.extend(filter(None, [unknown_words(block.chart, language)]))
        else:
            plan.words.append(block.nothing_words(language))
    elif isinstance(block, ReportTable | ReportPicture):
        plan.visuals.append(block)
        if isinstance(block, ReportPicture):
            plan.notes.append(block.alt)
    elif isinstance(block, Note | Paragraph | PeopleWords | Heading) and block.text.strip():
        plan.words.append(block.text)


def definitions(block: KeyFigures, language: str) -> Iterator[str]:
    words = words_in(language)
    for figure in block.rows:
        coverage = f" {words['counted']}{figure.coverage}." if figure.coverage else ""
        yield f"{figure.label}{words['colon']}{figure.words}. {figure.sentence}{coverage}"


def add_slides(show: Any, plan: SlidePlan, content: ReportContent) -> None:
    """Two drawings side by side at most; a table and long words have slides of their own, but for a few figures that
    stand above their table.
    """
    drawings = [block for block in plan.visuals if not isinstance(block, ReportTable)]
    tables = [block for block in plan.visuals if isinstance(block, ReportTable)]
    words = "\n".join(plan.words)
    above = []
    if tables and not words and len(drawings) == 1 and height_across(drawings[0]) <= LITTLE:
        above, drawings = drawings, []
    beside = words if len(words) <= MOST_WORDS else ""
    pairs = side_by_side(drawings)
    count = 0
    for pair in pairs or ([[]] if not tables else []):
        slide = begun_slide(show, plan, count, content.language)
        put_drawings(slide, pair, words if not pair else beside if not count else "", content)
        count += 1
    if (words and not beside and drawings) or (tables and not drawings and words):
        slide = begun_slide(show, plan, count, content.language)
        add_words(slide, words, BODY)
        count += 1
    for table in tables:
        count = put_table(show, plan, table, count, content.language, above)
        above = []


def side_by_side(drawings: Sequence[ReportBlock]) -> list[list[ReportBlock]]:
    """Two by two; figures that fill a slide are alone on it."""
    pairs: list[list[ReportBlock]] = []
    for block in drawings:
        last = pairs[-1] if pairs else []
        if len(last) == 1 and not fills_a_slide(block) and not fills_a_slide(last[0]):
            last.append(block)
        else:
            pairs.append([block])
    return pairs


def begun_slide(show: Any, plan: SlidePlan, count: int, language: str) -> Any:
    slide = show.slides.add_slide(show.slide_layouts[1])
    set_title(slide, writable(f"{plan.title} {words_in(language)['continued']}" if count else plan.title))
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
            add_chart(slide, block.chart, box, content.known_at, content.language)
        elif isinstance(block, ReportPicture):
            add_picture(slide, block, box)


def put_table(
    show: Any, plan: SlidePlan, table: ReportTable, count: int, language: str, above: Sequence[Any]
) -> int:
    """`above`: figures at the head of its first slide."""
    taken = sum(height_across(block) + BETWEEN for block in above)
    pages = pages_of(table.grid, taken)
    for place, rows in enumerate(pages[:MOST_PAGES]):
        slide = begun_slide(show, plan, count, language)
        is_last = place == min(len(pages), MOST_PAGES) - 1
        if not place:
            for block in above:
                add_figures(slide, block, BODY)
        add_table(slide, table.grid, rows, sums=is_last, above=0 if place else taken)
        if is_last and len(pages) > MOST_PAGES:
            printed, every = sum(map(len, pages[:MOST_PAGES])), len(table.grid.rows)
            words = words_in(language)["left_out"].format(printed=printed, every=every)
            left, top, width, height = BODY
            add_words(slide, words, (left, top + height - Cm(0.9), width, Cm(0.9)), size=12, ink=MUTED)
        count += 1
    return count


def say_language(slide: Any, language: str) -> None:
    """A program that reads aloud, or checks spelling, knows in which language."""
    for element in (*slide._element.iter(), *slide.notes_slide._element.iter()):
        if isinstance(element.tag, str) and FONT_MARK.search(element.tag):
            element.set("lang", language)
