"""Pages open to all. They read what an edition published, and nothing else: a test counts their queries."""

import csv
import hashlib
import io
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import content_disposition_header, quote_etag
from django.views.decorators.http import require_safe

from jalons import __version__
from jalons.accounts.decorators import open_to_all
from jalons.core.headers import client_address, without_cookies
from jalons.core.navigation import full_address
from jalons.core.ui import Column, Tab
from jalons.core.views import Words, error_page
from jalons.exports.writers.cells import guarded
from jalons.figures.enums import AreaLevel
from jalons.public.disclosure import primary
from jalons.public.drawing import draw_open_map
from jalons.public.forms import ChosenFigures, read_choice
from jalons.public.half_years import HalfYear
from jalons.public.limits import MINUTE, is_too_fast
from jalons.public.measures import KEYS, definition, unit_of
from jalons.public.pages import HEADS, LEVELS, OpenPages, json_of, lines_of
from jalons.public.selectors import OutHalfYear, content_of, half_years_out
from jalons.territories.selectors import outlines, outlines_version

KEPT_SECONDS = 300
HALF_YEAR = "semestre"
TOO_FAST = Words(
    "Trop de pages demandées en une minute",
    "Ces chiffres se prennent en une fois\u00a0: le fichier csv ou JSON d’un semestre les contient tous.",
    ("Attendez une minute, puis recommencez.",),
)
COLUMNS = (
    Column("Territoire"),
    Column("Chiffre", numeric=True),
    Column("Couverture"),
)
Answer = Callable[..., HttpResponse]


def kept_a_while(view: Answer) -> Answer:
    """Copies may stay in browsers and on the way for five minutes; afterwards the same content is not sent again.

    Only for who shows no cookie: the menu, the messages and the name at the top are of one person.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_too_fast(client_address(request)):
            answer = error_page(request, 429, TOO_FAST)
            answer["Retry-After"] = str(MINUTE)
            return answer
        out = half_years_out()
        if not without_cookies(request):
            return view(request, *args, out=out, **kwargs)
        state = f"{__version__} {request.get_full_path()} {[(row.key, row.fingerprint) for row in out]}"
        etag = quote_etag(hashlib.sha256(state.encode()).hexdigest()[:32])
        answer = get_conditional_response(request, etag=etag) or view(request, *args, out=out, **kwargs)
        if answer.status_code in (200, 304):
            answer["ETag"] = etag
            answer.open_seconds = KEPT_SECONDS  # type: ignore[attr-defined]  # see `core.middleware.KeepsNothing`
            patch_vary_headers(answer, ["Cookie"])
        return answer

    return wrapper


def chosen(request: HttpRequest, out: list[OutHalfYear]) -> OutHalfYear | None:
    """The half-year of « ?semestre= », or the last one; 404 for one that is not out."""
    text = request.GET.get(HALF_YEAR, "")
    if not text:
        return out[0] if out else None
    wanted = next((row for row in out if row.half_year == HalfYear.parse(text)), None)
    if wanted is None:
        raise Http404("half-year")
    return wanted


@require_safe
@open_to_all
@kept_a_while
def figures(request: HttpRequest, out: list[OutHalfYear]) -> HttpResponse:
    half_year = chosen(request, out)
    if half_year is None:
        return render(request, "public/nothing.html")
    pages = OpenPages(content_of(half_year))
    choice = read_choice(request.GET, [row.half_year for row in out], pages.areas)
    return render(request, "public/figures.html", context_of(pages, half_year, choice))


def context_of(pages: OpenPages, out: OutHalfYear, choice: ChosenFigures) -> dict[str, Any]:
    area = pages.areas[choice.area]
    tiles = [(definition(figure.measure), figure) for figure in pages.of_area(area)]
    names = {region.area: region.name for region in pages.areas.values()}
    address = choice.address(out.half_year)
    rows = [
        (figure, names.get(figure.area.within, ""), choice.address(out.half_year, area=figure.area.area))
        for figure in pages.of_level(choice.measure, choice.level)
    ]
    return {
        "form": choice.form,
        "half_year": out.half_year,
        "pages": pages,
        "edition": pages.content["edition"],
        "area": area,
        "stocks": [tile for tile in tiles if not tile[0].is_flow],
        "flows": [tile for tile in tiles if tile[0].is_flow],
        "figure": definition(choice.measure),
        "unit": unit_of(choice.measure),
        "columns": COLUMNS,
        "rows": [row for row in rows if not row[0].is_hidden],
        "hidden_rows": [row for row in rows if row[0].is_hidden],
        "by_departement": choice.level == AreaLevel.DEPARTEMENT,
        "tabs": [
            Tab(label, choice.address(out.half_year, level=level), current=choice.level == level)
            for level, label in LEVELS.items()
        ],
        "map_url": f"{reverse('public:map')}?semestre={out.half_year.code}&mesure={choice.measure}"
        f"&niveau={choice.level}",
        "csv_url": f"{reverse('public:csv')}?semestre={out.half_year.code}",
        "json_url": f"{reverse('public:json')}?semestre={out.half_year.code}",
        "nation_url": address
        if area.level == AreaLevel.NATION
        else choice.address(out.half_year, area="nation"),
    }


@require_safe
@open_to_all
@kept_a_while
def as_csv(request: HttpRequest, out: list[OutHalfYear]) -> HttpResponse:
    half_year = file_of(request, out)
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADS)
    for line in lines_of(OpenPages(content_of(half_year))):
        writer.writerow([guarded(part) if isinstance(part, str) else part for part in line])
    return attached("\ufeff" + buffer.getvalue(), "text/csv; charset=utf-8", half_year, "csv")


@require_safe
@open_to_all
@kept_a_while
def as_json(request: HttpRequest, out: list[OutHalfYear]) -> HttpResponse:
    half_year = file_of(request, out)
    content = json_of(OpenPages(content_of(half_year)), full_address("public:method"))
    return attached(json.dumps(content, ensure_ascii=False, indent=1), "application/json", half_year, "json")


@require_safe
@open_to_all
@kept_a_while
def as_map(request: HttpRequest, out: list[OutHalfYear]) -> HttpResponse:
    half_year = file_of(request, out)
    measure = request.GET.get("mesure", KEYS[0])
    if measure not in KEYS:
        raise Http404("measure")
    pages = OpenPages(content_of(half_year))
    by_region = request.GET.get("niveau") == AreaLevel.REGION
    values = pages.values_by_departement(measure, by_region=by_region)
    title = (
        f"{definition(measure).label} par {'région' if by_region else 'département'}, {half_year.half_year}"
    )
    drawn = draw_open_map(title, outlines()["features"] if outlines_version() else [], values)
    return HttpResponse(drawn, content_type="image/svg+xml")


def file_of(request: HttpRequest, out: list[OutHalfYear]) -> OutHalfYear:
    half_year = chosen(request, out)
    if half_year is None:
        raise Http404("nothing is out")
    return half_year


def attached(content: str, kind: str, out: OutHalfYear, extension: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    name = f"jalons-chiffres-ouverts-{out.half_year.code}.{extension}"
    answer["Content-Disposition"] = str(content_disposition_header(True, name))
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@require_safe
@open_to_all
def method(request: HttpRequest) -> HttpResponse:
    rows = [(definition(key), key, unit_of(key)) for key in KEYS]
    return render(request, "public/method.html", {"rows": rows, "bounds": primary, "heads": HEADS})
