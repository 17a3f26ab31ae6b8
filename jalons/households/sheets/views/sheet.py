"""La fiche d’une famille, sur un écran, et la visite que l’on y note."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from jalons.core import clock
from jalons.core.ui import KNOWN_PARAMETER
from jalons.history.querysets import AsOf
from jalons.households.enums import RegisterAct
from jalons.households.families.content import FamilyFact, FollowedFamily
from jalons.households.families.edits import new_id, with_fact
from jalons.households.families.enums import FactKind
from jalons.households.journal import note_act
from jalons.households.permissions import Opened, in_register
from jalons.households.sheets.display import sheet_of
from jalons.households.sheets.forms import FamilyPastForm, VisitForm
from jalons.households.sheets.selectors import linked_names, read_household
from jalons.households.sheets.views.common import back_to_sheet, saved

AN_INSTANT = dt.timedelta(microseconds=1)  # `AsOf.instant` is the first that is not known any more


@dataclass(frozen=True, slots=True)
class NotedVisit:
    """The visit and the next appointment that one form writes."""

    visit: FamilyFact
    appointment: FamilyFact | None


@require_http_methods(["GET", "HEAD", "POST"])
@in_register
def sheet(request: HttpRequest, opened: Opened, household_id: UUID) -> HttpResponse:
    household, family = read_household(opened.register, household_id)
    if family is None:
        return render(
            request, "households/sheets/unreadable.html", {"opened": opened, "household": household}
        )
    form = VisitForm(request.POST or None, initial={"since": clock.today()})
    if request.method == "POST" and form.is_valid():
        noted = noted_visit(form, request)
        if saved(request, opened, form, household, lambda known, at: with_visit(known, noted, at)) is True:
            return back_to_sheet(household.pk, noted.visit.id)
    at, complaints = AsOf.read({KNOWN_PARAMETER: request.GET.get(KNOWN_PARAMETER, "")})
    known = family.as_known(at.instant - AN_INSTANT if at.instant else None)
    names = linked_names(opened.register, request.user, known)
    note_act(request, opened.organisation.pk, RegisterAct.SHEET, household)
    context = {
        "opened": opened,
        "household": household,
        "sheet": sheet_of(
            known,
            clock.today(),
            names,
            reread=request.GET.get("relire", ""),
            every_note="notes" in request.GET,
        ),
        "form": form,
        "at": at,
        "unknown_then": at.is_past and not (known.people or known.facts),
        "complaints": complaints,
        "past_form": FamilyPastForm(request.GET)
        if complaints
        else FamilyPastForm(initial={KNOWN_PARAMETER: at.known}),
    }
    return render(request, "households/sheets/sheet.html", context)


def noted_visit(form: VisitForm, request: HttpRequest) -> NotedVisit:
    typed, author = form.cleaned_data, str(request.user.pk)
    visit = FamilyFact(
        new_id(),
        FactKind.VISIT,
        since=typed["since"],
        value=typed["value"],
        text=typed["text"],
        author=author,
    )
    if typed["next_on"] is None:
        return NotedVisit(visit, None)
    return NotedVisit(
        visit, FamilyFact(new_id(), FactKind.APPOINTMENT, since=typed["next_on"], author=author)
    )


def with_visit(family: FollowedFamily, noted: NotedVisit, at: dt.datetime) -> FollowedFamily:
    family = with_fact(family, noted.visit, at)
    return with_fact(family, noted.appointment, at) if noted.appointment else family
