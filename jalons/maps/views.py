"""La carte : la liste filtrée, vue autrement."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right


@requires(Right.READ_SITES)
def site_map(request: HttpRequest) -> HttpResponse:
    raise Http404


@requires(Right.READ_SITES)
def sites_geojson(request: HttpRequest) -> HttpResponse:
    raise Http404
