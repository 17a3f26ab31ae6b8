"""Comparer des territoires, sans les classer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.accounts.permissions import has
from jalons.core import ui
from jalons.core.queries import url_with
from jalons.core.values import format_long_date
from jalons.exports.responses import respond
from jalons.figures.areas import AREA_PARAMETER
from jalons.figures.registry import SINCE_PARAMETER
from jalons.reports.exports import COMPARISON
from jalons.reports.forms import PLACE_PARAMETER, SideBySideForm
from jalons.reports.selectors.aggregates import snapped
from jalons.reports.selectors.areas import area_groups
from jalons.reports.selectors.asking import AskedComparison, read_comparison
from jalons.reports.selectors.comparables import Comparable, comparables
from jalons.reports.selectors.comparing import MOST, ComparedArea, comparison_of


@dataclass(frozen=True, slots=True)
class ChosenArea:
    """`remove_url`: the same page without it; empty for the only one. `dashboard_url`: empty when it is not read."""

    label: str
    dashboard_url: str
    remove_url: str


@require_safe
@requires(Right.READ_SITES)
def compare(request: HttpRequest) -> HttpResponse:
    read = read_comparison(request.user, request.GET)
    if read is None:
        raise Http404
    asked = read.question
    first, last = asked.days
    texts = [area.area.text for area in read.areas]
    full = len(texts) >= MOST
    near = comparables(asked, texts)
    data = request.GET.copy()
    data.setlist(AREA_PARAMETER, [])
    data[SINCE_PARAMETER] = first.isoformat()
    data[PLACE_PARAMETER] = ""
    columns = [ui.Column("Chiffre"), *(ui.Column(area.label, numeric=True) for area in read.areas)]
    context = {
        "at": asked.at,
        "complaints": read.complaints,
        "form": SideBySideForm(data, areas=choices(request.user, read)),
        "texts": texts,
        "chosen": chosen_areas(request, read.areas),
        "full": full,
        "proposals": [] if full else proposals(request, near.same_volume, near.neighbours, texts),
        "table": comparison_of(asked, read.areas),
        "columns": columns,
        "caption": f"Du {format_long_date(first)} au {format_long_date(last)}",
        "half_year": snapped(asked).days if any(area.aggregate for area in read.areas) else None,
        "export_url": export_url(request, texts) if has(request.user, Right.EXPORT) else "",
    }
    return render(request, "reports/compare.html", context)


@require_safe
@requires(Right.EXPORT)
def export_comparison(request: HttpRequest) -> HttpResponseBase:
    return respond(COMPARISON, cast(User, request.user), request.GET, request.GET.get("format", ""))


def choices(user: Any, read: AskedComparison) -> list[Any]:
    """The territories that one may add, by level; an operator is not one."""
    places = area_groups(user, read.areas[0].area)[: -1 if has(user, Right.READ_ACTIONS) else None]
    beyond = [(text, aggregate.area.label) for text, aggregate in read.aggregates.items()]
    return [*places, *([("Arrondis, au semestre", beyond)] if beyond else [])]


def chosen_areas(request: HttpRequest, areas: Sequence[ComparedArea]) -> list[ChosenArea]:
    dates = {name: request.GET.get(name) or None for name in (SINCE_PARAMETER, "au", "connu-le")}
    board = reverse("reports:dashboard")
    return [
        ChosenArea(
            label=area.label,
            dashboard_url=""
            if area.aggregate
            else f"{board}{url_with({}, {AREA_PARAMETER: area.area.text, **dates})}",
            remove_url=address(request, [other.area.text for other in areas if other is not area])
            if len(areas) > 1
            else "",
        )
        for area in areas
    ]


def proposals(
    request: HttpRequest,
    same_volume: Sequence[Comparable],
    neighbours: Sequence[Comparable],
    texts: Sequence[str],
) -> list[tuple[str, list[tuple[str, str]]]]:
    """« Même volume », « Voisins »: label and address of the page with one more."""
    groups = (("Même volume (à 30 % près)", same_volume), ("Voisins", neighbours))
    return [
        (title, [(place.label, address(request, [*texts, place.text])) for place in places])
        for title, places in groups
        if places
    ]


def address(request: HttpRequest, texts: Sequence[str]) -> str:
    """The same page for other territories."""
    query = request.GET.copy()
    query.pop(PLACE_PARAMETER, None)
    query.setlist(AREA_PARAMETER, list(texts))
    return f"?{query.urlencode()}"


def export_url(request: HttpRequest, texts: Sequence[str]) -> str:
    return f"{reverse('reports:compare_export')}{address(request, texts)}&format=xlsx"
