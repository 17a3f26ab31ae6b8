"""What the pages of editions read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from jalons.core.values import join_and
from jalons.documents.checks import size_in_words
from jalons.editions.enums import EditionStage, ReportFormat
from jalons.editions.models import ReportEdition, ReportFile, ReportText
from jalons.editions.periods import period_of
from jalons.editions.permissions import own_areas, places_for
from jalons.editions.registry import ReportKind, ReportSection, report_kinds
from jalons.figures.areas import FigureArea, holds_area
from jalons.reports.selectors.areas import area_groups, first_area, named_places, seen_area


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition in the list."""

    edition: ReportEdition
    title: str
    period: str
    files: Sequence[ReportFile]
    state: tuple[str, str]  # kind of state, words


STATES = {
    EditionStage.MAKING: ("due", "En préparation"),
    EditionStage.STOPPED: ("late", "Arrêtée"),
    EditionStage.DRAFT: ("due", "Brouillon"),
    EditionStage.PUBLISHED: ("good", "Publiée"),
}


def editions_of(user: Any) -> Any:
    """The newest first."""
    own = ReportEdition.objects.visible_to(user).light().select_related("author", "organisation")
    files = ReportFile.objects.exclude(format=ReportFormat.SCREEN).order_by("pk")
    return own.prefetch_related(Prefetch("files", files)).order_by("-asked_at", "-pk")


def edition_lines(editions: Sequence[ReportEdition]) -> list[EditionLine]:
    return [
        EditionLine(
            edition=edition,
            title=title_of(edition),
            period=period_title(edition),
            files=list(edition.files.all()) if edition.stage != EditionStage.MAKING else [],
            state=STATES[EditionStage(edition.stage)],
        )
        for edition in editions
    ]


def title_of(edition: ReportEdition) -> str:
    kind = report_kinds().get(edition.kind)
    return kind.title if kind else "Rapport qui n’existe plus"


def period_title(edition: ReportEdition) -> str:
    kind = report_kinds().get(edition.kind)
    if kind is None:
        return f"{edition.first_day:%d/%m/%Y} – {edition.last_day:%d/%m/%Y}"
    title = period_of(kind.rhythm, edition.first_day).title
    return title[:1].upper() + title[1:]


def screen_of(edition: ReportEdition) -> str | None:
    """The report as the page shows it, written with its files; empty before the first time, None when it is lost."""
    report_file = edition.files.filter(format=ReportFormat.SCREEN).first()
    if report_file is None:
        return ""
    content = content_of_file(report_file)
    return None if content is None else content.decode()


def content_of_file(report_file: ReportFile) -> bytes | None:
    """None when the disk has it no more: lost, or replaced since the row was read by the files of the publication."""
    try:
        with report_file.file.open("rb") as file:
            return bytes(file.read())
    except FileNotFoundError:
        return None


def files_to_take(edition: ReportEdition) -> list[tuple[ReportFile, str]]:
    """Each file with its size in words, in the order of the formats."""
    files = {row.format: row for row in edition.files.exclude(format=ReportFormat.SCREEN)}
    return [(files[fmt], size_in_words(files[fmt].size)) for fmt in ReportFormat.values if fmt in files]


def areas_for(user: Any, kind: ReportKind, text: str) -> tuple[list[Any], FigureArea | None]:
    """The territories of which a person may ask this report, by level, and the one to begin with."""
    current = seen_area(user, text) if text else first_area(user)
    if current is None:
        return [], None
    levels = {str(level) for level in kind.levels}
    allowed = own_areas(user) if kind.own else readable_areas(user, kind, current)
    groups = [
        (
            label,
            [(code, name) for code, name in choices if code.partition("-")[0] in levels and code in allowed],
        )
        for label, choices in area_groups(user, current)
    ]
    groups = [(label, choices) for label, choices in groups if choices]
    offered = {choice[0] for _, choices in groups for choice in choices}
    if current.text not in offered and groups:
        current = seen_area(user, groups[0][1][0][0])
    return groups, current


def readable_areas(user: Any, kind: ReportKind, current: FigureArea) -> set[str]:
    """The places where a person reads all that the report is about, and `current` if it is in one."""
    places = places_for(user, kind)
    texts = {code for _, choices in named_places(places) for code, _ in choices}
    return texts | ({current.text} if current.is_place and holds_area(places, current) else set())


@dataclass(frozen=True, slots=True)
class SectionWords:
    section: ReportSection
    text: ReportText | None

    @property
    def state(self) -> str:
        if self.text is None or not self.text.body:
            return "vide"
        return "à relire" if self.text.to_reread else "écrit"

    @property
    def verb(self) -> str:
        return {"vide": "Écrire", "à relire": "Relire"}.get(self.state, "Modifier")


def identical_words(edition: ReportEdition) -> str:
    """What the last trial showed."""
    if not edition.differs:
        return "chaque fichier est le même, octet pour octet."
    formats = join_and([ReportFormat(fmt).label for fmt in edition.differs])
    return f"{formats}, plus octet pour octet. Les fichiers gardés sont ceux qui sont donnés ici."


def words_of(edition: ReportEdition, kind: ReportKind) -> list[SectionWords]:
    """The sections where people may write, with what they wrote. One query."""
    texts = {text.section: text for text in edition.texts.select_related("changed_by")}
    return [SectionWords(section, texts.get(section.key)) for section in kind.sections if section.has_words]


def figures_to_name(edition: ReportEdition) -> list[tuple[str, str, str]]:
    """Key, label and words of the figures that a text may hold."""
    return [(value["key"], value["label"], value["words"]) for value in edition.values.get("figures", ())]
