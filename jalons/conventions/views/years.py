"""Next year, and years side by side."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.conventions.models import Convention
from jalons.conventions.views.common import on_convention


@on_convention(Right.WRITE_CONVENTION)
def next_year(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404


@on_convention(Right.READ_CONVENTIONS)
def comparison(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404
