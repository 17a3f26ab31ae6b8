"""A sheet, laid out as it is printed, and its words."""

from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.accounts.permissions import can
from jalons.actions.models import Action
from jalons.actions.sheet.comments import pieces_at, thread_at
from jalons.conventions.alerts.selectors import is_being_checked
from jalons.conventions.changes.pledge import ChangesVoted, Pledge
from jalons.conventions.dossier.bullets import paragraphs_of
from jalons.conventions.dossier.pages import actor_on, convention_url, on_convention, on_sheet, sheet_url
from jalons.conventions.dossier.past import dated
from jalons.conventions.enums import AlertScope, PartySide
from jalons.conventions.figures.matrix import matrix_view
from jalons.conventions.models import Commitment, Convention
from jalons.conventions.sheets import page
from jalons.conventions.sheets.block_pages import edit_block
from jalons.conventions.sheets.budget import budget_view
from jalons.conventions.sheets.dates import understood_end
from jalons.conventions.sheets.forms import (
    BULLETS,
    ActionsBlock,
    LabelsBlock,
    LinkBlock,
    NarrativeBlock,
    NewSheetForm,
    ResumeBlock,
)
from jalons.conventions.sheets.labels import labels_of
from jalons.conventions.sheets.notices import notices_of
from jalons.conventions.sheets.selectors import SheetRead, alerts_of, labels_elsewhere, read_sheet, signatures
from jalons.conventions.sheets.services import add_sheet as new_sheet
from jalons.conventions.sheets.services import update_commitment, write_rows
from jalons.conventions.sheets.tracking.tables import tracking_view
from jalons.core.services import write_once
from jalons.core.ui import KNOWN_PARAMETER, VALID_PARAMETER, Crumb
from jalons.discussions.selectors import thread_on
from jalons.documents.selectors import pieces_on
from jalons.history.querysets import AsOf
from jalons.history.services import Actor
from jalons.sites.forms.sheet import PastForm
from jalons.sites.views.common import ALREADY_WRITTEN, typed

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
    found, commitment = read.sheet, read.commitment
    resume_headers = page.filled(commitment.resume_headers, page.RESUME_HEADERS)
    action_headers = page.filled(commitment.sub_action_headers, page.ACTION_HEADERS)
    asked = WHO in request.GET
    fill = can(request.user, Right.FILL_COMMITMENT, commitment) and not at.is_past
    return {
        "resume_heading": page.heading_of(commitment, "resume"),
        "resume_headers": resume_headers,
        "resume": page.resume_rows(found.resume),
        "objective_heading": page.objective_heading(commitment),
        "action_headers": action_headers,
        "actions": page.action_rows(found.sub_actions, action_headers),
        "budget_heading": page.heading_of(commitment, "budget"),
        "budget": budget_view(found, read.dossier),
        "themes": page.themes_of(read, at),
        "figures_heading": page.heading_of(commitment, "figures"),
        "matrix": matrix_view(found, signatures(found) if asked else None),
        "who_asked": asked,
        "who_url": "?" + urlencode({**at.params(), **({} if asked else {WHO: "1"})}),
        "tables": [
            tracking_view(each, tracking_url(commitment, each.table.position) if fill else "")
            for each in found.tracking
        ],
        "narrative": paragraphs_of(commitment.narrative),
        "narrative_heading": narrative_heading(commitment),
    }


def narrative_heading(commitment: Commitment) -> str:
    told = commitment.narrative or {}
    return str(told.get("heading") or "Bilan")


def crumbs(commitment: Commitment, at: AsOf) -> list[Crumb]:
    kept = f"?{at.query}" if at.query else ""
    found = [
        Crumb("Conventions", reverse("conventions:list") + kept),
        Crumb(commitment.convention.short_title, convention_url(commitment.convention) + kept),
    ]
    if commitment.parent is not None:
        commitment.parent.convention = commitment.convention
        found.append(Crumb(commitment.parent.number_words, page.url_of(commitment.parent, at)))
    return found


def edits_of(user: Any, commitment: Commitment, at: AsOf) -> dict[str, str]:
    """Where each block is changed; empty without the right, or in a view of the past."""
    rights = {right: can(user, right, commitment) and not at.is_past for _, right in EDITS.values()}
    return {name: here(commitment, url) if rights[right] else "" for name, (url, right) in EDITS.items()}


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


# --- its words -------------------------------------------------------------------------------------------------


