"""What was paid."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.conventions.models import Convention
from jalons.conventions.views.common import on_convention


@on_convention(Right.READ_CONVENTIONS)
def payments(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404


@on_convention(Right.WRITE_CONVENTION_MONEY)
def add_payment(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404


@on_convention(Right.WRITE_CONVENTION_MONEY)
def edit_payment(request: HttpRequest, convention: Convention, payment: str) -> HttpResponse:
    raise Http404
