"""Emporter la liste des dispositifs."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right


@requires(Right.EXPORT)
def export_choice(request: HttpRequest) -> HttpResponse:
    raise Http404  # to be written


@requires(Right.EXPORT)
def export(request: HttpRequest) -> HttpResponse:
    raise Http404  # to be written
