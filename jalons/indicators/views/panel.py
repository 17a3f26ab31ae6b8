"""Les chiffres d’un territoire."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.actions.forms.listing import read_list
from jalons.actions.selectors.listing import filtered_actions, shown_territory
from jalons.core import headers
from jalons.core.queries import url_with
from jalons.core.values import format_number, plural
from jalons.figures.readings import FigureReading
from jalons.indicators.selectors.territory import TerritoryFigures, territory_figures

COVERED = "Sites couverts par au moins un dispositif en cours"


@requires(Right.READ_ACTIONS)
def panel(request: HttpRequest) -> HttpResponse:
    """A page of its own, or with htmx the figures alone, above the list."""
    read = read_list(request.user, request.GET)
    at, asked = read.at, read.filter
    narrowed = asked.is_narrowed
    chosen = filtered_actions(request.user, asked.with_status("any"), at) if narrowed else None
    territory = shown_territory(request.user, asked.departement, at_home=asked.at_home, area=asked.area)
    figures = territory_figures(request.user, territory, at, chosen)
    context = {
        "at": at,
        "complaints": read.complaints,
        "where": read.territory,
        "narrowed": narrowed,
        "figures": figures,
        "now": now_tiles(figures, narrowed=narrowed),
        "flows": flow_tiles(figures),
        "list_url": reverse("actions:list") + url_with(request.GET, {"page": None}),
    }
    alone = headers.by_htmx(request)
    return render(request, "indicators/_panel.html" if alone else "indicators/panel.html", context)


def now_tiles(figures: TerritoryFigures, *, narrowed: bool) -> list[dict[str, Any]]:
    covered, sites = figures.sites.numerator, figures.sites.denominator
    open_sites = f"{format_number(sites)} {plural(sites, 'site ouvert', 'sites ouverts')}"
    return [
        {
            "label": plural(figures.running, "Dispositif en cours", "Dispositifs en cours"),
            "figure": format_number(figures.running),
            "coverage": "dans cette recherche" if narrowed else "sur ce territoire",
        },
        {
            "label": "Sites couverts par l’un d’eux" if narrowed else COVERED,
            "figure": str(figures.sites) if sites else "",
            "coverage": f"{format_number(covered)} sur {open_sites}" if sites else "aucun site ouvert",
        },
    ]


def flow_tiles(figures: TerritoryFigures) -> list[dict[str, Any]]:
    return [
        {
            "label": "Personnes sorties en logement",
            "figure": figures.housed.short(none="0 signalée"),
            "coverage": flow_coverage(figures.housed),
        },
        {
            "label": "Personnes ayant accédé à un emploi",
            "figure": figures.hired.short(none="0 signalée"),
            "coverage": f"contrats de travail signés, {flow_coverage(figures.hired)}",
        },
    ]


def flow_coverage(flow: FigureReading) -> str:
    """« 37 dispositifs sur 51, mis à jour le 30/12/2019 », « 6 dispositifs sans réponse, … »."""
    if not flow.expected:
        return "aucun dispositif concerné"
    return ", ".join(filter(None, (flow.coverage("dispositif", "dispositifs"), flow.freshness)))
