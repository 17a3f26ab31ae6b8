"""The money of a sheet."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.conventions.models import Commitment
from jalons.conventions.views.common import on_sheet


@on_sheet(Right.WRITE_CONVENTION_MONEY)
def edit_budget(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    raise Http404


@on_sheet(Right.WRITE_CONVENTION_MONEY)
def edit_sub_budgets(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    raise Http404
