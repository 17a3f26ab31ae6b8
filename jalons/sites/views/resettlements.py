"""Pages of the resettlements of a site."""

import uuid
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.core.values import format_date, french_spaces
from jalons.editing.writing import record, typed, withdrawn
from jalons.sites.forms.follow import ResettlementForm
from jalons.sites.models import Resettlement, Site
from jalons.sites.nearby import sites_to_choose
from jalons.sites.pages import actor_on, form_page, on_site, sheet_url
from jalons.sites.services import link_resettlement
from jalons.sites.views.common import version_in_view
from jalons.sites.views.fact_pages import reason_page
from jalons.sites.views.follow import SEARCH


@on_site(Right.UPDATE_SITE)
def resettlement_add(request: HttpRequest, site: Site) -> HttpResponse:
    by = actor_on(request, site, Right.UPDATE_SITE)
    posted = request.POST
    chosen = [posted["other"]] if "other" in posted else []
    sites = sites_to_choose(request.user, site, posted.get("q", ""), chosen)
    if SEARCH in posted:
        form = ResettlementForm.echo(posted, sites=sites)
    else:
        direction = request.GET.get("sens", ResettlementForm.TO)
        form = ResettlementForm(typed(request), sites=sites, initial={"direction": direction})
    answer = record(
        request,
        form,
        lambda: write_resettlement(form.values_to_save(), site, sites, by),
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
        found=found_words(posted.get("q", ""), sites),
    )


def write_resettlement(values: dict[str, Any], site: Site, sites: list[Site], by: Any) -> Resettlement:
    other = next(site for site in sites if site.public_id == values["other"])
    outwards = values["direction"] == ResettlementForm.TO
    return link_resettlement(
        origin=site if outwards else other,
        site=other if outwards else site,
        on=values["on"],
        by=by,
        people=values["people"],
        households=values["households"],
        note=values["note"],
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
