"""Un fait d’une famille : l’ajouter, le corriger, le retirer, l’effacer."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from jalons.households.enums import RegisterAct
from jalons.households.families import edits
from jalons.households.families.content import FamilyFact, FollowedFamily
from jalons.households.families.enums import FactKind
from jalons.households.permissions import Opened, in_register
from jalons.households.sheets.display import linked_codes
from jalons.households.sheets.forms import FamilyFactForm
from jalons.households.sheets.kinds import FACT_SHEETS, Choices
from jalons.households.sheets.selectors import own_actions, site_choices
from jalons.households.sheets.services import current_fact, seen_or_refused
from jalons.households.sheets.views.common import (
    back_to_sheet,
    conflict_of,
    form_page,
    page_of,
    readable_family,
    saved,
)

TEMPLATE = "households/sheets/piece.html"


def choices_of(request: HttpRequest, opened: Opened, family: FollowedFamily, kind: str) -> Choices | None:
    """Places and dispositifs come from the base; None for what the kind lists itself."""
    sites, _ = linked_codes(family)
    if kind == FactKind.SITE:
        return site_choices(opened.register, request.user, sites)
    if kind == FactKind.DISPOSITIF:
        return own_actions(opened.register, request.user)
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@in_register
def add(request: HttpRequest, opened: Opened, household_id: UUID, kind: str) -> HttpResponse:
    if kind not in FACT_SHEETS:
        raise Http404
    household, family = readable_family(request, opened, household_id)
    choices = choices_of(request, opened, family, kind)
    initial = {"person": request.GET.get("personne", "")}
    form = FamilyFactForm(request.POST or None, kind=kind, family=family, choices=choices, initial=initial)
    if request.method == "POST" and form.is_valid():
        fact = FamilyFact(edits.new_id(), kind, author=str(request.user.pk))._replace(**form.changes())
        if (
            saved(request, opened, form, household, lambda known, at: edits.with_fact(known, fact, at))
            is True
        ):
            return back_to_sheet(household.pk, fact.id)
    context = {
        **page_of(opened, household, FACT_SHEETS[kind].title),
    }
    return form_page(request, TEMPLATE, context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@in_register
def correct(request: HttpRequest, opened: Opened, household_id: UUID, fact_id: str) -> HttpResponse:
    """The former version stays known; « effacer » takes every version away."""
    household, family = readable_family(request, opened, household_id)
    fact = current_fact(family, fact_id)
    if fact is None and request.method != "POST":
        raise Http404
    kind = fact.kind if fact else request.POST.get("kind", "")
    if kind not in FACT_SHEETS:
        raise Http404
    initial = FamilyFactForm.initial_of(fact) if fact else {}
    form = FamilyFactForm(
        request.POST or None,
        kind=kind,
        family=family,
        choices=choices_of(request, opened, family, kind),
        initial=initial,
    )
    theirs = None
    act = request.POST.get("act", "")
    if act in GONE:
        if taken_away(request, opened, household_id, fact_id, act, form):
            return back_to_sheet(household.pk)
    elif request.method == "POST" and form.is_valid():
        changes = {**form.changes(), "author": str(request.user.pk)}

        def corrected(known: FollowedFamily, at: dt.datetime) -> FollowedFamily:
            seen_or_refused(current_fact(known, fact_id), form.cleaned_data["seen"])
            return edits.correct_fact(known, fact_id, at, **changes)

        theirs = saved(request, opened, form, household, corrected)
        if theirs is True:
            return back_to_sheet(household.pk, fact_id)
    context = {
        **page_of(opened, household, FACT_SHEETS[kind].title),
        "piece": fact,
        "kind": kind,
        **conflict_of(form, theirs, form.changes() if theirs else {}),
    }
    return form_page(request, TEMPLATE, context, form)


GONE = {"retirer": RegisterAct.CHANGED, "effacer": RegisterAct.ERASED}


def taken_away(
    request: HttpRequest, opened: Opened, household_id: UUID, fact_id: str, act: str, form: Any
) -> bool:
    """True once it is withdrawn or erased; what somebody else took away before is no error."""
    household, _ = readable_family(request, opened, household_id)
    form.is_valid()
    form.cleaned_data.setdefault("submission_key", "")

    def without(known: FollowedFamily, at: dt.datetime) -> FollowedFamily:
        if current_fact(known, fact_id) is None:
            return known
        return (
            edits.erase_fact(known, fact_id) if act == "effacer" else edits.withdraw_fact(known, fact_id, at)
        )

    return saved(request, opened, form, household, without) is True
