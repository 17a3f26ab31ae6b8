"""Planned, committed, spent."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.permissions import territory_of
from jalons.conventions.dossier.pages import actor_on, may, on_convention, tab_context
from jalons.conventions.models import Commitment, Convention
from jalons.conventions.money.execution.forms import ExecutionForm
from jalons.conventions.money.execution.selectors import AskedSheet, asked_sheets, execution_page
from jalons.conventions.money.execution.services import set_execution
from jalons.core.values import plural
from jalons.editing.conflicts import MEANWHILE, Conflict
from jalons.editing.writing import already_sent, typed, write_and_tell
from jalons.history.querysets import AsOf
from jalons.history.services import Stale

WRITE = Right.WRITE_CONVENTION_MONEY


def execution_url(convention: Convention) -> str:
    return reverse("conventions:execution", args=[convention.slug])


@on_convention(Right.READ_CONVENTIONS, past=True)
def execution(request: HttpRequest, convention: Convention, at: AsOf) -> HttpResponse:
    context = {
        **tab_context(request, convention, "conventions:execution", at),
        "page": execution_page(request.user, convention, at),
        "may": may(request, convention, WRITE, at=at),
    }
    return render(request, "conventions/money/execution/execution.html", context)


@on_convention(WRITE)
def edit_execution(request: HttpRequest, convention: Convention) -> HttpResponse:
    form = ExecutionForm(typed(request), sheets=asked_here(request, convention))
    conflict = None
    if form.is_bound:
        key = form.fields["submission_key"].clean(form["submission_key"].value())
        if done := already_sent(request, key):
            return done
        if form.is_valid():
            try:
                return save(request, convention, form)
            except Stale:
                form, conflict = again(request, convention)
    context = {
        "convention": convention,
        "back_url": execution_url(convention),
        "form": form,
        "conflict": conflict,
    }
    status = 409 if conflict else 200
    return render(request, "conventions/money/execution/form.html", context, status=status)


def asked_here(request: HttpRequest, convention: Convention) -> list[AskedSheet]:
    territory = territory_of(request.user, WRITE)
    mine = Commitment.objects.in_territory(territory).filter(convention=convention)
    return asked_sheets(request.user, convention, mine)


def save(request: HttpRequest, convention: Convention, form: ExecutionForm) -> HttpResponse:
    amounts = form.amounts_to_save()
    if not amounts:
        messages.info(request, "Rien n’a été modifié.")
        return redirect(execution_url(convention))
    return write_and_tell(
        request,
        form.cleaned_data["submission_key"],
        lambda: set_execution(
            convention=convention,
            amounts=amounts,
            by=actor_on(request, convention, WRITE),
            reason=form.cleaned_data["reason"],
        ),
        message=lambda count: f"{count} {plural(count, 'montant enregistré', 'montants enregistrés')}.",
        to=execution_url(convention),
    )


def again(request: HttpRequest, convention: Convention) -> tuple[ExecutionForm, Conflict]:
    """The form as it was typed, over what somebody wrote meanwhile."""
    form = ExecutionForm(typed(request), sheets=asked_here(request, convention))
    form.is_valid()
    for name in form.asked:
        form.cleaned_data.setdefault(name, form.asked[name].value)
    differences = form.differences()
    form.reopened()
    return form, Conflict(MEANWHILE, "Les montants ont changé entre-temps.", differences)
