"""What is pasted in the grid."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from jalons.accounts.enums import Right
from jalons.conventions.changes.pledge import ChangesVoted
from jalons.conventions.dossier.pages import on_sheet
from jalons.conventions.figures.grid import (
    COLUMN,
    Trouble,
    address,
    ask_first,
    asked_grid,
    frame,
    keep_trouble,
    show_again,
    show_grid,
    write_figures,
)
from jalons.conventions.figures.grid_forms import GridForm, PasteForm, seen_in, texts_in
from jalons.conventions.figures.pasting import PasteVerdict, judge, pasted
from jalons.conventions.figures.selectors import FiguresGrid
from jalons.conventions.figures.services import CellFigure
from jalons.conventions.models import Commitment
from jalons.core import headers
from jalons.editing.writing import typed

# Pasting -----------------------------------------------------------------------------------------------------


@on_sheet(Right.FILL_FIGURES)
def paste(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    """A block from a spreadsheet: what each cell would become, then its writing. Answers JSON to the grid."""
    found = asked_grid(request, commitment)
    if not any(line.mine for line in found.lines) or not found.columns:
        raise Http404
    if "packed" in request.POST:
        return live(request, found)
    initial = {"row": request.GET.get("ligne"), "column": request.GET.get(COLUMN), "seen": found.seen}
    form = PasteForm(typed(request), grid=found, initial=initial)
    rows: Sequence[Sequence[PasteVerdict]] = ()
    if form.is_bound and form.is_valid():
        rows = pasted(found, form.block, form.first)
        if headers.wants_json(request):
            return JsonResponse({"rows": [[each.to_json() for each in row] for row in rows]})
        if request.POST.get("confirmer"):
            return save_pasted(request, commitment, form, rows)
    elif headers.wants_json(request):
        told = [str(problem) for problems in form.errors.values() for problem in problems]
        return JsonResponse({"problem": " ".join(told)}, status=400)
    context = {**frame(commitment), "form": form, "rows": rows, "count": count_of(rows), "grid": found}
    return render(request, "conventions/figures/grid_paste.html", context)


def count_of(rows: Sequence[Sequence[PasteVerdict]]) -> int:
    return sum(each.is_written for row in rows for each in row)


def live(request: HttpRequest, figures_grid: FiguresGrid) -> HttpResponse:
    """How what is being typed is read, and what to look at twice; nothing is written."""
    texts = texts_in(request.POST)
    judged = judge(figures_grid, texts, blanks_erase=True)
    return JsonResponse({"cells": {each.box.code: each.to_json() for each in judged.values() if each.box}})


def save_pasted(
    request: HttpRequest, commitment: Commitment, form: PasteForm, rows: Sequence[Sequence[PasteVerdict]]
) -> HttpResponse:
    figures = [
        CellFigure(each.box.row, each.box.column, each.text)
        for row in rows
        for each in row
        if each.is_written and each.box is not None
    ]
    key = form.cleaned_data["submission_key"]
    target = f"{address(commitment)}#enregistre-{key}"
    seen = seen_in(request.POST)
    trouble = Trouble()
    try:
        outcome = write_figures(request, commitment, figures, reason="", seen=seen, key=key, target=target)
        if outcome is None or not outcome.conflicts:
            return redirect(target)
        keep_trouble(outcome, figures, trouble, seen)
    except ChangesVoted as changes:
        ask_first(changes, figures, trouble)
    found = asked_grid(request, commitment)
    again = GridForm(request.POST, correcting=False)
    show_again(again, found, trouble)
    return show_grid(request, commitment, found, again, trouble)
