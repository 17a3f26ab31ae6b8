"""La fiche d’un dispositif à emporter."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.actions.models import Action
from jalons.actions.views.common import on_action


@on_action(Right.EXPORT)
def document(request: HttpRequest, action: Action, extension: str) -> HttpResponse:
    raise Http404  # to be written
