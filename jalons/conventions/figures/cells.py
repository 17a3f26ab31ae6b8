"""One cell of the figures of a sheet: what it says, what it is made of, who wrote it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.conventions.changes.pledge import ChangesVoted, Pledge
from jalons.conventions.dossier.content import Sheet
from jalons.conventions.dossier.pages import actor_on, on_sheet, sheet_url
from jalons.conventions.figures.cell_forms import KINDS, MAINS, CellForm
from jalons.conventions.figures.grid_gaps import expected_in
from jalons.conventions.figures.selectors import is_settled, matrix_of, text_of
from jalons.conventions.figures.services import CellFigure, set_figures
from jalons.conventions.models import Cell, Commitment, MatrixColumn, MatrixRow
from jalons.core.services import sent_before
from jalons.core.ui import Change, Entry
from jalons.core.values import format_number, french_spaces
from jalons.editing.conflicts import Conflict, told_by
from jalons.editing.writing import typed, write_and_tell
from jalons.history.services import Stale


@dataclass(frozen=True, slots=True)
class CellSpot:
    """Where the address points: `?ligne=<key of the row>&colonne=<key of the column>`."""

    sheet: Sheet
    row: MatrixRow
    column: MatrixColumn
    cell: Cell | None

    @property
    def heading(self) -> str:
        return self.row.label or self.row.breakdown or self.row.key

    @property
    def query(self) -> str:
        return urlencode({"ligne": self.row.key, "colonne": self.column.key})


def spot_in(request: HttpRequest, commitment: Commitment) -> CellSpot:
    sheet = matrix_of(commitment)
    row = next((row for row in sheet.rows if row.key == request.GET.get("ligne")), None)
    column = next((column for column in sheet.columns if column.key == request.GET.get("colonne")), None)
    if row is None or column is None:
        raise Http404
    return CellSpot(sheet, row, column, sheet.cell(row, column))


def address(commitment: Commitment, name: str, spot: CellSpot | None = None) -> str:
    path = reverse(f"conventions:{name}", args=[commitment.convention.slug, commitment.public_id])
    return f"{path}?{spot.query}" if spot else path


@on_sheet(Right.FILL_FIGURES)
def cell(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    spot = spot_in(request, commitment)
    if not can(request.user, Right.FILL_FIGURES, spot.row):
        raise PermissionDenied(french_spaces("Cette ligne est remplie par une autre structure."))
    seen = version_in_view(request, spot)
    settled = is_settled(spot.column, commitment.convention) and spot.cell is not None
    expected = expected_in(spot.sheet, spot.row, spot.column)
    form = CellForm(typed(request), version=seen, expected=expected, settled=settled)
    conflict = pledge = None
    if form.is_bound and form.is_valid():
        try:
            return save(request, commitment, spot, form)
        except ChangesVoted as changes:
            pledge = changes
        except Stale as stale:
            conflict = Conflict(
                "Quelqu’un d’autre a enregistré pendant que vous écriviez",
                theirs(stale.current),
                compared=False,
            )
            current: Any = stale.current
            form.reopened_on(current, submission_key=str(uuid.uuid4()))
    context = {
        **frame(commitment, spot),
        "form": form,
        "conflict": conflict,
        "pledge": pledge,
        "settled": settled,
    }
    return render(request, "conventions/figures/cell.html", context, status=409 if conflict else 200)


def version_in_view(request: HttpRequest, spot: CellSpot) -> Cell | None:
    """The version that the form was opened on: what changed is what differs from it."""
    seen = request.POST.get("seen", "")
    if request.method == "POST" and seen.isascii() and seen.isdigit() and len(seen) < 19:
        return Cell.objects.filter(pk=int(seen), row=spot.row, column=spot.column).first() or spot.cell
    return None if request.method == "POST" and seen == "" and "raw" in request.POST else spot.cell


def save(request: HttpRequest, commitment: Commitment, spot: CellSpot, form: CellForm) -> HttpResponse:
    cleaned_data = form.cleaned_data
    figure = CellFigure(
        spot.row,
        spot.column,
        cleaned_data["raw"],
        note=cleaned_data["note"].strip(),
        source=cleaned_data["source"],
        reading=form.reading,
        dates=form.dates(),
    )

    def write() -> bool:
        outcome = set_figures(
            convention=commitment.convention,
            figures=[figure],
            by=actor_on(request, spot.row, Right.FILL_FIGURES),
            reason=cleaned_data.get("reason", ""),
            seen={figure.place: cleaned_data["seen"]},
        )
        if outcome.conflicts:
            raise Stale(outcome.conflicts[0].current)
        return bool(outcome.written)

    target = address(commitment, "grid")
    key = cleaned_data["submission_key"]
    if sent_before(key, user_key=str(request.user.pk)) is None and form.reading and form.reading.doubt:
        target = address(commitment, "cell", spot)
    message = "Case enregistrée."
    promise = Pledge(request, commitment.convention)
    return write_and_tell(
        request,
        key,
        lambda: promise.keep(write, sheets=[commitment]),
        message=lambda done: message if done else UNCHANGED,
        to=target,
        before=promise.read,
    )


UNCHANGED = "Rien n’a changé : c’était déjà enregistré ainsi."


def theirs(current: Any) -> str:
    if current is None:
        return "La case a été vidée."
    return french_spaces(f"Ils ont écrit « {text_of(current) or 'non renseigné'} ». {told_by(current)}")


def frame(commitment: Commitment, spot: CellSpot) -> dict[str, Any]:
    return {
        "commitment": commitment,
        "convention": commitment.convention,
        "sheet_url": sheet_url(commitment),
        "grid_url": address(commitment, "grid"),
        "history_url": address(commitment, "cell_history", spot),
        "cell_url": address(commitment, "cell", spot),
        "spot": spot,
        "facts": facts_of(spot.cell),
        "entries": entries_of(spot),
    }


def facts_of(cell: Cell | None) -> Sequence[tuple[str, str]]:
    """What is understood of the cell, in words."""
    if cell is None:
        return [("Valeur", "")]
    mains, kinds = dict(MAINS), dict(KINDS)
    rows = [
        ("Valeur", str(cell.value) if cell.kind else ""),
        ("Comprise comme", kinds.get(cell.kind, "")),
        ("Nombre principal", format_number(cell.figure) if cell.figure is not None else ""),
        ("D’où il vient", mains.get(cell.main, "") if cell.main else ""),
        ("Ce qui est compté", cell.qualifier),
        ("Source", cell.source),
        ("Note", cell.note),
    ]
    always = {"Valeur"}
    return [(label, french_spaces(words)) for label, words in rows if words or label in always]


def entries_of(spot: CellSpot) -> list[Entry]:
    """The versions, newest first: who is the organisation, never the person."""
    versions = Cell.objects.filter(row=spot.row, column=spot.column).select_related("organisation")
    entries: list[Entry] = []
    before = ""
    for version in versions.order_by("recorded_at", "pk"):
        after = "" if version.withdrawn else text_of(version) or str(version.value)
        what = "a retiré la valeur" if version.withdrawn else "a écrit" if not entries else "a corrigé"
        change = Change(spot.column.words, before, after)
        entries.append(
            Entry(
                version.recorded_at, str(version.organisation), what, changes=[change], reason=version.reason
            )
        )
        before = after
    return entries[::-1]


@on_sheet(Right.READ_CONVENTIONS)
def cell_history(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    spot = spot_in(request, commitment)
    mine = can(request.user, Right.FILL_FIGURES, spot.row)
    context = {**frame(commitment, spot), "mine": mine}
    return render(request, "conventions/figures/cell_history.html", context)
