"""« Chiffres de l’équipe »: on screen, then as a document or a workbook."""

import datetime as dt
from typing import cast

from django.forms import ChoiceField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from jalons.core import clock, ui
from jalons.exports.docx import to_docx
from jalons.exports.pdf import to_pdf
from jalons.households.enums import RegisterAct
from jalons.households.journal import note_act
from jalons.households.permissions import Opened, in_register
from jalons.households.sheets.forms import PeriodForm
from jalons.households.sheets.selectors import own_actions
from jalons.households.team.figures import TeamFigures, team_figures
from jalons.households.team.taking import figures_document, figures_workbook

WRITERS = {"pdf": to_pdf, "docx": to_docx}
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
@in_register
def figures(request: HttpRequest, opened: Opened) -> HttpResponse:
    form = period_form(request, opened, request.GET)
    counted = counted_in(form, opened)
    note_act(request, opened.organisation.pk, RegisterAct.LIST)
    context = {
        "opened": opened,
        "form": form,
        "counted": counted,
        "columns": [ui.Column("Chiffre"), ui.Column("Nombre", numeric=True)],
    }
    return render(request, "households/team/figures.html", context)


@require_POST
@in_register
@sensitive_variables()
def take(request: HttpRequest, opened: Opened, extension: str) -> HttpResponse:
    """The same figures as a file; a period that cannot be read is shown on the page."""
    if extension not in TYPES:
        raise Http404
    form = period_form(request, opened, request.POST)
    if not form.is_valid():
        context = {"opened": opened, "form": form, "counted": None, "columns": []}
        return render(request, "households/team/figures.html", context)
    counted, organisation = counted_in(form, opened), str(opened.organisation)
    if extension == "xlsx":
        content = figures_workbook(counted, organisation, request.user)
    else:
        content = WRITERS[extension](figures_document(counted, organisation))
    note_act(request, opened.organisation.pk, RegisterAct.TAKEN)
    response = HttpResponse(content, content_type=TYPES[extension])
    name = f"chiffres-equipe-{counted.first:%Y-%m-%d}-{counted.last:%Y-%m-%d}"
    response["Content-Disposition"] = f'attachment; filename="{name}.{extension}"'
    return response


def period_form(request: HttpRequest, opened: Opened, sent: object) -> PeriodForm:
    today = clock.today()
    actions = own_actions(opened.register, request.user)
    initial = {"first": dt.date(today.year, 1, 1), "last": today}
    return PeriodForm(sent or None, actions=actions, initial=initial)


def counted_in(form: PeriodForm, opened: Opened) -> TeamFigures:
    """Over the period of the form; over the year until today when it is not filled, or not well."""
    typed = form.cleaned_data if form.is_bound and form.is_valid() else form.initial
    action, choices = typed.get("action"), cast(ChoiceField, form.fields["action"]).widget.choices
    named = (action, dict(choices)[action]) if action else None
    return team_figures(opened.register, named, typed["first"], typed["last"])
