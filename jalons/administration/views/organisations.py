"""Structures: list, describe, merge two that are one."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.models import Organisation
from jalons.administration.forms.organisations import MergeForm, OrganisationFilter, OrganisationForm
from jalons.administration.merging import CannotMerge, merge_organisations, obstacles, outcome
from jalons.administration.selectors import organisations
from jalons.core import ui
from jalons.core.services import write_once
from jalons.core.values import french_spaces
from jalons.history.conflicts import conflict, settled
from jalons.history.services import Stale, save_record
from jalons.joining.permissions import managing_actor

PAGE_SIZE = 50
FORM_METHODS = ["GET", "HEAD", "POST"]
COLUMNS = [
    ui.Column("Structure"),
    ui.Column("Type"),
    ui.Column("Territoire"),
    ui.Column("Personnes", numeric=True),
]
MEANWHILE = "Quelqu’un d’autre l’a enregistrée entre-temps, sans rien contredire\u00a0: validez de nouveau."
ALREADY = "C’était déjà enregistré\u00a0: votre second envoi n’a rien changé."


@require_safe
@requires(Right.MANAGE_ACCOUNTS)
def listing(request: HttpRequest) -> HttpResponse:
    form = OrganisationFilter(request.GET or None)
    text = form.criteria().get("q", "") if form.is_bound else ""
    page = Paginator(organisations.listed(request.user, text), PAGE_SIZE)
    context = {
        "form": form,
        "text": text,
        "page": page.get_page(request.GET.get(ui.PAGE_PARAMETER)),
        "columns": COLUMNS,
    }
    return render(request, "administration/organisations.html", context)


def organisation_at(request: HttpRequest, pk: int) -> Organisation:
    """A structure that one administers; 404 outside."""
    return get_object_or_404(organisations.administered(request.user).select_related("merged_into"), pk=pk)


def url_of(organisation: Organisation) -> str:
    return reverse("administration:organisation", args=[organisation.pk])


@require_http_methods(FORM_METHODS)
@requires(Right.MANAGE_ACCOUNTS)
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """Describe it; below, those that may be the same."""
    row = organisation_at(request, pk)
    if row.merged_into is not None:
        messages.info(
            request, f"«\u00a0{row.name}\u00a0» est fusionnée dans «\u00a0{row.merged_into.name}\u00a0»."
        )
        return redirect(url_of(row.merged_into))
    form = OrganisationForm(request.POST if request.method == "POST" else None, organisation=row)
    differences: list[ui.Difference] = []
    if form.is_bound and form.is_valid():
        chosen = {name: str(value) for name, value in request.POST.items()}
        described = settled(row, form.described(), chosen)
        try:
            return saved(request, row, form, described)
        except Stale:
            row.refresh_from_db()
            differences = list(conflict(row, form.seen_version, described))
            form.reopened_on(row.version)
            if not differences:
                messages.warning(request, MEANWHILE)
    context = {
        "organisation": row,
        "form": form,
        "differences": differences,
        "alike": organisations.alike(request.user, row),
        "list_url": reverse("administration:organisations"),
    }
    return render(request, "administration/organisation.html", context, status=409 if differences else 200)


def saved(
    request: HttpRequest, row: Organisation, form: OrganisationForm, described: dict[str, Any]
) -> HttpResponse:
    written = []

    def write() -> str:
        for name, value in described.items():
            setattr(row, name, value)
        by = managing_actor(request.user)  # type: ignore[arg-type]  # views are for signed-in users
        reason = form.cleaned_data["reason"]
        written.append(save_record(record=row, by=by, reason=reason, expected_version=form.seen_version))
        return url_of(row)

    key = form.cleaned_data["submission_key"]
    url = write_once(key, user_key=str(request.user.pk), write=write)
    if written:
        messages.success(request, f"«\u00a0{row.name}\u00a0» est enregistrée.")
    else:
        messages.info(request, ALREADY)
    return redirect(url)


@require_http_methods(FORM_METHODS)
@requires(Right.MANAGE_ACCOUNTS)
def merge(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """The structure of the address is kept; the other leaves. What moves is said before."""
    survivor, gone = organisation_at(request, pk), organisation_at(request, other)
    if survivor.pk == gone.pk:
        messages.info(request, "C’est déjà la même structure.")
        return redirect(url_of(survivor))
    if request.method != "POST" and (gone.merged_into_id or survivor.merged_into_id):
        messages.info(request, "L’une de ces deux structures est déjà fusionnée.")
        return redirect(url_of(survivor))
    form = MergeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            return merged(request, survivor, gone, form)
        except CannotMerge as refusal:
            form.add_error(None, french_spaces(str(refusal)))
    context = {
        "kept": survivor,
        "gone": gone,
        "form": form,
        "outcome": outcome(survivor=survivor, gone=gone),
        "obstacles": obstacles(survivor=survivor, gone=gone),
        "kept_url": url_of(survivor),
        "swap_url": reverse("administration:merge", args=[gone.pk, survivor.pk]),
    }
    return render(request, "administration/merge.html", context)


def merged(request: HttpRequest, survivor: Organisation, gone: Organisation, form: MergeForm) -> HttpResponse:
    by = managing_actor(request.user)  # type: ignore[arg-type]  # views are for signed-in users
    written = []

    def write() -> str:
        reason = form.cleaned_data["reason"]
        written.append(merge_organisations(survivor=survivor, gone=gone, by=by, reason=reason))
        return url_of(survivor)

    url = write_once(form.cleaned_data["submission_key"], user_key=str(request.user.pk), write=write)
    if written:
        messages.success(
            request, f"«\u00a0{gone.name}\u00a0» est fusionnée dans «\u00a0{survivor.name}\u00a0»."
        )
    else:
        messages.info(request, ALREADY)
    return redirect(url)
