"""Les sites prioritaires : la liste, ce qui s’en affiche à l’accueil et sur la fiche, l’export."""

from collections.abc import Mapping
from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.accounts.permissions import can, has, territory_of
from jalons.core import ui
from jalons.core.headers import by_htmx
from jalons.core.queries import url_with
from jalons.core.values import format_number, plural
from jalons.exports.responses import respond
from jalons.sites.models import Site
from jalons.sites.pages import on_site, sheet_url
from jalons.sites.selectors import home_of
from jalons.urgency.exports import PRIORITIES, form_for
from jalons.urgency.selectors import (
    PriorityFilter,
    priority_list,
    site_priorities,
    territory_words,
    urgent_lines,
)

PAGE_SIZE = 25
MAKER = "jalons.urgency.exports.PRIORITIES"
FEW_PLACES = 3
COLUMNS = (
    ui.Column("Site"),
    ui.Column("Personnes", numeric=True),
    ui.Column("Pourquoi"),
    ui.Column("Qui s’en occupe"),
)


@require_safe
@requires(Right.READ_SITES)
def priorities_page(request: HttpRequest) -> HttpResponse:
    form, departements = form_for(request.user, request.GET)
    asked = form.asked()
    ranking = priority_list(request.user, asked)
    page = Paginator(ranking.order, PAGE_SIZE).get_page(request.GET.get("page"))
    count = len(ranking.order)
    lines = ranking.lines(list(page.object_list))
    proposing = territory_of(request.user, Right.PROPOSE_ACTION)
    context = {
        "form": form,
        "asked": asked,
        "where": territory_words(
            request.user, asked, departements, territory_of(request.user, Right.READ_SITES)
        ),
        "weather": places_of_weather(request.user, asked, departements),
        "ranking": ranking,
        "counts": [
            (count, url_with(request.GET, {"page": None, "raison": count.rule.code}))
            for count in ranking.counts()
        ],
        "may_set": has(request.user, Right.SET_PRIORITIES),
        "page": page,
        "lines": lines,
        "proposable": {line.site.pk for line in lines if proposing.covers(line.site.commune)},
        "columns": COLUMNS,
        "caption": f"{format_number(count)} {plural(count, 'site', 'sites')}, ce qui presse d’abord",
        "export_url": reverse("urgency:export") + url_with(request.GET, {"page": None, "format": "xlsx"})
        if has(request.user, Right.EXPORT)
        else "",
    }
    return render(request, "urgency/list.html", context)


def places_of_weather(
    user: Any, asked: PriorityFilter, departements: Mapping[str, str]
) -> list[tuple[str, str]]:
    """The départements of the list whose page of heat and cold is offered: the one asked, or one’s own few."""
    if asked.departement in departements:
        return [(asked.departement, departements[asked.departement])]
    own = home_of(user).departements or (set(departements) if len(departements) <= FEW_PLACES else set())
    return [(code, name) for code, name in departements.items() if code in own][:FEW_PLACES]


@require_safe
@requires(Right.READ_SITES)
def urgent_band(request: HttpRequest) -> HttpResponse:
    """The first sites: a fragment of the home page, or a page by itself."""
    ranking, lines = urgent_lines(request.user)
    context = {"ranking": ranking, "lines": lines, "count": len(ranking.order)}
    return render(request, "urgency/_band.html" if by_htmx(request) else "urgency/band.html", context)


@require_safe
@on_site(Right.READ_SITES)
def site_page(request: HttpRequest, site: Site) -> HttpResponse:
    """What calls for somebody on one site: a fragment of its sheet, or a page by itself."""
    context = site_context(request, site)
    return render(request, "urgency/_site.html" if by_htmx(request) else "urgency/site.html", context)


def site_context(request: HttpRequest, site: Site) -> dict[str, Any]:
    line, broken = site_priorities(request.user, site)
    return {
        "site": site,
        "sheet_url": sheet_url(site),
        "line": line,
        "broken": broken,
        "may_act": can(request.user, Right.UPDATE_SITE, site),
    }


@requires(Right.EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    asked_format = request.GET.get("format", "")
    return respond(PRIORITIES, cast(User, request.user), request.GET, asked_format, MAKER)
