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
    figures_grid = asked_grid(request, commitment)
    if not any(line.mine for line in figures_grid.lines) or not figures_grid.columns:
        raise Http404
    if "packed" in request.POST:
        return live(request, figures_grid)
    initial = {"row": request.GET.get("ligne"), "column": request.GET.get(COLUMN), "seen": figures_grid.seen}
    form = PasteForm(typed(request), grid=figures_grid, initial=initial)
    rows: Sequence[Sequence[PasteVerdict]] = ()
    if form.is_bound and form.is_valid():
        rows = pasted(figures_grid, form.block, form.first)
        if headers.wants_json(request):
            return JsonResponse({"rows": [[verdict.to_json() for verdict in row] for row in rows]})
        if request.POST.get("confirmer"):
            return save_pasted(request, commitment, form, rows)
    elif headers.wants_json(request):
        problem_words = [str(problem) for problems in form.errors.values() for problem in problems]
        return JsonResponse({"problem": " ".join(problem_words)}, status=400)
    context = {**frame(commitment), "form": form, "rows": rows, "count": count_of(rows), "grid": figures_grid}
    return render(request, "conventions/figures/grid_paste.html", context)


def count_of(rows: Sequence[Sequence[PasteVerdict]]) -> int:
    return sum(verdict.is_written for row in rows for verdict in row)


def live(request: HttpRequest, figures_grid: FiguresGrid) -> HttpResponse:
    """How what is being typed is read, and what to look at twice; nothing is written."""
    texts = texts_in(request.POST)
    judged = judge(figures_grid, texts, blanks_erase=True)
    return JsonResponse(
        {
            "cells": {
                judged_cell.box.code: judged_cell.to_json()
                for judged_cell in judged.values()
                if judged_cell.box
            }
        }
    )


def save_pasted(
    request: HttpRequest, commitment: Commitment, form: PasteForm, rows: Sequence[Sequence[PasteVerdict]]
) -> HttpResponse:
    figures = [
        CellFigure(verdict.box.row, verdict.box.column, verdict.text)
        for row in rows
        for verdict in row
        if verdict.is_written and verdict.box is not None
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
    figures_grid = asked_grid(request, commitment)
    again = GridForm(request.POST, correcting=False)
    show_again(again, figures_grid, trouble)
    return show_grid(request, commitment, figures_grid, again, trouble)
