"""La carte : la liste filtrée, vue autrement."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.permissions import has
from jalons.actions.models import InsertionSite
from jalons.core import ui
from jalons.core.queries import url_with
from jalons.core.values import format_long_date, format_number, plural
from jalons.layers.drawing import drawn_layers
from jalons.layers.selectors import offered_layers
from jalons.maps.drawing import MOST_MARKS, draw_map
from jalons.maps.selectors import (
    counts_by_departement,
    drawn_grounds,
    drawn_points,
    insertion_sites,
    placed,
    sites_collection,
    unplaced_sites,
)
from jalons.sites.figures import ListSums
from jalons.sites.forms.listing import AskedList, read_list
from jalons.sites.selectors import (
    SiteFilter,
    SiteRow,
    filtered_sites,
    ordered_sites,
    site_rows_by_key,
)
from jalons.sites.views.listing import (
    PAGE_SIZE,
    caption,
    compare_address,
    other_count,
    status_tabs,
    summed_page,
    tiles,
)
from jalons.territories.selectors import outlines
from jalons.thresholds.selectors import delay_words, limits_in_force

COLUMNS = (
    ui.Column("Site"),
    ui.Column("Personnes", numeric=True),
    ui.Column("dont mineurs", numeric=True),
    ui.Column("Recensement"),
    ui.Column("Ancienneté"),
)
GROUND_COLUMNS = (ui.Column("Terrain d’insertion"), ui.Column("Dispositif"), ui.Column("Commune"))
SITE = "site"  # ?site=: the site on which the map opens
# What the shape of a mark says.
FRESHNESS = {"good": "à jour", "due": "plus de {due}", "late": "plus de {stale}"}


@require_safe
@requires(Right.READ_SITES)
def site_map(request: HttpRequest) -> HttpResponse:
    read = read_list(request.user, request.GET)
    at, asked = read.at, read.filter
    chosen = filtered_sites(request.user, asked, at)
    sums, page, keys = summed_page(request, ordered_sites(request.user, chosen, asked), at, PAGE_SIZE)
    others = other_count(request, asked, at)
    query = url_with(request.GET, {"page": None, SITE: None})
    grounds = grounds_of(request, read)
    tabs = status_tabs(request, asked, sums.sites, others, on_map=True)
    context = {
        "at": at,
        "delays": survey_delays(),
        "compare_url": compare_address(request, at),
        "complaints": read.complaints,
        "form": read.form,
        "asked": asked,
        "sums": sums,
        "tiles": figures(request, sums, asked),
        "tabs": tabs,
        "elsewhere": ui.elsewhere(tabs),
        "where": read.territory,
        "title": title(read, sums.sites),
        "caption": caption(sums.sites, asked),
        "columns": COLUMNS,
        "page": page,
        "rows": table_rows(site_rows_by_key(request.user, keys, at), asked),
        "unplaced": unplaced_sites(chosen),
        "grounds": grounds,
        "placed_grounds": len(placed(grounds)),
        "grounds_caption": ground_words(len(grounds)),
        "ground_columns": GROUND_COLUMNS,
        "focus": request.GET.get(SITE, ""),
        "points_url": reverse("maps:sites") + query,
        "drawing_url": reverse("maps:drawing") + query,
        "list_url": reverse("sites:list") + query,
        "may_export": has(request.user, Right.EXPORT),
        "export_url": reverse("sites:export_choice") + query,
        "layers": offered_layers(request.user),
        "back": request.get_full_path(),
        "may_declare": has(request.user, Right.DECLARE_SITE) and not at.is_past,
    }
    return render(request, "maps/map.html", context)


def grounds_of(request: HttpRequest, read: AskedList) -> list[InsertionSite]:
    """A closed site is looked for among closed ones: what is set up today stands aside."""
    return [] if read.filter.status == "closed" else insertion_sites(request.user, read.at, read.filter)


def ground_words(count: int) -> str:
    """« 3 terrains d’insertion »."""
    return f"{format_number(count)} {plural(count, 'terrain', 'terrains')} d’insertion"


def title(read: AskedList, count: int) -> str:
    """« 43 sites ouverts au 1er janvier 2020, Nord (59) »."""
    forms = {"closed": ("fermé", "fermés"), "open": ("ouvert", "ouverts"), "any": ("connu", "connus")}
    status = plural(count, *forms[read.filter.status])
    words = f"{format_number(count)} {plural(count, 'site', 'sites')} {status}"
    return f"{words} au {format_long_date(read.at.day)}, {read.territory}"


def figures(request: HttpRequest, sums: ListSums, asked: SiteFilter) -> list[dict[str, str]]:
    """The sums of the list; nobody waits for a new count on a closed site."""
    sums_shown = tiles(sums, asked, url_with(request.GET, {"page": None, "maj": "6"}))
    return sums_shown[:-1] if asked.status == "closed" else sums_shown


def survey_delays() -> dict[str, str]:
    """From when a count is due, and stale, in words."""
    limits = limits_in_force()
    return {"due": delay_words(limits.survey_due), "stale": delay_words(limits.survey_stale)}


def table_rows(rows: list[SiteRow], asked: SiteFilter) -> list[dict[str, Any]]:
    """What the marks of one page of sites say, in words; a closed site has no sign."""
    if asked.status == "closed":
        return [{"row": row, "sign": "", "words": row.occupation.words} for row in rows]
    delays = survey_delays()
    return [
        {
            "row": row,
            "sign": row.freshness,
            "words": FRESHNESS[row.freshness].format(**delays) if row.figure else "jamais recensé",
        }
        for row in rows
    ]


@require_safe
@requires(Right.READ_SITES)
def sites_geojson(request: HttpRequest) -> HttpResponse:
    """The points of the filtered list: see `selectors.sites_collection`. Places stay out of every cache."""
    read = read_list(request.user, request.GET)
    chosen = filtered_sites(request.user, read.filter, read.at)
    grounds = grounds_of(request, read)
    return json_answer(sites_collection(chosen, read.filter, read.at, grounds))


def json_answer(content: dict[str, Any]) -> HttpResponse:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), check_circular=False)
    return HttpResponse(text, content_type="application/geo+json")


@require_safe
@requires(Right.READ_SITES)
def sites_drawing(request: HttpRequest) -> HttpResponse:
    """The filtered list as a picture, for pages without JavaScript and for documents."""
    read = read_list(request.user, request.GET)
    chosen = filtered_sites(request.user, read.filter, read.at)
    counts = counts_by_departement(chosen)
    points = drawn_points(chosen, read.filter, read.at, MOST_MARKS)
    grounds = drawn_grounds(grounds_of(request, read))
    words = title(read, sum(counts.values()))
    layers = drawn_layers(request.user)
    drawing = draw_map(
        words, outlines()["features"], counts, points, grounds, layers, limits=limits_in_force()
    )
    return HttpResponse(drawing, content_type="image/svg+xml")
