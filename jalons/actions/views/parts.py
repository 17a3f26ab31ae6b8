"""Qui intervient dans un dispositif."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.actions.models import Action
from jalons.actions.views.common import on_action


@on_action(Right.EDIT_ACTION)
def parts(request: HttpRequest, action: Action) -> HttpResponse:
    raise Http404  # to be written
