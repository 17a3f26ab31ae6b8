"""Next year, and years side by side."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.conventions.dossier.pages import actor_on, convention_url, may, on_convention, tab_context
from jalons.conventions.models import Commitment, Convention
from jalons.conventions.years.comparison import compare
from jalons.conventions.years.forms import ComparisonForm, OpenYearForm
from jalons.conventions.years.services import (
    YearPlan,
    open_next_year,
    opened_year,
    prepare_opening,
)
from jalons.editing.refusals import Refused
from jalons.editing.writing import record, typed


@on_convention(Right.WRITE_CONVENTION)
def next_year(request: HttpRequest, convention: Convention) -> HttpResponse:
    """What opening the year after would do; and doing it."""
    opened = opened_year(convention)
    if opened is not None:
        reads = can(request.user, Right.READ_CONVENTIONS, opened)
        if request.method == "POST":
            messages.info(request, "L’année suivante était déjà ouverte\u00a0: votre envoi n’a rien changé.")
        context: dict[str, Any] = {"convention": convention, "opened": opened, "reads": reads}
        return render(request, "conventions/years/next_year_opened.html", context)
    try:
        opening = prepare_opening(convention)
    except Refused as refusal:
        context = {"convention": convention, "plan": None, "refusal": str(refusal), "form": None}
        return render(request, "conventions/years/next_year.html", context)
    plan, form = opening.plan, OpenYearForm(typed(request))
    answer = record(
        request,
        form,
        lambda: open_next_year(
            convention=convention,
            by=actor_on(request, convention, Right.WRITE_CONVENTION),
            opening=opening,
        ),
        message=f"La convention {plan.convention.short_title} est ouverte. {convention.short_title} n’a pas changé.",
        to=convention_url(plan.convention),
    )
    return answer or render(
        request,
        "conventions/years/next_year.html",
        {"convention": convention, "form": form, **preview(request, plan)},
    )


def preview(request: HttpRequest, plan: YearPlan) -> dict[str, Any]:
    """The plan, sheet by sheet; of another Département, only how many."""
    seen = set(
        Commitment.objects.visible_to(request.user)
        .filter(convention=plan.convention.previous)
        .values_list("pk", flat=True)
    )
    sheets = [sheet for sheet in plan.sheets if sheet.old.commitment.pk in seen]
    return {
        "plan": plan,
        "sheets": sheets,
        "hidden": len(plan.sheets) - len(sheets),
        "rows": sum(len(sheet.new.rows) for sheet in sheets),
        "figures": sum(sheet.figures for sheet in sheets),
        "doubtful": [sheet for sheet in sheets if sheet.doubts],
    }


@on_convention(Right.READ_CONVENTIONS)
def comparison(request: HttpRequest, convention: Convention) -> HttpResponse:
    """Objectives and results, year after year."""
    compared = compare(convention, request.user)
    form = ComparisonForm(request.GET, sheets=compared.choices)
    chosen = compared.sheet(form.criteria().get("fiche") or "")
    context = {
        **tab_context(request, convention, "conventions:comparison"),
        "compared": compared,
        "form": form,
        "chosen": chosen,
        **may(request, convention, Right.WRITE_CONVENTION),
    }
    return render(request, "conventions/years/comparison.html", context)
