"""Who works on a convention."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.conventions.models import Convention
from jalons.conventions.views.common import on_convention


@on_convention(Right.READ_CONVENTIONS)
def seats(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404


@on_convention(Right.WRITE_CONVENTION)
def add_seat(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404


@on_convention(Right.WRITE_CONVENTION)
def remove_seat(request: HttpRequest, convention: Convention, seat: str) -> HttpResponse:
    raise Http404
