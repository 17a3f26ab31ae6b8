"""The columns and the rows of the figures of a sheet."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from jalons.accounts.enums import Right
from jalons.conventions.changes.pledge import ChangesVoted, Pledge
from jalons.conventions.dossier.pages import actor_on, form_page, on_sheet
from jalons.conventions.figures.columns.forms import ColumnForm, GroupForm, MatrixRowForm, PlacedForm
from jalons.conventions.figures.columns.services import (
    add_actual,
    drop_column,
    drop_row,
    remove_group,
    set_column,
    set_group,
    set_row,
)
from jalons.conventions.figures.selectors import matrix_of
from jalons.conventions.models import Commitment
from jalons.core import clock
from jalons.core.form_fields import SubmissionKeyField
from jalons.core.values import french_spaces
from jalons.editing.conflicts import Conflict
from jalons.editing.forms import reopen
from jalons.editing.refusals import Refused
from jalons.editing.writing import record, typed, write_and_tell
from jalons.history.services import Stale

DROP = "oter"
TEMPLATES = {
    "columns": "conventions/figures/columns/columns.html",
    "rows": "conventions/figures/columns/rows.html",
}
NEW = "nouvelle"


def address(commitment: Commitment, name: str) -> str:
    return reverse(f"conventions:{name}", args=[commitment.convention.slug, commitment.public_id])


def piece_of_key(pieces: list[Any], key: str | None) -> Any:
    """The piece of this key; None when a new one is asked. 404 for one that is not there."""
    if not key or key == NEW:
        return None
    piece = next((candidate for candidate in pieces if candidate.key == key), None)
    if piece is None:
        raise Http404
    return piece


def by_pk(pieces: list[Any], pk: int | None) -> Any:
    return next((piece for piece in pieces if piece.pk == pk), None)


@on_sheet(Right.FILL_COMMITMENT)
def edit_columns(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    """The columns, and the form of one: that of `?colonne=`, or a new one."""
    columns = matrix_of(commitment).columns
    column = piece_of_key(columns, request.GET.get("colonne"))
    form = ColumnForm(typed(request), column=column, others=columns)
    by = actor_on(request, commitment, Right.FILL_COMMITMENT)

    def write() -> Any:
        values, after = form.values_to_save(), by_pk(columns, form.after_pk)
        version = form.cleaned_data["expected_version"]
        return set_column(
            commitment=commitment, column=column, values=values, after=after, by=by, expected_version=version
        )

    def remove() -> None:
        drop_column(column=column, by=by, expected_version=seen_version(request))

    context = {"columns": columns, "column": column, "what": "colonne"}
    return piece_page(
        request, commitment, form, "columns", column, write=write, remove=remove, values=context
    )


@on_sheet(Right.FILL_COMMITMENT)
def edit_rows(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    """The rows, and the form of one: that of `?ligne=`, of `?section=`, or a new row."""
    sheet = matrix_of(commitment)
    by = actor_on(request, commitment, Right.FILL_COMMITMENT)
    context: dict[str, Any] = {"sheet": sheet, "lines": [(row, sheet.depth(row)) for row in sheet.rows]}
    if "section" in request.GET:
        group = piece_of_key(sheet.groups, request.GET["section"])
        group_form = GroupForm(typed(request), group=group)

        def write_group() -> Any:
            cleaned = group_form.cleaned_data
            version = cleaned["expected_version"]
            return set_group(
                commitment=commitment, group=group, label=cleaned["label"], by=by, expected_version=version
            )

        context |= {"what": "section", "row": None, "group": group}

        def remove_it() -> None:
            remove_group(group=group, by=by)

        return piece_page(
            request,
            commitment,
            group_form,
            "rows",
            group,
            write=write_group,
            remove=remove_it,
            values=context,
        )
    row = piece_of_key(sheet.rows, request.GET.get("ligne"))
    form = MatrixRowForm(typed(request), row=row, others=sheet.rows, groups=sheet.groups)

    def write() -> Any:
        values, after = form.values_to_save(), by_pk(sheet.rows, form.after_pk)
        version = form.cleaned_data["expected_version"]
        return set_row(
            commitment=commitment, row=row, values=values, after=after, by=by, expected_version=version
        )

    def remove() -> None:
        drop_row(row=row, by=by, expected_version=seen_version(request))

    context |= {"what": "ligne", "row": row, "group": None}
    return piece_page(request, commitment, form, "rows", row, write=write, remove=remove, values=context)


def seen_version(request: HttpRequest) -> int | None:
    expected_version = request.POST.get("expected_version", "")
    return (
        int(expected_version)
        if expected_version.isascii() and expected_version.isdigit() and len(expected_version) < 10
        else None
    )


def piece_page(
    request: HttpRequest,
    commitment: Commitment,
    form: PlacedForm,
    name: str,
    piece: Any | None,
    *,
    write: Callable[[], Any],
    remove: Callable[[], Any],
    values: dict[str, Any],
) -> HttpResponse:
    """The list of the pieces, and the form of one of them."""
    to = address(commitment, f"edit_{name}")
    conflict = pledge = None
    promise = Pledge(request, commitment.convention)
    keep = partial(promise.keep, sheets=[commitment])
    try:
        if piece is not None and DROP in request.POST:
            key = SubmissionKeyField().clean(request.POST.get("submission_key"))
            dropping = partial(keep, remove)
            return write_and_tell(request, key, dropping, message=DROPPED, to=to, before=promise.read)
        answer = record(request, form, partial(keep, write), message=SAVED, to=to, before=promise.read)
    except Stale as stale:
        answer, conflict = None, piece_conflict(stale, form)
    except ChangesVoted as changes:
        answer, pledge = None, changes
    if answer is not None:
        return answer
    what = values["what"]
    return form_page(
        request,
        commitment.convention,
        form,
        title={"columns": "Colonnes d’indicateurs", "rows": "Lignes d’indicateurs"}[name],
        submit="Enregistrer" if piece is not None else f"Ajouter la {what}",
        back=to if piece is not None else address(commitment, "grid"),
        template=TEMPLATES[name],
        conflict=conflict,
        pledge=pledge,
        commitment=commitment,
        grid_url=address(commitment, "grid"),
        piece=piece,
        **values,
    )


SAVED = "C’est enregistré."
DROPPED = "Ôtée du tableau. Ses chiffres restent dans l’historique."


def piece_conflict(stale: Stale, form: PlacedForm) -> Conflict:
    """What was typed stays, made ready to be sent over what is stored now."""
    current: Any = stale.current
    reopen(form, **({} if current is None else {"expected_version": str(current.version)}))
    words = (
        f"C’est maintenant « {current} », par {current.changed_for}."
        if current is not None
        else "Elle a été ôtée."
    )
    return Conflict("Quelqu’un d’autre a modifié ceci pendant que vous écriviez", french_spaces(words))


@require_POST
@on_sheet(Right.FILL_COMMITMENT)
def add_actual_column(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    """« Réalisé à date », in one action."""
    by = actor_on(request, commitment, Right.FILL_COMMITMENT)
    to = address(commitment, "grid")
    key = SubmissionKeyField().clean(request.POST.get("submission_key"))

    def message(done: Any) -> str:
        column, is_new = done
        return f"La colonne « {column.words} » est ajoutée." if is_new else f"« {column.words} » est déjà là."

    try:
        return write_and_tell(
            request,
            key,
            lambda: add_actual(commitment=commitment, on=clock.today(), by=by),
            message=message,
            to=to,
        )
    except Refused as refusal:
        messages.error(request, french_spaces(str(refusal)))
        return redirect(to)
