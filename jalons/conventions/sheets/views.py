"""A sheet, laid out as it is printed, and its words."""

from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.accounts.permissions import can
from jalons.actions.sheet.comments import pieces_at, thread_at
from jalons.conventions.alerts.selectors import is_being_checked
from jalons.conventions.dossier.pages import convention_url, on_sheet, sheet_url
from jalons.conventions.dossier.past import dated
from jalons.conventions.figures.matrix import matrix_view
from jalons.conventions.models import Commitment
from jalons.conventions.models.printed import paragraphs_of
from jalons.conventions.sheets import page
from jalons.conventions.sheets.budget import budget_view
from jalons.conventions.sheets.dates import understood_end
from jalons.conventions.sheets.labels import labels_of
from jalons.conventions.sheets.notices import notices_of
from jalons.conventions.sheets.selectors import SheetRead, alerts_of, labels_elsewhere, read_sheet, signatures
from jalons.conventions.sheets.tracking.tables import tracking_view
from jalons.core.ui import KNOWN_PARAMETER, VALID_PARAMETER, Crumb
from jalons.discussions.selectors import thread_on
from jalons.documents.selectors import pieces_on
from jalons.history.querysets import AsOf
from jalons.sites.forms.sheet import PastForm


def edits_of(user: Any, commitment: Commitment, at: AsOf) -> dict[str, str]:
    """Where each block is changed; empty without the right, or in a view of the past."""
    rights = {right: can(user, right, commitment) and not at.is_past for _, right in EDITS.values()}
    return {name: here(commitment, url) if rights[right] else "" for name, (url, right) in EDITS.items()}


WHO = "qui"
# Where each block is changed, and the right that it takes.
EDITS = {
    "labels": ("conventions:edit_labels", Right.FILL_COMMITMENT),
    "resume": ("conventions:edit_resume", Right.FILL_COMMITMENT),
    "objective": ("conventions:edit_sub_actions", Right.FILL_COMMITMENT),
    "narrative": ("conventions:edit_narrative", Right.FILL_COMMITMENT),
    "action": ("conventions:link_action", Right.FILL_COMMITMENT),
    "tracking": ("conventions:add_tracking", Right.FILL_COMMITMENT),
    "budget": ("conventions:edit_budget", Right.WRITE_CONVENTION_MONEY),
    "parts": ("conventions:edit_sub_budgets", Right.WRITE_CONVENTION_MONEY),
    "fill": ("conventions:grid", Right.FILL_FIGURES),
    "rows": ("conventions:edit_rows", Right.FILL_COMMITMENT),
    "columns": ("conventions:edit_columns", Right.FILL_COMMITMENT),
}


@on_sheet(Right.READ_CONVENTIONS, past=True)
def sheet(request: HttpRequest, commitment: Commitment, at: AsOf) -> HttpResponse:
    """The whole fiche, as known at the date of the address."""
    past = dated(request, at)
    read = read_sheet(request.user, commitment, at)
    context = {
        **around(request, read, at),
        **blocks(request, read, at),
        **past,
        "past_form": PastForm(request.GET) if past["complaints"] else PastForm(initial=dates_of(at)),
        "thread": thread_at(thread_on(request.user, commitment), at),
        "pieces": pieces_at(pieces_on(cast(User, request.user), commitment), at),
    }
    return render(request, "conventions/sheets/sheet.html", context)


def around(request: HttpRequest, read: SheetRead, at: AsOf) -> dict[str, Any]:
    """What the fiche is, and where one goes from it."""
    commitment = read.commitment
    edits = edits_of(request.user, commitment, at)
    alerts, answers = ([], {}) if at.is_past else alerts_of(commitment)
    lines, actions = labels_elsewhere(read, at)
    labels = labels_of(commitment, lines, actions)
    action = commitment.action
    return {
        "convention": commitment.convention,
        "commitment": commitment,
        "crumbs": crumbs(commitment, at),
        "sheet_url": sheet_url(commitment),
        "before": page.neighbour(read, -1, at),
        "after": page.neighbour(read, 1, at),
        "band": page.band_of(commitment),
        "period_end": understood_end(commitment.start_on, commitment.months, commitment.end_on),
        "labels": labels,
        "labels_differ": any(not label.same for label in labels),
        "edits": edits,
        "may_answer": bool(edits["labels"]),
        "notices": notices_of(alerts, answers),
        "unchecked": not at.is_past and is_being_checked(commitment.convention),
        "action": action,
        "action_url": action_url(request.user, action),
    }


def blocks(request: HttpRequest, read: SheetRead, at: AsOf) -> dict[str, Any]:
    content, commitment = read.sheet, read.commitment
    resume_headers = page.filled(commitment.resume_headers, page.RESUME_HEADERS)
    action_headers = page.filled(commitment.sub_action_headers, page.ACTION_HEADERS)
    names_authors = WHO in request.GET
    fill = can(request.user, Right.FILL_COMMITMENT, commitment) and not at.is_past
    return {
        "resume_heading": page.heading_of(commitment, "resume"),
        "resume_headers": resume_headers,
        "resume": page.resume_rows(content.resume),
        "objective_heading": page.objective_heading(commitment),
        "action_headers": action_headers,
        "actions": page.action_rows(content.sub_actions, action_headers),
        "budget_heading": page.heading_of(commitment, "budget"),
        "budget": budget_view(content, read.dossier),
        "themes": page.themes_of(read, at),
        "figures_heading": page.heading_of(commitment, "figures"),
        "matrix": matrix_view(content, signatures(content) if names_authors else None),
        "who_asked": names_authors,
        "who_url": "?" + urlencode({**at.params(), **({} if names_authors else {WHO: "1"})}),
        "tables": [
            tracking_view(tracking, tracking_url(commitment, tracking.table.position) if fill else "")
            for tracking in content.tracking
        ],
        "narrative": list(paragraphs_of(commitment.narrative)),
        "narrative_heading": narrative_heading(commitment),
    }


def narrative_heading(commitment: Commitment) -> str:
    narrative = commitment.narrative or {}
    return str(narrative.get("heading") or "Bilan")


def crumbs(commitment: Commitment, at: AsOf) -> list[Crumb]:
    sentence = f"?{at.query}" if at.query else ""
    crumbs = [
        Crumb("Conventions", reverse("conventions:list") + sentence),
        Crumb(commitment.convention.short_title, convention_url(commitment.convention) + sentence),
    ]
    if commitment.parent is not None:
        commitment.parent.convention = commitment.convention
        crumbs.append(Crumb(commitment.parent.number_words, page.url_of(commitment.parent, at)))
    return crumbs


def here(commitment: Commitment, name: str) -> str:
    return reverse(name, args=[commitment.convention.slug, commitment.public_id])


def tracking_url(commitment: Commitment, position: int) -> str:
    return reverse(
        "conventions:edit_tracking", args=[commitment.convention.slug, commitment.public_id, position]
    )


def action_url(user: Any, action: Any) -> str:
    """Of the dispositif that the fiche also is, for who may read it."""
    if action is None or not can(user, Right.READ_ACTIONS, action):
        return ""
    return reverse("actions:sheet", args=[action.public_id])


def dates_of(at: AsOf) -> dict[str, Any]:
    return {VALID_PARAMETER: at.valid, KNOWN_PARAMETER: at.known}
