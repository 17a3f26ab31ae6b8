"""Déclarer un dispositif."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right


@requires(Right.DECLARE_ACTION)
def declare(request: HttpRequest) -> HttpResponse:
    raise Http404  # to be written
