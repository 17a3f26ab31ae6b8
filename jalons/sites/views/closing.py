"""Pages that close a site and open it again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jalons.accounts.enums import Right
from jalons.core.values import format_date, format_number, french_spaces, plural
from jalons.editing.conflicts import Conflict, told_by
from jalons.editing.fact_forms import ReasonForm
from jalons.editing.writing import record, typed
from jalons.history.services import Stale
from jalons.sites.forms.follow import ClosingForm
from jalons.sites.models import Occupation, Site
from jalons.sites.nearby import sites_to_choose
from jalons.sites.pages import actor_on, form_page, on_site, sheet_url
from jalons.sites.resorption.selectors import site_preparation
from jalons.sites.selectors import last_survey
from jalons.sites.services import close_site, occupation_of, reopen_site
from jalons.sites.views.follow import SEARCH
from jalons.sites.views.resettlements import found_words
from jalons.sites.warnings import departure_warnings


@on_site(Right.CLOSE_SITE)
def close(request: HttpRequest, site: Site) -> HttpResponse:
    occupation = occupation_of(site)
    if request.method == "GET" and occupation.ended_on:
        messages.info(request, f"Ce site est déjà fermé depuis le {format_date(occupation.ended_on)}.")
        return redirect(sheet_url(site))
    figure = last_survey(site)
    if "totaux" in request.GET:
        return totals(request, site, figure)
    posted = request.POST
    sites = sites_to_choose(request.user, site, posted.get("q", ""), posted.getlist("others"))
    if SEARCH in posted:
        form = ClosingForm.echo(posted, sites=sites)
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
        stopped=site_preparation(site).stoppable,
        found=found_words(posted.get("q", ""), sites),
    )


def write_closing(form: ClosingForm, site: Site, sites: list[Site], by: Any) -> Occupation:
    cleaned_data = form.cleaned_data
    return close_site(
        site=site,
        by=by,
        closed_on=cleaned_data["closed_on"],
        reason=cleaned_data["reason_code"],
        note=cleaned_data["note"],
        departures=form.departures(),
        resettled_to=[site for site in sites if site.public_id in cleaned_data["others"]],
        seen=Occupation.objects.filter(site=site, pk=cleaned_data["seen"]).first()
        if cleaned_data["seen"]
        else None,
    )


def closing_words(closed: Occupation, form: ClosingForm) -> str:
    people, _ = form.totals()
    sentence = f"Le site est fermé depuis le {format_date(closed.ended_on)}" if closed.ended_on else ""
    if people.known:
        sentence += f" ; orientation dite pour {people} {plural(people.total, 'personne', 'personnes')}"
    return f"{sentence}."


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
    warnings = [
        french_spaces(departure_warning)
        for departure_warning in departure_warnings(people, households, figure)
    ]
    context = {"people": people, "households": households, "warnings": warnings}
    return render(request, "sites/_totals.html", context)


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
    people = sum(orientation.people or 0 for orientation in occupation.orientations.all())
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
