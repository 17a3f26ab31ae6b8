"""What does not add up, and what people answer."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.conventions.models import Convention
from jalons.conventions.views.common import on_convention


@on_convention(Right.READ_CONVENTIONS)
def alerts(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404


@on_convention(Right.FILL_COMMITMENT)
def acknowledge(request: HttpRequest, convention: Convention, fingerprint: str) -> HttpResponse:
    raise Http404


@on_convention(Right.FILL_COMMITMENT)
def reopen_alert(request: HttpRequest, convention: Convention, fingerprint: str) -> HttpResponse:
    raise Http404
