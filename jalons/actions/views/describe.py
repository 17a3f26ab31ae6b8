"""Modifier un dispositif."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.actions.models import Action
from jalons.actions.views.common import on_action


@on_action(Right.EDIT_ACTION)
def edit(request: HttpRequest, action: Action) -> HttpResponse:
    raise Http404  # to be written


@on_action(Right.EDIT_ACTION)
def sites(request: HttpRequest, action: Action) -> HttpResponse:
    raise Http404  # to be written


@on_action(Right.EDIT_ACTION)
def insertion_site_add(request: HttpRequest, action: Action) -> HttpResponse:
    raise Http404  # to be written


@on_action(Right.EDIT_ACTION)
def insertion_site_edit(request: HttpRequest, action: Action, pk: int) -> HttpResponse:
    raise Http404  # to be written


@on_action(Right.EDIT_ACTION)
def insertion_site_remove(request: HttpRequest, action: Action, pk: int) -> HttpResponse:
    raise Http404  # to be written


@on_action(Right.EDIT_ACTION)
def contact_add(request: HttpRequest, action: Action) -> HttpResponse:
    raise Http404  # to be written


@on_action(Right.EDIT_ACTION)
def contact_edit(request: HttpRequest, action: Action, pk: int) -> HttpResponse:
    raise Http404  # to be written


@on_action(Right.EDIT_ACTION)
def contact_remove(request: HttpRequest, action: Action, pk: int) -> HttpResponse:
    raise Http404  # to be written
