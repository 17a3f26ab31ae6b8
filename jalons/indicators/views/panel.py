"""Les chiffres d’un territoire."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.permissions import territory_of
from jalons.actions.selectors.listing import home_of, shown_territory
from jalons.core import headers
from jalons.core.queries import url_with
from jalons.core.values import format_date, format_number, plural
from jalons.history.querysets import AsOf
from jalons.indicators.selectors.territory import Flow, TerritoryFigures, territory_figures
from jalons.sites.forms.listing import EVERYWHERE
from jalons.sites.selectors import names_of
from jalons.sites.views.listing import at_least
from jalons.territories.models import Departement


@requires(Right.READ_ACTIONS)
def panel(request: HttpRequest) -> HttpResponse:
    """A page of its own, or with htmx the figures alone, above the list."""
    at, complaints = AsOf.read(request.GET)
    departements = dict(Departement.objects.order_by("code").values_list("code", "name"))
    asked = request.GET.get("departement", "")
    seen = territory_of(request.user, Right.READ_ACTIONS)
    chosen = asked if asked in departements and (seen.everywhere or asked in seen.departements) else ""
    # The list of another search keeps these figures: they are those of the place, not of the search.
    home = home_of(request.user) and asked != EVERYWHERE
    territory = shown_territory(request.user, chosen, at_home=bool(home))
    figures = territory_figures(request.user, territory, at)
    context = {
        "at": at,
        "complaints": complaints,
        "where": names_of(territory, departements),
        "figures": figures,
        "now": now_tiles(figures),
        "flows": flow_tiles(figures),
        "list_url": reverse("actions:list") + url_with(request.GET, {"page": None}),
    }
    alone = headers.by_htmx(request)
    return render(request, "indicators/_panel.html" if alone else "indicators/panel.html", context)


def now_tiles(figures: TerritoryFigures) -> list[dict[str, Any]]:
    covered, sites = figures.sites.numerator, figures.sites.denominator
    open_sites = f"{format_number(sites)} {plural(sites, 'site ouvert', 'sites ouverts')}"
    return [
        {
            "label": plural(figures.running, "Dispositif en cours", "Dispositifs en cours"),
            "figure": format_number(figures.running),
            "coverage": "sur ce territoire",
        },
        {
            "label": "Sites couverts par au moins un dispositif en cours",
            "figure": str(figures.sites) if sites else "",
            "coverage": f"{format_number(covered)} sur {open_sites}" if sites else "aucun site ouvert",
        },
    ]


def flow_tiles(figures: TerritoryFigures) -> list[dict[str, Any]]:
    return [
        {
            "label": "Personnes sorties en logement",
            "figure": at_least(figures.housed.total),
            "coverage": flow_coverage(figures.housed),
        },
        {
            "label": "Personnes ayant accédé à un emploi",
            "figure": at_least(figures.hired.total),
            "coverage": f"contrats de travail signés, {flow_coverage(figures.hired)}",
        },
    ]


def flow_coverage(flow: Flow) -> str:
    """« 37 dispositifs sur 51, mis à jour le 30/12/2019 »."""
    if not flow.total.expected:
        return "aucun dispositif concerné"
    told = flow.total.coverage("dispositif", "dispositifs")
    return f"{told}, mis à jour le {format_date(flow.latest)}" if flow.latest else told