@on_sheet(Right.FILL_COMMITMENT)
def edit_labels(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    return edit_block(
        request,
        commitment,
        lambda data, **how: LabelsBlock(data, record=commitment, **how),
        lambda block, by: update_commitment(commitment=commitment, by=by, **block.commitment()),
        right=Right.FILL_COMMITMENT,
        title="Numéro, intitulés et dates",
        template="conventions/sheets/labels.html",
    )


@on_sheet(Right.FILL_COMMITMENT)
def edit_resume(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    return edit_block(
        request,
        commitment,
        lambda data, **how: ResumeBlock(data, record=commitment, records=commitment.resume.all(), **how),
        lambda block, by: save_words(commitment, block, by, [AlertScope.STRUCTURE, AlertScope.DATES]),
        right=Right.FILL_COMMITMENT,
        title=page.heading_of(commitment, "resume"),
        anchor="resume",
        template="conventions/sheets/words.html",
        columns_css="f-three",
    )


@on_sheet(Right.FILL_COMMITMENT)
def edit_sub_actions(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    headers = page.filled(commitment.sub_action_headers, page.ACTION_HEADERS)
    return edit_block(
        request,
        commitment,
        lambda data, **how: ActionsBlock(
            data, record=commitment, records=commitment.sub_actions.all(), row={"headers": headers}, **how
        ),
        lambda block, by: save_words(commitment, block, by, [AlertScope.STRUCTURE, AlertScope.MONEY]),
        right=Right.FILL_COMMITMENT,
        title=page.objective_heading(commitment),
        anchor="objectif",
        template="conventions/sheets/words.html",
        columns_css="f-four",
        intro=BULLETS,
    )


def save_words(commitment: Commitment, block: Any, by: Actor, scopes: Sequence[AlertScope]) -> bool:
    return write_rows(
        commitment=commitment,
        model=block.model,
        rows=block.rows_told(),
        headers=block.main.commitment(),
        by=by,
        scopes=scopes,
    )


@on_sheet(Right.FILL_COMMITMENT)
def edit_narrative(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    return edit_block(
        request,
        commitment,
        lambda data, **how: NarrativeBlock(data, record=commitment, **how),
        lambda block, by: update_commitment(
            commitment=commitment, by=by, scopes=[AlertScope.STRUCTURE], **block.commitment()
        ),
        right=Right.FILL_COMMITMENT,
        title=narrative_heading(commitment),
        anchor="bilan",
        template="conventions/sheets/labels.html",
    )


@on_sheet(Right.FILL_COMMITMENT)
def link_action(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    choices = action_choices(request.user, commitment)
    return edit_block(
        request,
        commitment,
        lambda data, **how: LinkBlock(data, record=commitment, main={"choices": choices}, **how),
        lambda block, by: update_commitment(
            commitment=commitment,
            by=by,
            scopes=[AlertScope.MONEY, AlertScope.STRUCTURE],
            **block.commitment(),
        ),
        right=Right.FILL_COMMITMENT,
        title="Relier à un dispositif",
        anchor="dispositif",
        template="conventions/sheets/labels.html",
        intro="Quand une fiche est aussi un dispositif suivi dans Jalons, on les relie.",
    )


def action_choices(user: Any, commitment: Commitment) -> list[tuple[str, str]]:
    """The dispositifs of the Département that the person sees, and the one that is already chosen."""
    party = commitment.party
    codes = {party.departement_id} if party is not None else commitment.convention.departement_codes
    found = Action.objects.visible_to(user).filter(departement__in=sorted(filter(None, codes))).distinct()
    choices = [(str(pk), name) for pk, name in found.order_by("name", "pk").values_list("pk", "name")]
    if commitment.action is not None and str(commitment.action_id) not in dict(choices):
        choices.append((str(commitment.action_id), commitment.action.name))
    return choices


# --- a new one -------------------------------------------------------------------------------------------------


@on_convention(Right.WRITE_CONVENTION)
def add_sheet(request: HttpRequest, convention: Convention) -> HttpResponse:
    mothers = (
        convention.commitments.visible_to(request.user)
        .filter(parent=None)
        .order_by("position", "pk")
        .distinct()
    )
    parties = convention.parties.filter(side=PartySide.DEPARTEMENT).exclude(departement=None)
    form = NewSheetForm(
        typed(request), mothers=mothers, parties={party.departement_id: party for party in parties}.values()
    )
    if form.is_bound and form.is_valid():
        by = actor_on(request, convention, Right.WRITE_CONVENTION)
        made: list[Commitment] = []
        promise = Pledge(request, convention)

        def write() -> str:
            made.append(new_sheet(convention=convention, by=by, **form.told()))
            return sheet_url(made[0])

        try:
            target = write_once(
                form.cleaned_data["submission_key"],
                user_key=str(request.user.pk),
                write=lambda: promise.keep(write, sheets=made),
                before=promise.read,
            )
        except ChangesVoted as changes:
            return new_sheet_page(request, convention, form, changes)
        if made:
            messages.success(request, "La fiche est créée. Remplissez ses blocs un par un.")
        else:
            messages.info(request, ALREADY_WRITTEN)
        return redirect(target)
    return new_sheet_page(request, convention, form)


def new_sheet_page(
    request: HttpRequest, convention: Convention, form: NewSheetForm, pledge: ChangesVoted | None = None
) -> HttpResponse:
    shown = {
        "convention": convention,
        "convention_url": convention_url(convention),
        "form": form,
        "pledge": pledge,
    }
    return render(request, "conventions/sheets/new.html", shown)
