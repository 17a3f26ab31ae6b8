"""Les chiffres d’un territoire."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right


@requires(Right.READ_ACTIONS)
def panel(request: HttpRequest) -> HttpResponse:
    raise Http404  # to be written
