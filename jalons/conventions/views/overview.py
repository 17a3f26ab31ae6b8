"""A convention at a glance, and its deadlines."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.conventions.models import Convention
from jalons.conventions.views.common import on_convention


@on_convention(Right.READ_CONVENTIONS)
def overview(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404


@on_convention(Right.READ_CONVENTIONS)
def calendar(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404


@on_convention(Right.READ_CONVENTIONS)
def calendar_file(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404
