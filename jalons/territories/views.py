"""What the pages ask while a person types or looks at a map."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import condition, require_safe

from jalons.territories.selectors import (
    as_json,
    outlines_around,
    outlines_json,
    outlines_version,
    search_communes,
)


@require_safe
@login_required
def communes(request: HttpRequest) -> JsonResponse:
    """`?q=` and any number of `?departement=` → `[{code, label, detail}]`; `code` is the commune’s."""
    codes = request.GET.getlist("departement")
    departements = [code for code in codes if code.isalnum()] if codes else None
    places = search_communes(request.GET.get("q", ""), departements=departements)
    results = [{"code": place.commune_id, "label": place.label, "detail": place.detail} for place in places]
    return JsonResponse(results, safe=False)


def outlines_etag(request: HttpRequest) -> str | None:
    version = outlines_version()
    return f'"{version}"' if version else None


@require_safe
@login_required
@condition(etag_func=outlines_etag)
def departements(request: HttpRequest) -> HttpResponse:
    """Outlines of the départements, in GeoJSON; `?autour=50.6,3.1`: only those around this point."""
    latitude, longitude = (parse_degrees(part) for part in f"{request.GET.get('autour', '')},".split(",")[:2])
    if latitude is None or longitude is None:
        content = outlines_json(outlines_version())
    else:
        content = as_json(outlines_around(latitude, longitude))
    return HttpResponse(content, content_type="application/geo+json")


def parse_degrees(text: str) -> float | None:
    try:
        degrees = float(text)
    except ValueError:
        return None
    return degrees if abs(degrees) <= 180 else None
