"""Procédures, réinstallations, fermeture."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.permissions import check
from jalons.accounts.selectors import readers_in_words
from jalons.core.values import format_date
from jalons.editing.conflicts import fact_conflict_of
from jalons.editing.writing import record, typed, withdrawn
from jalons.history.selectors import fact_entries, timeline
from jalons.history.services import Stale, correct
from jalons.sites.enums import ProcedureKind
from jalons.sites.forms.follow import HINTS, ProcedureForm, procedure_initial
from jalons.sites.models import Procedure, Site
from jalons.sites.pages import actor_on, form_page, on_site, sheet_url
from jalons.sites.services import add_procedure
from jalons.sites.views.common import leave_trace, version_in_view
from jalons.sites.views.fact_pages import reason_page

# The button that searches sends the form without recording anything.
SEARCH = "chercher"


@on_site(Right.WRITE_JUSTICE)
def procedure_add(request: HttpRequest, site: Site) -> HttpResponse:
    """First which step (`?etape=`), then its own fields."""
    asked = request.GET.get("etape", "")
    if asked not in ProcedureKind.values:
        return step_choice(request, site)
    kind = ProcedureKind(asked)
    by = actor_on(request, site, Right.WRITE_JUSTICE)
    form = ProcedureForm(typed(request), kind=kind)
    answer = record(
        request,
        form,
        lambda: add_procedure(site=site, kind=kind, by=by, **form.values_to_save()),
        message=lambda step: f"{kind.label} : étape du {format_date(step.valid_on)} enregistrée.",
        to=sheet_url(site),
        blame="on",
    )
    return answer or form_page(
        request,
        site,
        form,
        title=kind.label,
        intro=HINTS[kind],
        submit="Enregistrer",
        readers=readers_in_words(Right.READ_JUSTICE, site.commune),
    )


def step_choice(request: HttpRequest, site: Site) -> HttpResponse:
    steps = [(kind.value, kind.label, HINTS[kind]) for kind in ProcedureKind]
    page = {
        "site": site,
        "sheet_url": sheet_url(site),
        "steps": steps,
        "readers": readers_in_words(Right.READ_JUSTICE, site.commune),
    }
    return render(request, "sites/procedure_choice.html", page)


@on_site(Right.WRITE_JUSTICE)
def procedure_correct(request: HttpRequest, site: Site, lineage: uuid.UUID) -> HttpResponse:
    check(request.user, Right.READ_JUSTICE, site)
    by = actor_on(request, site, Right.WRITE_JUSTICE)
    step = version_in_view(request, Procedure, site, lineage)
    leave_trace(request, site, [Right.READ_JUSTICE])
    kind = ProcedureKind(step.kind)
    form = ProcedureForm(typed(request), kind=kind, correcting=True)
    form.initial = procedure_initial(step, form.fields)
    conflict = None
    try:
        answer = record(
            request,
            form,
            lambda: correct(
                fact=step, by=by, reason=form.cleaned_data["reason"], **corrected(form.values_to_save())
            ),
            message=lambda new: f"{kind.label} : étape du {format_date(new.valid_on)} corrigée.",
            to=sheet_url(site),
        )
    except Stale as stale:
        answer, conflict = None, fact_conflict_of(stale, form, lineage, Procedure)
    return answer or form_page(
        request,
        site,
        form,
        title=f"Corriger : {kind.label}",
        submit="Enregistrer la correction",
        template="sites/procedure_correct.html",
        conflict=conflict,
        readers=readers_in_words(Right.READ_JUSTICE, site.commune),
        versions=timeline(fact_entries(Procedure.objects.filter(lineage=lineage), label="l’étape")),
        withdraw_url=reverse("sites:procedure_withdraw", args=[site.public_id, lineage]),
    )


def corrected(values: dict[str, Any]) -> dict[str, Any]:
    """Columns of a `Procedure` from the fields of its form."""
    return {"valid_on" if name == "on" else name: value for name, value in values.items()}


@on_site(Right.WRITE_JUSTICE)
def procedure_withdraw(request: HttpRequest, site: Site, lineage: uuid.UUID) -> HttpResponse:
    check(request.user, Right.READ_JUSTICE, site)
    step = version_in_view(request, Procedure, site, lineage)
    leave_trace(request, site, [Right.READ_JUSTICE])
    words = f"{step.get_kind_display()}, {format_date(step.valid_on)}"
    return reason_page(
        request,
        site,
        step,
        withdrawn,
        right=Right.WRITE_JUSTICE,
        title="Retirer cette étape",
        intro=words,
        submit="Retirer",
        danger="danger",
        label="Pourquoi la retirer ?",
        help="Par exemple : elle concerne un autre site.",
        message=f"L’étape est retirée : {words}.",
    )
