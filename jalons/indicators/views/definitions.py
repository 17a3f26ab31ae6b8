"""Les indicateurs d’un dispositif et leurs objectifs."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.actions.models import Action
from jalons.actions.views.common import on_action


@on_action(Right.READ_ACTIONS)
def followed(request: HttpRequest, action: Action) -> HttpResponse:
    raise Http404  # to be written


@on_action(Right.FOLLOW_ACTION)
def create(request: HttpRequest, action: Action) -> HttpResponse:
    raise Http404  # to be written


@on_action(Right.FOLLOW_ACTION)
def edit(request: HttpRequest, action: Action, indicator_id: str) -> HttpResponse:
    raise Http404  # to be written


@on_action(Right.FOLLOW_ACTION)
def follow(request: HttpRequest, action: Action, indicator_id: str) -> HttpResponse:
    raise Http404  # to be written


@on_action(Right.EDIT_ACTION)
def objectives(request: HttpRequest, action: Action) -> HttpResponse:
    raise Http404  # to be written
