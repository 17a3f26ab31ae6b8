"""Figures out to a spreadsheet, and back."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.conventions.models import Convention
from jalons.conventions.views.common import on_convention


@on_convention(Right.EXPORT)
def workbook(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404


@on_convention(Right.FILL_COMMITMENT)
def upload_workbook(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404
