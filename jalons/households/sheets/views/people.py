"""Une personne d’une famille, et une famille nouvelle."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from jalons.core import clock
from jalons.households.enums import RegisterAct
from jalons.households.families import edits
from jalons.households.families.content import FamilyFact, FamilyMember, FollowedFamily
from jalons.households.families.enums import FactKind
from jalons.households.journal import note_act
from jalons.households.permissions import Opened, in_register
from jalons.households.sheets.display import NAMELESS
from jalons.households.sheets.forms import MemberForm, NewFamilyForm
from jalons.households.sheets.selectors import own_actions, site_choices
from jalons.households.sheets.services import (
    FamilyRefused,
    LostKey,
    create_family,
    current_member,
    seen_or_refused,
)
from jalons.households.sheets.views.common import (
    back_to_sheet,
    conflict_of,
    form_page,
    page_of,
    readable_family,
    save_by,
    saved,
    sheet_url,
)

TEMPLATE = "households/sheets/piece.html"


@require_http_methods(["GET", "HEAD", "POST"])
@in_register
def add_person(request: HttpRequest, opened: Opened, household_id: UUID) -> HttpResponse:
    household, _ = readable_family(request, opened, household_id)
    form = MemberForm(request.POST or None, today=clock.today())
    if request.method == "POST" and form.is_valid():
        member = FamilyMember(edits.new_id(), **form.changes(), author=str(request.user.pk))
        if (
            saved(request, opened, form, household, lambda known, at: edits.with_member(known, member, at))
            is True
        ):
            return back_to_sheet(household.pk)
    context = {
        "opened": opened,
        "household": household,
        "title": "Ajouter une personne",
        "sheet_url": sheet_url(household.pk),
    }
    return form_page(request, TEMPLATE, context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@in_register
def person(request: HttpRequest, opened: Opened, household_id: UUID, person_id: str) -> HttpResponse:
    household, family = readable_family(request, opened, household_id)
    member = current_member(family, person_id)
    if member is None and request.POST.get("act") == "effacer":
        return back_to_sheet(household.pk)  # erased already: asked twice, it is no error
    if member is None:
        raise Http404
    form = MemberForm(request.POST or None, today=clock.today(), initial=MemberForm.initial_of(member))
    theirs: Any = None
    if request.POST.get("act") == "effacer":
        form.is_valid()
        erased = saved(
            request, opened, form, household, lambda known, at: edits.erase_member(known, person_id)
        )
        if erased is True:
            return back_to_sheet(household.pk)
    elif request.method == "POST" and form.is_valid():
        changes = {**form.changes(), "author": str(request.user.pk)}

        def corrected(known: FollowedFamily, at: dt.datetime) -> FollowedFamily:
            seen_or_refused(current_member(known, person_id), form.cleaned_data["seen"])
            return edits.correct_member(known, person_id, at, **changes)

        theirs = saved(request, opened, form, household, corrected)
        if theirs is True:
            return back_to_sheet(household.pk)
    context = {
        **page_of(opened, household, member.name or NAMELESS),
        "piece": member,
        "is_person": True,
        **conflict_of(form, theirs, form.changes() if theirs else {}),
    }
    return form_page(request, TEMPLATE, context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@in_register
def new_family(request: HttpRequest, opened: Opened) -> HttpResponse:
    form = NewFamilyForm(
        request.POST or None,
        today=clock.today(),
        sites=site_choices(opened.register, request.user, set()),
        actions=own_actions(opened.register, request.user),
    )
    if request.method == "POST" and form.is_valid():
        save = save_by(request, opened, form)
        try:
            household = create_family(
                save, form.cleaned_data["household"], drafted_family(form, save.author, save.at)
            )
        except FamilyRefused as refused:
            for sentence in refused.sentences:
                form.add_error(None, sentence)
        except LostKey:
            raise Http404 from None
        else:
            note_act(request, opened.organisation.pk, RegisterAct.CHANGED, household)
            return redirect(sheet_url(household.pk))
    context = {"opened": opened, "form": form}
    return render(request, "households/sheets/new.html", context)


def drafted_family(form: NewFamilyForm, author: str, at: dt.datetime) -> FollowedFamily:
    """The family that the form describes; a person of whom nothing is written is nobody."""
    family, typed = FollowedFamily(""), form.cleaned_data
    for member in form.members:
        changes = member.changes()
        if any(changes.values()):
            family = edits.with_member(family, FamilyMember(edits.new_id(), **changes, author=author), at)
    facts = [
        (FactKind.SITE, typed["site"], typed["arrival"]),
        (FactKind.ARRIVAL, "", typed["arrival"]),
        (FactKind.FIRST_CONTACT, typed["contact"], typed["contact_on"]),
        (FactKind.DISPOSITIF, typed["action"], typed["entered"]),
    ]
    for kind, value, since in facts:
        if value or (since and kind in (FactKind.ARRIVAL, FactKind.FIRST_CONTACT)):
            fact = FamilyFact(edits.new_id(), kind, since=since, value=value, author=author)
            family = edits.with_fact(family, fact, at)
    return family
