"""What the assembly voted."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.conventions.models import Convention
from jalons.conventions.views.common import on_convention


@on_convention(Right.READ_CONVENTIONS)
def deliberations(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404


@on_convention(Right.WRITE_DELIBERATION)
def add_deliberation(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404


@on_convention(Right.WRITE_DELIBERATION)
def edit_deliberation(request: HttpRequest, convention: Convention, deliberation: str) -> HttpResponse:
    raise Http404
