"""A page that writes on a site, to try what happens when the session ends; never served."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_POST

from jalons.accounts.decorators import open_to_all, requires
from jalons.accounts.enums import Right
from jalons.accounts.permissions import actor_for, fetch
from jalons.sites.models import Site
from tests.factories import OPENED, make_event


@requires(Right.UPDATE_SITE)
@require_POST
def note(request: HttpRequest, public_id: str) -> HttpResponse:
    site: Any = fetch(request.user, Site.objects.all(), Right.UPDATE_SITE, public_id=public_id)
    by = actor_for(request.user, Right.UPDATE_SITE, site.commune)  # type: ignore[arg-type]
    for text in request.POST.getlist("description"):
        make_event(site, OPENED, by=by, description=text)
    return HttpResponse("écrit")


@open_to_all
def anybody(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ouvert")


urlpatterns = [
    path("essai/ouvert/", anybody, name="anybody"),
    path("essai/<str:public_id>/", note, name="note"),
    path("", include("jalons.config.urls")),
]
handler403 = "jalons.core.views.forbidden"
handler404 = "jalons.core.views.not_found"
