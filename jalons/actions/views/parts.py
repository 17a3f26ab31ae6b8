"""Qui intervient dans un dispositif."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.organisations import Directory
from jalons.actions.enums import ParticipationRole
from jalons.actions.forms.parts import ChangePartsForms
from jalons.actions.models import Action, Participation
from jalons.actions.services import change_parts
from jalons.actions.views.common import actor_on, on_action, sheet_url
from jalons.core.ui import Difference
from jalons.core.values import french_spaces
from jalons.editing.forms import reopen
from jalons.editing.refusals import Refused
from jalons.editing.rows import ADD
from jalons.editing.writing import MEANWHILE, already_sent, typed, write_and_tell
from jalons.history.services import Stale

ROLES = {
    "services": (ParticipationRole.PILOT, "Services pilotes", "Ajouter un service"),
    "operateurs": (ParticipationRole.OPERATOR, "Opérateurs", "Ajouter un opérateur"),
    "partenaires": (ParticipationRole.PARTNER, "Partenaires", "Ajouter un partenaire"),
    "financeurs": (ParticipationRole.FUNDER, "Financeurs", "Ajouter un financeur"),
}


@require_GET
@requires(Right.READ_ACTIONS)
def organisations(request: HttpRequest) -> JsonResponse:
    """`?q=` → `{"results": [{value, label, detail}]}`: the organisations that answer to some words."""
    directory = Directory()
    matching = directory.search(request.GET.get("q", "")[:200])
    return JsonResponse(
        {
            "results": [
                {
                    "value": organisation.pk,
                    "label": directory.labels[organisation.pk],
                    "detail": organisation.get_kind_display(),
                }
                for organisation in matching
            ]
        }
    )


@on_action(Right.EDIT_ACTION)
def parts(request: HttpRequest, action: Action) -> HttpResponse:
    adding = request.POST.get(ADD, "")
    judged = ADD not in request.POST
    forms = opened(request, action, judged=judged, adding=adding)
    differences: Sequence[Difference] = ()
    sending = request.method == "POST" and judged
    if sending and (done := already_sent(request, forms.key)):
        return done
    if sending and forms.is_valid():
        differences = changed_meanwhile(forms)
        if not differences:
            try:
                return saved(request, action, forms)
            except Stale:
                forms = opened(request, action)
                forms.is_valid()
                differences = changed_meanwhile(forms)
                if not differences:
                    messages.warning(request, MEANWHILE)
                    forms = reopened(request, action, forms)
            except Refused as refusal:
                forms.main.add_error(None, french_spaces(str(refusal)))
        if differences:
            forms = reopened(request, action, forms)
    return parts_page(request, action, forms, differences)


def opened(
    request: HttpRequest, action: Action, data: Any = None, *, judged: bool = True, adding: str = ""
) -> ChangePartsForms:
    going_on = Participation.objects.known().filter(Participation.going_on(), action=action)
    held = list(going_on.select_related("participant", "author", "organisation").order_by("pk"))
    data = typed(request) if data is None else data
    return ChangePartsForms(data, held=held, directory=Directory(), judged=judged, adding=adding)


def saved(request: HttpRequest, action: Action, forms: ChangePartsForms) -> HttpResponse:
    by = actor_on(request, action, Right.EDIT_ACTION)
    return write_and_tell(
        request,
        forms.key,
        lambda: change_parts(
            action=action, by=by, begun=forms.begun(), restated=forms.restated(), ended=forms.ended()
        ),
        message="Ceux qui interviennent sont enregistrés.",
        to=sheet_url(action),
    )


def changed_meanwhile(forms: ChangePartsForms) -> list[Difference]:
    """What someone else said of those that this person was changing."""
    stale = [row for row in forms.held if row.is_stale]
    seen = Participation.objects.in_bulk([row.cleaned_data["seen"] or 0 for row in stale]) if stale else {}
    differences = []
    for row in stale:
        version = seen.get(row.cleaned_data["seen"])
        if version is not None and version.lineage == row.fact.lineage:
            differences += row.differences(version)
    return differences


def reopened(request: HttpRequest, action: Action, forms: ChangePartsForms) -> ChangePartsForms:
    """What was typed, over the versions that stand now."""
    form = forms.main
    reopen(form, **{f"{row.prefix}-seen": str(row.fact.pk) for row in forms.held})
    return opened(request, action, form.data)


def parts_page(
    request: HttpRequest, action: Action, forms: ChangePartsForms, differences: Sequence[Difference]
) -> HttpResponse:
    sections = [
        {
            "name": name,
            "title": title,
            "add": add,
            "held": [row for row in forms.held if row.fact.role == role],
            "rows": forms.new.rows[name],
        }
        for name, (role, title, add) in ROLES.items()
    ]
    context = {
        "action": action,
        "forms": forms,
        "sections": sections,
        "differences": differences,
        "sheet_url": sheet_url(action),
    }
    return render(request, "actions/parts.html", context, status=409 if differences else 200)
