"""The page of a fiche, block by block."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from jalons.conventions.dossier.bullets import BulletLine, aligned, lines_of
from jalons.conventions.dossier.content import Sheet
from jalons.conventions.enums import Family
from jalons.conventions.models import Commitment, ResumeRow, SubAction
from jalons.conventions.sheets import dates
from jalons.conventions.sheets.budget import ThemesView, themes_view, whole_of
from jalons.conventions.sheets.selectors import SheetRead
from jalons.core.values import fold
from jalons.history.querysets import AsOf

RESUME_HEADERS = ("Description de l’action", "Date de mise en place de l’action", "Durée de l’action")
ACTION_HEADERS = ("Actions mises en place", "État d’avancement", "Calendrier", "Partenaires")
HEADINGS = {
    "resume": ("resume", "Résumé du projet"),
    "budget": ("vue d ensemble", "Vue d’ensemble du budget"),
    "figures": ("indicateur", "Indicateurs"),
}


@dataclass(frozen=True, slots=True)
class ResumeView:
    description: Sequence[BulletLine]
    start: str
    start_read: str
    duration: str
    duration_read: str
    css: str = ""


@dataclass(frozen=True, slots=True)
class BulletCell:
    """A cell of a row of actions. `span`: how many lines of the row it stands beside."""

    lines: Sequence[BulletLine]
    label: str
    span: int = 1


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One line of a row of actions: bullets that go together. Cells that go with all lines stand on the first."""

    cells: Sequence[BulletCell]


@dataclass(frozen=True, slots=True)
class ActionView:
    title: Sequence[BulletLine]
    new: bool
    lines: Sequence[ActionLine]

    @property
    def span(self) -> int:
        return len(self.lines)


def filled(headers: Sequence[Any], defaults: Sequence[str]) -> list[str]:
    """The printed headers, ours where one was left out."""
    printed = [header or "" for header in headers][: len(defaults)]
    printed += [""] * (len(defaults) - len(printed))
    return [header.strip() or default for header, default in zip(printed, defaults, strict=True)]


def heading_of(commitment: Commitment, block: str) -> str:
    """The title that the sheet prints over a block."""
    start, ours = HEADINGS[block]
    printed = filter(None, commitment.headings)
    return next((head.strip() for head in printed if fold(head).startswith(start)), ours)


def objective_heading(commitment: Commitment) -> str:
    return commitment.objective_heading or (
        f"Objectif {commitment.convention.year}" if commitment.convention.year else "Objectif"
    )


def band_of(commitment: Commitment) -> str:
    return commitment.family_label or Family(commitment.family).label


def resume_rows(rows: Sequence[ResumeRow]) -> list[ResumeView]:
    return [
        ResumeView(
            lines_of(row.description),
            row.start_words,
            dates.understood_start(row.start_words),
            row.duration_words,
            dates.understood_duration(row.duration_words),
        )
        for row in rows
    ]


def action_rows(rows: Sequence[SubAction], headers: Sequence[str]) -> list[ActionView]:
    return [action_view(row, headers) for row in rows]


def action_view(row: SubAction, headers: Sequence[str]) -> ActionView:
    """Bullets side by side where two cells have as many lines; else each cell has its own list."""
    cells = [lines_of(cell) for cell in (row.progress, row.calendar, row.partners)]
    together = aligned(cells)
    title = title_lines(row)
    if not any(together):
        whole = [BulletCell(lines, label) for lines, label in zip(cells, headers[1:], strict=True)]
        return ActionView(title, bool(row.is_new), [ActionLine(whole)])
    count = next(len(lines) for lines, goes in zip(cells, together, strict=True) if goes)
    lines = []
    for place in range(count):
        line_cells = []
        for cell, goes, label in zip(cells, together, headers[1:], strict=True):
            if goes:
                line_cells.append(BulletCell([cell[place]], label))
            elif place == 0:
                line_cells.append(BulletCell(cell, label, count))
        lines.append(ActionLine(line_cells))
    return ActionView(title, bool(row.is_new), lines)


def title_lines(row: SubAction) -> list[BulletLine]:
    """What the action is, then its budget, when the file tells them apart."""
    items = lines_of({"items": row.kept.get("action_items")})
    return items or [BulletLine(line.strip()) for line in row.action.splitlines() if line.strip()]


# --- around it -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NeighbourSheet:
    words: str
    title: str
    url: str


def neighbour(read: SheetRead, step: int, at: AsOf) -> NeighbourSheet | None:
    other = read.neighbour(step)
    return None if other is None else NeighbourSheet(other.number_words, other.quiet_title, url_of(other, at))


def url_of(commitment: Commitment, at: AsOf) -> str:
    url = reverse("conventions:sheet", args=[commitment.convention.slug, commitment.public_id])
    return f"{url}?{at.query}" if at.query else url


def themes_of(read: SheetRead, at: AsOf) -> ThemesView | None:
    """None for a fiche without themes."""
    if not read.themes:
        return None
    rows = [
        (
            theme.commitment.quiet_title or theme.commitment.number_words,
            url_of(theme.commitment, at),
            money(theme, read),
        )
        for theme in read.themes
    ]
    return themes_view(whole_of(read.sheet, read.dossier), rows)


def money(theme: Sheet, read: SheetRead) -> Any:
    return whole_of(theme, read.dossier)
