"""Chercher ce qui a marché ailleurs, à partir d’un site."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can, territory_of
from jalons.alike.forms import CRITERIA_PARAMETER, AlikeForm
from jalons.alike.selectors.elsewhere import groups_elsewhere
from jalons.alike.selectors.situations import MOST, SiteInClasses, Situations, reference_of, situations
from jalons.core.values import format_date
from jalons.figures.disclosure import closed_quarter
from jalons.history.querysets import AsOf
from jalons.readership.services import note_readings
from jalons.sites.models import Site
from jalons.sites.pages import on_site, sheet_url


@require_safe
@on_site(Right.READ_SITES)
def situations_page(request: HttpRequest, site: Site) -> HttpResponse:
    at, complaints = AsOf.read(request.GET)
    reference = reference_of(request.user, site, at)
    offered = reference.offered if reference else ()
    data = request.GET.copy()
    form = AlikeForm(data, offered=offered)
    chosen = form.chosen()
    if not request.GET.getlist(CRITERIA_PARAMETER):
        data.setlist(CRITERIA_PARAMETER, [comparison.criterion.value for comparison in offered])
    alike = situations(request.user, reference, chosen, at) if reference else None
    size = reference.features.size if reference else None
    query = f"?{at.query}" if at.query else ""
    context = {
        "site": site,
        "sheet_url": sheet_url(site) + query,
        "at": at,
        "complaints": complaints,
        "form": form,
        "situations": alike,
        "most": MOST,
        "here": here_words(reference) if reference else (),
        "survey_url": survey_url(request, site, at),
        "reads_everywhere": territory_of(request.user, Right.READ_SITES).everywhere,
        "groups": groups_elsewhere(request.user, size, at),
        "groups_day": format_date(closed_quarter(at).day),
        "size": size.label if size else "",
    }
    leave_traces(request, site, reference, alike)
    return render(request, "alike/situations.html", context)


def here_words(reference: SiteInClasses) -> list[tuple[str, str]]:
    """The classes of the site itself: « Taille », « 50 à 99 personnes »; empty when it is not known."""
    return [
        (str(comparison.criterion.label), str(value.label) if value else "")
        for comparison in reference.offered
        for value in [reference.features.of(comparison.criterion)]
    ]


def survey_url(request: HttpRequest, site: Site, at: AsOf) -> str:
    """Where to say more of the site; empty for who may not."""
    if at.is_past or not can(request.user, Right.UPDATE_SITE, site):
        return ""
    return reverse("sites:survey_add", args=[site.public_id])


def leave_traces(
    request: HttpRequest, site: Site, reference: SiteInClasses | None, alike: Situations | None
) -> None:
    """Of each site whose procedure is told by its class: one query for all."""
    if reference is None or alike is None:
        return
    read = [situation.site for situation in alike.nearest if situation.reads_procedure]
    if reference.features.procedure is not None:
        read.append(site)
    note_readings(user=request.user, things=read, rights=[Right.READ_JUSTICE])
