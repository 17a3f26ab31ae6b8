"""L’onglet « Suivi » d’un dispositif et ce qu’on en emporte."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.actions.models import Action
from jalons.actions.views.common import on_action


@on_action(Right.READ_ACTIONS)
def table(request: HttpRequest, action: Action) -> HttpResponse:
    raise Http404  # to be written


@on_action(Right.EXPORT)
def table_export(request: HttpRequest, action: Action) -> HttpResponse:
    raise Http404  # to be written
