"""La fiche d’un site."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.decorators import signed_in


@signed_in
def site_sheet(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def site_history(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def sheet_document(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404
