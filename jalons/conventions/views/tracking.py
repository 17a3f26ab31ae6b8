"""The tracking tables of a sheet."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.conventions.models import Commitment
from jalons.conventions.views.common import on_sheet


@on_sheet(Right.FILL_COMMITMENT)
def add_tracking(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    raise Http404


@on_sheet(Right.FILL_COMMITMENT)
def edit_tracking(request: HttpRequest, commitment: Commitment, position: int) -> HttpResponse:
    raise Http404
