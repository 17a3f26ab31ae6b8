"""Les financements et l’équipe."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.actions.models import Action
from jalons.actions.views.common import on_action


@on_action(Right.WRITE_FUNDING)
def funding(request: HttpRequest, action: Action) -> HttpResponse:
    raise Http404  # to be written


@on_action(Right.WRITE_FUNDING)
def funding_remove(request: HttpRequest, action: Action, lineage: uuid.UUID) -> HttpResponse:
    raise Http404  # to be written


@on_action(Right.FOLLOW_ACTION)
def team(request: HttpRequest, action: Action) -> HttpResponse:
    raise Http404  # to be written
