"""The execution report and its steps."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.conventions.models import Convention
from jalons.conventions.views.common import on_convention


@on_convention(Right.READ_CONVENTIONS)
def report(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404


@on_convention(Right.READ_CONVENTIONS)
def empty_cells(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404


@on_convention(Right.WRITE_CONVENTION)
def write_report(request: HttpRequest, convention: Convention, report: str) -> HttpResponse:
    raise Http404


@on_convention(Right.WRITE_CONVENTION)
def advance_report(request: HttpRequest, convention: Convention, report: str) -> HttpResponse:
    raise Http404


@on_convention(Right.VALIDATE_CONVENTION)
def review_report(request: HttpRequest, convention: Convention, report: str) -> HttpResponse:
    raise Http404
