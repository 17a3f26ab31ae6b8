"""The list of conventions, and a new one."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right


@requires(Right.READ_CONVENTIONS)
def list(request: HttpRequest) -> HttpResponse:
    raise Http404


@requires(Right.WRITE_CONVENTION)
def new(request: HttpRequest) -> HttpResponse:
    raise Http404
