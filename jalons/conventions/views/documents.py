"""Documents to print, sign and send."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.conventions.models import Convention
from jalons.conventions.views.common import on_convention


@on_convention(Right.READ_CONVENTIONS)
def documents(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404


@on_convention(Right.EXPORT)
def document(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404
