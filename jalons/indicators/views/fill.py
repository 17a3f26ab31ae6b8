"""Remplir un point de suivi, le corriger, le retirer."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.actions.models import Action
from jalons.actions.views.common import on_action


@on_action(Right.FOLLOW_ACTION)
def fill(request: HttpRequest, action: Action) -> HttpResponse:
    raise Http404  # to be written


@on_action(Right.FOLLOW_ACTION)
def draft(request: HttpRequest, action: Action) -> HttpResponse:
    raise Http404  # to be written


@on_action(Right.FOLLOW_ACTION)
def warnings(request: HttpRequest, action: Action) -> HttpResponse:
    raise Http404  # to be written


@on_action(Right.FOLLOW_ACTION)
def unchanged(request: HttpRequest, action: Action) -> HttpResponse:
    raise Http404  # to be written


@on_action(Right.FOLLOW_ACTION)
def correct(request: HttpRequest, action: Action, lineage: uuid.UUID) -> HttpResponse:
    raise Http404  # to be written


@on_action(Right.FOLLOW_ACTION)
def withdraw(request: HttpRequest, action: Action, lineage: uuid.UUID) -> HttpResponse:
    raise Http404  # to be written
