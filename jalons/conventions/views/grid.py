"""The figures of a sheet: typed, pasted, detailed."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.conventions.models import Commitment
from jalons.conventions.views.common import on_sheet


@on_sheet(Right.FILL_FIGURES)
def grid(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    raise Http404


@on_sheet(Right.FILL_FIGURES)
def paste(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    raise Http404


@on_sheet(Right.FILL_FIGURES)
def cell(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    raise Http404


@on_sheet(Right.READ_CONVENTIONS)
def cell_history(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    raise Http404
