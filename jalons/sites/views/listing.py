"""La liste, ses sommes et son export."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.decorators import signed_in


@signed_in
def site_list(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def export_choice(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def export(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404
