"""Échéances, fermeture, réouverture."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.actions.models import Action
from jalons.actions.views.common import on_action


@on_action(Right.EDIT_ACTION)
def deadline_add(request: HttpRequest, action: Action) -> HttpResponse:
    raise Http404  # to be written


@on_action(Right.EDIT_ACTION)
def deadline_remove(request: HttpRequest, action: Action, pk: int) -> HttpResponse:
    raise Http404  # to be written


@on_action(Right.EDIT_ACTION)
def close(request: HttpRequest, action: Action) -> HttpResponse:
    raise Http404  # to be written


@on_action(Right.EDIT_ACTION)
def reopen(request: HttpRequest, action: Action) -> HttpResponse:
    raise Http404  # to be written
