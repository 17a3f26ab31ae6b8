"""From the sheets to the payments, each link green or with its gap."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.conventions.models import Convention
from jalons.conventions.views.common import on_convention


@on_convention(Right.READ_CONVENTIONS)
def reconciliation(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404
