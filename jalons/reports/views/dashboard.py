"""Le tableau de bord."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.permissions import has
from jalons.core import headers, ui
from jalons.core.queries import url_with
from jalons.core.values import format_long_date
from jalons.figures.areas import AREA_PARAMETER
from jalons.figures.registry import SINCE_PARAMETER, FigureQuestion
from jalons.reports.charts import TRENDS
from jalons.reports.forms import PLACE_PARAMETER, DashboardForm
from jalons.reports.selectors.areas import area_groups, area_named
from jalons.reports.selectors.asking import AskedDashboard, read_dashboard
from jalons.reports.selectors.barometer import barometer
from jalons.reports.selectors.below import below
from jalons.reports.selectors.blocks import blocks_of, reading_limits, readings_and_places
from jalons.reports.selectors.trends import trend_charts

EVERYTHING = "tout"
BELOW_COLUMNS = (
    ui.Column("Territoire"),
    ui.Column("Sites ouverts", numeric=True),
    ui.Column("Personnes", numeric=True),
    ui.Column("Recensés"),
)


def asked_on_page(request: HttpRequest) -> AskedDashboard:
    read = read_dashboard(request.user, request.GET)
    if read is None:
        raise Http404
    return read


@require_safe
@requires(Right.READ_SITES)
def dashboard(request: HttpRequest) -> HttpResponse:
    if named := request.GET.get(PLACE_PARAMETER, "").strip():
        place = area_named(request.user, named)
        if place is not None:
            changes = {AREA_PARAMETER: place.text, PLACE_PARAMETER: None}
            return redirect(reverse("reports:dashboard") + url_with(request.GET, changes))
    read = asked_on_page(request)
    if named:
        read.complaints.append(
            f"Aucun territoire que vous pouvez lire ne s’appelle « {named[:80]} ». Essayez un nom de commune, "
            "d’intercommunalité ou un code INSEE."
        )
    asked, everything = read.question, EVERYTHING in request.GET
    readings, places = readings_and_places(asked)
    context = {
        **page_context(request, read),
        "blocks": blocks_of(asked, readings, everything=everything),
        "everything": everything,
        "more_url": url_with(request.GET, {EVERYTHING: None if everything else "1"}),
        "sites": readings["sites-ouverts"],
        "people": readings["personnes"],
        "barometer": barometer(asked, readings),
        "below": (made_of := below(asked, places)),
        "below_caption": f"Sites et habitants par {made_of.level.lower()}" if made_of else "",
        "below_columns": BELOW_COLUMNS,
        "limits": reading_limits(asked),
        "trends_url": reverse("reports:trends") + url_with(request.GET, {EVERYTHING: None}),
    }
    return render(request, "reports/dashboard.html", context)


@require_safe
@requires(Right.READ_SITES)
def trends(request: HttpRequest) -> HttpResponse:
    """The curves: a page of its own, or with htmx the curves alone, under the blocks."""
    read = asked_on_page(request)
    context = {
        **page_context(request, read),
        "charts": list(zip(TRENDS, trend_charts(read.question), strict=True)),
        "back": reverse("reports:dashboard") + url_with(request.GET, {}),
    }
    template = "reports/_trends.html" if headers.by_htmx(request) else "reports/trends.html"
    return render(request, template, context)


def page_context(request: HttpRequest, read: AskedDashboard) -> dict[str, Any]:
    asked = read.question
    first, last = asked.days
    data = request.GET.copy()
    data[AREA_PARAMETER] = asked.area.text
    data[SINCE_PARAMETER] = first.isoformat()
    return {
        "at": asked.at,
        "area": asked.area,
        "complaints": read.complaints,
        **taking_urls(request, asked, data),
        "compare_url": reverse("reports:compare") + url_with(data, {PLACE_PARAMETER: None, EVERYTHING: None}),
        "form": DashboardForm(data, areas=area_groups(request.user, asked.area)),
        "first": first,
        "last": last,
        "where": f"{asked.area.label}, au {format_long_date(last)}",
    }


def taking_urls(request: HttpRequest, asked: FigureQuestion, data: QueryDict) -> dict[str, Any]:
    """Where the page is taken away, for those who may: the sheet of the territory, and each drawing."""
    if not has(request.user, Right.EXPORT):
        return {"sheet_urls": [], "chart_url": ""}
    query = url_with(data, {PLACE_PARAMETER: None, EVERYTHING: None})
    formats = (("PDF", "pdf"), ("Word", "docx")) if asked.area.is_place else ()
    return {
        "sheet_urls": [(label, reverse("reports:sheet", args=[code]) + query) for label, code in formats],
        "chart_url": reverse("reports:chart") + query,
    }
