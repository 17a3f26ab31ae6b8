"""Procédures, réinstallations, fermeture."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.permissions import check
from jalons.accounts.selectors import readers_in_words
from jalons.core.values import format_date, format_number, french_spaces, plural
from jalons.history.selectors import fact_entries, timeline
from jalons.history.services import Stale, correct
from jalons.sites.checks import departure_warnings
from jalons.sites.enums import ProcedureKind
from jalons.sites.forms.common import ReasonForm
from jalons.sites.forms.follow import HINTS, ClosingForm, ProcedureForm, ResettlementForm, procedure_initial
from jalons.sites.models import Occupation, Procedure, Resettlement, Site
from jalons.sites.nearby import sites_to_choose
from jalons.sites.selectors import last_survey
from jalons.sites.services import (
    add_procedure,
    close_site,
    link_resettlement,
    occupation_of,
    reopen_site,
)
from jalons.sites.views.common import (
    Conflict,
    actor_on,
    conflict_of,
    form_page,
    leave_trace,
    on_site,
    reason_page,
    record,
    sheet_url,
    told_by,
    typed,
    version_in_view,
    withdrawn,
)

# The button that searches sends the form without recording anything.
SEARCH = "chercher"


# --- procedures ------------------------------------------------------------------------------------------------


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
        lambda: add_procedure(site=site, kind=kind, by=by, **form.told()),
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
            lambda: correct(fact=step, by=by, reason=form.cleaned_data["reason"], **corrected(form.told())),
            message=lambda new: f"{kind.label} : étape du {format_date(new.valid_on)} corrigée.",
            to=sheet_url(site),
        )
    except Stale as stale:
        answer, conflict = None, conflict_of(stale, form, lineage, Procedure)
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


def corrected(told: dict[str, Any]) -> dict[str, Any]:
    """Columns of a `Procedure` from the fields of its form."""
    return {"valid_on" if name == "on" else name: value for name, value in told.items()}


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


# --- resettlements ---------------------------------------------------------------------------------------------


@on_site(Right.UPDATE_SITE)
def resettlement_add(request: HttpRequest, site: Site) -> HttpResponse:
    by = actor_on(request, site, Right.UPDATE_SITE)
    told = request.POST
    chosen = [told["other"]] if "other" in told else []
    sites = sites_to_choose(request.user, site, told.get("q", ""), chosen)
    if SEARCH in told:
        form = ResettlementForm.echo(told, sites=sites)
    else:
        direction = request.GET.get("sens", ResettlementForm.TO)
        form = ResettlementForm(typed(request), sites=sites, initial={"direction": direction})
    answer = record(
        request,
        form,
        lambda: write_resettlement(form.told(), site, sites, by),
        message=lambda link: (
            f"Réinstallation enregistrée : de « {link.origin.name} » à « {link.site.name} »."
        ),
        to=sheet_url(site),
    )
    return answer or form_page(
        request,
        site,
        form,
        title="Réinstallation",
        submit="Enregistrer",
        template="sites/resettlement_form.html",
        found=found_words(told.get("q", ""), sites),
    )


def write_resettlement(told: dict[str, Any], site: Site, sites: list[Site], by: Any) -> Resettlement:
    other = next(one for one in sites if one.public_id == told["other"])
    outwards = told["direction"] == ResettlementForm.TO
    return link_resettlement(
        origin=site if outwards else other,
        site=other if outwards else site,
        on=told["on"],
        by=by,
        people=told["people"],
        households=told["households"],
        note=told["note"],
    )


def found_words(text: str, sites: list[Site]) -> str:
    """What the list of sites is: the nearest ones, or what the search found."""
    if not text.strip():
        return "Les sites les plus proches :" if sites else "Aucun autre site dans le département."
    return f"Résultats pour « {text} » :" if sites else f"Aucun site ne répond à « {text} »."


@on_site(Right.UPDATE_SITE)
def resettlement_withdraw(request: HttpRequest, site: Site, lineage: uuid.UUID) -> HttpResponse:
    either = Q(site=site) | Q(origin=site)
    link = version_in_view(request, Resettlement, site, lineage, of=either)
    return reason_page(
        request,
        site,
        link,
        withdrawn,
        title="Retirer cette réinstallation",
        intro=french_spaces(
            f"De « {link.origin.name} » à « {link.site.name} », {format_date(link.valid_on)}."
        ),
        submit="Retirer",
        danger="danger",
        label="Pourquoi la retirer ?",
        message="La réinstallation est retirée.",
    )


# --- closing and reopening -------------------------------------------------------------------------------------


@on_site(Right.CLOSE_SITE)
def close(request: HttpRequest, site: Site) -> HttpResponse:
    occupation = occupation_of(site)
    if request.method == "GET" and occupation.ended_on:
        messages.info(request, f"Ce site est déjà fermé depuis le {format_date(occupation.ended_on)}.")
        return redirect(sheet_url(site))
    figure = last_survey(site)
    if "totaux" in request.GET:
        return totals(request, site, figure)
    told = request.POST
    sites = sites_to_choose(request.user, site, told.get("q", ""), told.getlist("others"))
    if SEARCH in told:
        form = ClosingForm.echo(told, sites=sites)
    else:
        form = ClosingForm(typed(request), sites=sites, initial={"seen": occupation.pk})
    by = actor_on(request, site, Right.CLOSE_SITE)
    conflict = None
    try:
        answer = record(
            request,
            form,
            lambda: write_closing(form, site, sites, by),
            message=lambda closed: closing_words(closed, form),
            to=sheet_url(site),
            blame="closed_on",
        )
    except Stale as stale:
        answer, conflict = None, closed_meanwhile(stale, form)
    if answer:
        people, households = form.totals()
        for sentence in departure_warnings(people, households, figure):
            messages.warning(request, french_spaces(sentence))
        return answer
    return form_page(
        request,
        site,
        form,
        title="Fermer le site",
        submit="Fermer le site",
        template="sites/close.html",
        conflict=conflict,
        figure=figure,
        found=found_words(told.get("q", ""), sites),
    )


def write_closing(form: ClosingForm, site: Site, sites: list[Site], by: Any) -> Occupation:
    told = form.cleaned_data
    return close_site(
        site=site,
        by=by,
        closed_on=told["closed_on"],
        reason=told["reason_code"],
        note=told["note"],
        departures=form.departures(),
        resettled_to=[one for one in sites if one.public_id in told["others"]],
        seen=Occupation.objects.filter(site=site, pk=told["seen"]).first() if told["seen"] else None,
    )


def closing_words(closed: Occupation, form: ClosingForm) -> str:
    people, _ = form.totals()
    told = f"Le site est fermé depuis le {format_date(closed.ended_on)}" if closed.ended_on else ""
    if people.known:
        told += f" ; orientation dite pour {people} {plural(people.total, 'personne', 'personnes')}"
    return f"{told}."


def closed_meanwhile(stale: Stale, form: ClosingForm) -> Conflict:
    """Someone closed the site, or corrected its dates, while this person was closing it."""
    current: Any = stale.current
    if current is not None and not current.ended_on:
        form.reopened_on(current.pk)
        return Conflict("Les dates du site ont été corrigées pendant que vous écriviez", told_by(current))
    title = "Ce site a été fermé pendant que vous écriviez"
    if current is None:
        return Conflict(title, "", sendable=False)
    closed = f"Fermé le {format_date(current.ended_on)} : {current.get_closing_reason_display().lower()}."
    return Conflict(title, french_spaces(f"{closed} Enregistré par {told_by(current)}"), sendable=False)


def totals(request: HttpRequest, site: Site, figure: Any) -> HttpResponse:
    """The fragment that adds up the orientations while they are typed."""
    form = ClosingForm(request.GET, sites=())
    form.is_valid()
    people, households = form.totals()
    warnings = [french_spaces(one) for one in departure_warnings(people, households, figure)]
    shown = {"people": people, "households": households, "warnings": warnings}
    return render(request, "sites/_totals.html", shown)


@on_site(Right.CLOSE_SITE)
def reopen(request: HttpRequest, site: Site) -> HttpResponse:
    by = actor_on(request, site, Right.CLOSE_SITE)
    occupation = occupation_of(site)
    if request.method == "GET" and not occupation.ended_on:
        messages.info(request, "Ce site est déjà ouvert.")
        return redirect(sheet_url(site))
    form = ReasonForm(
        typed(request),
        label="Pourquoi la fermeture était-elle une erreur ?",
        help="La fermeture et ses orientations restent lisibles dans l’historique.",
    )
    try:
        answer = record(
            request,
            form,
            lambda: reopen_site(site=site, by=by, reason=form.cleaned_data["reason"]),
            message="Le site est rouvert.",
            to=sheet_url(site),
        )
    except Stale:
        answer = None
        form.add_error(
            None, "Quelqu’un vient de modifier les dates du site. Vérifiez sa fiche, puis recommencez."
        )
    people = sum(one.people or 0 for one in occupation.orientations.all())
    closed = f"Fermé le {format_date(occupation.ended_on)}" if occupation.ended_on else "Ouvert"
    oriented = f" ; {format_number(people)} personnes orientées" if people else ""
    return answer or form_page(
        request,
        site,
        form,
        title="Rouvrir après une fermeture par erreur",
        submit="Rouvrir le site",
        intro=french_spaces(f"{closed} : {occupation.get_closing_reason_display().lower()}{oriented}."),
        template="sites/reopen.html",
    )
