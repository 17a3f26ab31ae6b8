"""La fiche d’un dispositif, son historique, son administration."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.actions.models import Action
from jalons.actions.views.common import on_action


@on_action(Right.READ_ACTIONS)
def sheet(request: HttpRequest, action: Action) -> HttpResponse:
    raise Http404  # to be written


@on_action(Right.READ_ACTIONS)
def history(request: HttpRequest, action: Action) -> HttpResponse:
    raise Http404  # to be written


@on_action(Right.READ_ACTIONS)
def administration(request: HttpRequest, action: Action) -> HttpResponse:
    raise Http404  # to be written
