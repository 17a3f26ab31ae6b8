"""Pages that edit the blocks of a sheet, and that add a sheet."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jalons.accounts.enums import Right
from jalons.actions.models import Action
from jalons.conventions.changes.block_pages import edit_block
from jalons.conventions.changes.pledge import ChangesVoted, Pledge
from jalons.conventions.dossier.pages import actor_on, convention_url, on_convention, on_sheet, sheet_url
from jalons.conventions.enums import AlertScope, PartySide
from jalons.conventions.models import Commitment, Convention
from jalons.conventions.sheets import page
from jalons.conventions.sheets.forms import LabelsBlock, LinkBlock, NewSheetForm
from jalons.conventions.sheets.narrative_forms import BULLETS, ActionsBlock, NarrativeBlock, ResumeBlock
from jalons.conventions.sheets.services import add_sheet as new_sheet
from jalons.conventions.sheets.services import update_commitment, write_rows
from jalons.conventions.sheets.views import narrative_heading
from jalons.core.services import write_once
from jalons.editing.writing import ALREADY_WRITTEN, typed
from jalons.history.services import Actor


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
        rows=block.row_changes(),
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
    actions = Action.objects.visible_to(user).filter(departement__in=sorted(filter(None, codes))).distinct()
    choices = [(str(pk), name) for pk, name in actions.order_by("name", "pk").values_list("pk", "name")]
    if commitment.action is not None and str(commitment.action_id) not in dict(choices):
        choices.append((str(commitment.action_id), commitment.action.name))
    return choices


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
            made.append(new_sheet(convention=convention, by=by, **form.values_to_save()))
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
    context = {
        "convention": convention,
        "convention_url": convention_url(convention),
        "form": form,
        "pledge": pledge,
    }
    return render(request, "conventions/sheets/new.html", context)
