"""The columns and the rows of the figures of a sheet."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.conventions.models import Commitment
from jalons.conventions.views.common import on_sheet


@on_sheet(Right.FILL_COMMITMENT)
def edit_rows(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    raise Http404


@on_sheet(Right.FILL_COMMITMENT)
def edit_columns(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    raise Http404


@on_sheet(Right.FILL_COMMITMENT)
def add_actual_column(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    raise Http404
