"""All that an edition says, in blocks: the same whoever writes them down, whatever the day it is."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils import timezone

from jalons.accounts.enums import Right
from jalons.accounts.permissions import has, territory_of
from jalons.core import clock
from jalons.core.progress import Tell, ignore
from jalons.core.values import format_long_date
from jalons.editions.blocks import MadeSection, PeopleWords, ReportBlock, ReportContent, ReportFigure
from jalons.editions.enums import ReportLanguage
from jalons.editions.making.english import english, translated
from jalons.editions.making.materials import ReportMaterials
from jalons.editions.making.readers import ReaderOfThen
from jalons.editions.making.rows import data_tables
from jalons.editions.models import ReportEdition
from jalons.editions.periods import period_of
from jalons.editions.registry import ReportKind, ReportSection, report_kinds
from jalons.exports.document import Contents, Heading, Logo, Note
from jalons.figures.areas import FigureArea, find_area, holds_area
from jalons.history.querysets import AsOf
from jalons.reports.selectors.areas import part_seen
from jalons.territories.zones import zone_of_all
from jalons.thresholds.selectors import limits_in_force

REFERENCE = re.compile(r"\[([a-z0-9-]{2,60})\]")


class NoSuchReport(Exception):
    """Its kind or its territory does not exist any more: only its files are left."""


def kind_of(edition: ReportEdition) -> ReportKind:
    kind = report_kinds().get(edition.kind)
    if kind is None:
        raise NoSuchReport(edition.kind)
    return kind


def area_of_edition(edition: ReportEdition, reader: Any) -> FigureArea:
    area = part_seen(territory_of(reader, Right.READ_SITES), find_area(edition.area))
    if area is None:
        raise NoSuchReport(edition.area)
    return replace(area, label=edition.area_label)  # as it was called then


def zone_of_edition(edition: ReportEdition) -> dt.tzinfo:
    """That of its territory: a worker in Paris and another give the same file."""
    return zone_of_all(area_of_edition(edition, ReaderOfThen(edition.rights)).within)


def materials_of(edition: ReportEdition) -> ReportMaterials:
    reader = ReaderOfThen(edition.rights)
    kind, area = kind_of(edition), area_of_edition(edition, reader)
    known_on = clock.day_in(zone_of_all(area.within), edition.known_at)
    return ReportMaterials(
        area=area,
        period=period_of(kind.rhythm, edition.first_day),
        at=AsOf(edition.at, known_on, edition.known_at),
        reader=reader,
        language=edition.language,
    )


def content_of(edition: ReportEdition, tell: Tell = ignore, *, steps: int = 0) -> ReportContent:
    """`tell` is called after each section; `steps`: how many more there are once all are written."""
    kind, materials = kind_of(edition), materials_of(edition)
    with timezone.override(zone_of_all(materials.area.within)):
        limits_in_force()
        texts = dict(edition.texts.values_list("section", "body"))
        sections: list[MadeSection] = []
        withheld: list[str] = []
        chosen = [section for section in kind.sections if is_chosen(section, edition)]
        for place, section in enumerate(chosen):
            if reads(materials, section):
                sections.append(made(section, materials))
            else:
                withheld.append(withheld_words(section))
            tell(place + 1, len(chosen) + steps)
        sections = with_words(sections, texts)
        content = ReportContent(
            name=kind.key,
            title=kind.title,
            subtitle=f"{materials.period.title[:1].upper()}{materials.period.title[1:]}",
            perimeter=edition.area_label,
            author=edition.author_words,
            language=edition.language,
            at=edition.at,
            known_at=edition.known_at,
            sections=sections,
            provisional=edition.is_provisional,
            logo=logo_of(edition),
            data=list(data_tables(materials)),
            has_contents=kind.contents,
            draft=edition.published_at is None,
            cover=edition.options.get("cover", ""),
            withheld=withheld,
            approvals=edition.options.get("approvals", ()),
        )
        return translated(content) if edition.language == ReportLanguage.ENGLISH else content


def logo_of(edition: ReportEdition) -> Logo | None:
    """The one of the day when it was asked for; a report is made without the one that the disk has lost."""
    row = edition.logo
    if row is None:
        return None
    try:
        with row.file.open("rb") as file:
            return Logo(file.read(), row.width, row.height, row.alt)
    except FileNotFoundError:
        return None


def is_chosen(section: ReportSection, edition: ReportEdition) -> bool:
    chosen = edition.options.get("sections")
    return not section.choosable or not chosen or section.key in chosen


def reads(materials: ReportMaterials, section: ReportSection) -> bool:
    """Somewhere in this territory; a section says by itself what it reads only in part."""
    if not has(materials.reader, section.right):
        return False
    where = territory_of(materials.reader, section.right)
    partly = not materials.area.is_place or bool(where.organisations)
    return partly or holds_area(where, materials.area)


def withheld_words(section: ReportSection) -> str:
    right = section.right.label.lower()
    return f"«\u00a0{section.title}\u00a0» n’est pas dans cet exemplaire\u00a0: il faut le droit «\u00a0{right}\u00a0»."


def made(section: ReportSection, materials: ReportMaterials) -> MadeSection:
    blocks = list(section.write(materials))
    return MadeSection(section.key, section.title, blocks, section.new_page)


def with_words(sections: Iterable[MadeSection], texts: Mapping[str, str]) -> list[MadeSection]:
    """The words of people stand first in their section, each reference to a figure in its place."""
    sections = list(sections)
    figures = {
        figure.key: figure
        for section in sections
        for block in section.blocks
        for figure in getattr(block, "rows", ())
        if isinstance(figure, ReportFigure)
    }
    return [
        MadeSection(
            section.key,
            section.title,
            [PeopleWords(referred(texts[section.key], figures)), *section.blocks]
            if texts.get(section.key, "").strip()
            else section.blocks,
            section.new_page,
        )
        for section in sections
    ]


def referred(text: str, figures: Mapping[str, ReportFigure]) -> str:
    """« [sites-ouverts] » becomes « 51 »; a key that means nothing here stays as it was typed."""
    return REFERENCE.sub(lambda match: figures[match[1]].words if match[1] in figures else match[0], text)


def opening_notes(content: ReportContent) -> list[ReportBlock]:
    """What is to be known before reading on, the same in each file."""
    notes: list[ReportBlock] = []
    if content.draft:
        words = "Brouillon\u00a0: ce rapport n’est pas encore publié."
        notes.append(Note(english(words) if content.language == "en" else words))
    if content.provisional:
        day = format_long_date(content.at)
        words = f"Provisoire\u00a0: la période n’est pas terminée, les chiffres s’arrêtent au {day}."
        notes.append(Note(english(words) if content.language == "en" else words, warning=True))
    if content.cover:
        notes.append(PeopleWords(content.cover))
    notes.extend(Note(sentence) for sentence in (*content.withheld, *content.approvals))
    return notes


Flat = Callable[[ReportBlock], Iterable[Any]]


def flattened(content: ReportContent, write: Flat) -> list[Any]:
    """The blocks of the whole report, in order, each as `write` gives it; a heading opens each section."""
    blocks: list[Any] = [part for note in opening_notes(content) for part in write(note)]
    if content.has_contents:
        title = "Contents" if content.language == ReportLanguage.ENGLISH else "Sommaire"
        blocks.append(Contents(title, [section.title for section in content.sections]))
    for section in content.sections:
        blocks.append(Heading(section.title, new_page=section.new_page))
        blocks.extend(part for block in section.blocks for part in write(block))
    return blocks
