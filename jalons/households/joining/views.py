"""Réunir deux ménages, en séparer un."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from jalons.core import clock
from jalons.core.values.text import french_spaces
from jalons.households.enums import RegisterAct
from jalons.households.families.partings import UNLESS_REFUSED, NotThere, offered_facts
from jalons.households.families.unions import HouseholdUnion
from jalons.households.joining.forms import OtherHouseholdForm, PartingForm, UnionForm, VersionsForm
from jalons.households.joining.selectors import candidates, fact_choices, union_preview
from jalons.households.joining.services import HouseholdsChanged, PartingAsked, UnionAsked, part, unite
from jalons.households.journal import note_act
from jalons.households.models import Household
from jalons.households.permissions import Opened, in_register
from jalons.households.sheets.selectors import family_lines, known_sites, linked_names
from jalons.households.sheets.services import FamilyRefused, LostKey
from jalons.households.sheets.views.common import page_of, readable_family, save_by, sheet_url

CHANGED = (
    "Quelqu’un a modifié l’un de ces ménages pendant que vous lisiez : relisez, puis confirmez de nouveau."
)
ALONE = "Choisissez qui part : quelqu’un au moins, et pas tout le ménage."
GONE = "L’autre ménage n’est plus dans le registre : il vient d’être réuni, ou effacé."
ABSENT = "Une personne choisie n’est pas dans le ménage à cette date."


@require_http_methods(["GET", "HEAD", "POST"])
@in_register
def choose(request: HttpRequest, opened: Opened, household_id: UUID) -> HttpResponse:
    """Which other household it is one with."""
    household, _ = readable_family(request, opened, household_id)
    form = OtherHouseholdForm(request.POST or None)
    query = form.cleaned_data["query"] if form.is_valid() else ""
    lines = candidates(family_lines(opened.register, clock.today()), household, query)
    note_act(request, opened.organisation.pk, RegisterAct.LIST)
    names = known_sites(request.user, {line.site for line in lines if line.site})
    context = {
        **page_of(opened, household, "Réunir à un autre ménage"),
        "form": form,
        "query": query,
        "rows": [(line, names.get(line.site, "")) for line in lines],
    }
    return render(request, "households/joining/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@in_register
def unite_with(request: HttpRequest, opened: Opened, household_id: UUID, other_id: UUID) -> HttpResponse:
    """What the household would be; then it is."""
    if household_id == other_id:
        raise Http404
    if request.method == "POST" and not Household.objects.of(opened.register).filter(pk=other_id).exists():
        messages.info(request, french_spaces(GONE))
        return redirect(sheet_url(household_id))
    staying, ours = readable_family(request, opened, household_id)
    leaving, theirs = readable_family(request, opened, other_id)
    form = UnionForm(
        request.POST or None,
        staying=list(ours.people),
        leaving=list(theirs.people),
        initial={"on": clock.today(), "seen": f"{staying.version}.{leaving.version}"},
    )
    if request.method == "POST" and form.is_valid():
        first, second = form.versions(2)
        asked = UnionAsked(household_id, other_id, (first, second), form.cleaned_data["on"], form.same())
        answer = united_answer(request, opened, form, asked, (staying, leaving))
        if answer is not None:
            return answer
    union = HouseholdUnion(
        leaving.reference,
        getattr(form, "cleaned_data", {}).get("on") or clock.today(),
        save_by(request, opened).at,
        same=form.same(),
    )
    names = linked_names(opened.register, request.user, ours)
    names |= linked_names(opened.register, request.user, theirs)
    preview = union_preview((staying, leaving), (ours, theirs), union, names, clock.today())
    context = {
        **page_of(opened, staying, "Réunir deux ménages"),
        "other": leaving,
        "form": form,
        "preview": preview,
        "families": [(staying, ours), (leaving, theirs)],
    }
    return render(request, "households/joining/unite.html", context)


def united_answer(
    request: HttpRequest,
    opened: Opened,
    form: UnionForm,
    asked: UnionAsked,
    rows: tuple[Household, Household],
) -> HttpResponse | None:
    """Where one goes once it is done; None with its reason in the form."""
    try:
        household = unite(save_by(request, opened, form), asked)
    except HouseholdsChanged:
        look_again(form, *[row.version for row in rows])
    except FamilyRefused as refused:
        for sentence in refused.sentences:
            form.add_error(None, sentence)
    except LostKey:
        raise Http404 from None
    else:
        for row in rows:
            note_act(request, opened.organisation.pk, RegisterAct.UNITED, row)
        former = rows[1].reference
        messages.success(
            request,
            f"{former} est réunie à {household.reference}. Cherchée sous {former}, elle se trouve encore.",
        )
        return redirect(sheet_url(household.pk))
    return None


def look_again(form: VersionsForm, *versions: int) -> None:
    """What was typed stays; sent once more, it is over what the page now says."""
    form.add_error(None, french_spaces(CHANGED))
    form.reopen_on(".".join(map(str, versions)))


@require_http_methods(["GET", "HEAD", "POST"])
@in_register
def part_household(request: HttpRequest, opened: Opened, household_id: UUID) -> HttpResponse:
    household, family = readable_family(request, opened, household_id)
    names = linked_names(opened.register, request.user, family)
    offered = offered_facts(family)
    facts = [fact for fact in offered if fact.kind in UNLESS_REFUSED]
    form = PartingForm(
        request.POST or None,
        people=list(family.people),
        facts=fact_choices(facts, names),
        others=fact_choices([fact for fact in offered if fact.kind not in UNLESS_REFUSED], names),
        initial={"on": clock.today(), "seen": str(household.version), "facts": [fact.id for fact in facts]},
    )
    if request.method == "POST" and form.is_valid():
        answer = parted_answer(request, opened, form, household)
        if answer is not None:
            return answer
    context: dict[str, Any] = {**page_of(opened, household, "Séparer ce ménage"), "form": form}
    return render(request, "households/joining/part.html", context)


def parted_answer(
    request: HttpRequest, opened: Opened, form: PartingForm, household: Household
) -> HttpResponse | None:
    typed = form.cleaned_data
    (version,) = form.versions(1)
    asked = PartingAsked(household.pk, typed["new"], version, typed["on"], typed["people"], form.copied())
    try:
        new, made = part(save_by(request, opened, form), asked)
    except HouseholdsChanged:
        look_again(form, household.version)
    except NotThere as absent:
        if absent.person:
            form.add_error("on", ABSENT)
        else:
            form.add_error("people", french_spaces(ALONE))
    except FamilyRefused as refused:
        for sentence in refused.sentences:
            form.add_error(None, sentence)
    except LostKey:
        raise Http404 from None
    else:
        for row in (household, new) if made else ():
            note_act(request, opened.organisation.pk, RegisterAct.PARTED, row)
        messages.success(request, f"{new.reference} est séparée de {household.reference}.")
        return redirect(sheet_url(new.pk))
    return None
