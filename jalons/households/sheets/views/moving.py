"""Plusieurs familles qui partent le même jour : une évacuation, un relogement."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.core import clock
from jalons.core.values import Value
from jalons.core.values.cells import MOST_FEW
from jalons.editing.writing import record
from jalons.households.enums import RegisterAct
from jalons.households.families import edits
from jalons.households.families.content import FamilyFact, FollowedFamily
from jalons.households.families.enums import FactKind
from jalons.households.journal import note_act
from jalons.households.keys import lock_register
from jalons.households.models import Household
from jalons.households.permissions import Opened, in_register
from jalons.households.sheets.counts import families_by_site, people_at
from jalons.households.sheets.forms import MoveForm, ResettledForm
from jalons.households.sheets.selectors import FamilyLine, family_lines, known_sites, site_choices
from jalons.households.sheets.services import FamilyRefused, FamilySave, LostKey, change_family
from jalons.households.sheets.views.common import save_by
from jalons.sites.models import Resettlement, Site
from jalons.sites.pages import actor_on
from jalons.sites.pages import sheet_url as site_url
from jalons.sites.services import link_resettlement


@require_http_methods(["GET", "HEAD", "POST"])
@in_register
def move(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The families of a site, all ticked; where they go, or nowhere known."""
    today = clock.today()
    lines = [line for line in family_lines(opened.register, today) if line.site]
    names = known_sites(request.user, {line.site for line in lines})
    origin = request.GET.get("site", "")
    leaving = [line for line in lines if line.site == origin and origin in names]
    sites = site_choices(opened.register, request.user, set(names))
    form = MoveForm(
        request.POST or None,
        families=[
            (str(line.household_id), f"{line.names or 'Famille sans nom'} ({line.reference})")
            for line in leaving
        ],
        sites=[site for site in sites if site[0] != origin],
        initial={"households": [str(line.household_id) for line in leaving]},
    )
    if leaving:
        note_act(request, opened.organisation.pk, RegisterAct.LIST)
    if request.method == "POST" and form.is_valid():
        try:
            people = moved(save_by(request, opened, form), form.cleaned_data, origin, leaving)
        except FamilyRefused as refused:
            for sentence in refused.sentences:
                form.add_error(None, sentence)
        except (LostKey, Household.DoesNotExist):  # erased or made one with another meanwhile
            raise Http404 from None
        else:
            return moved_page(request, opened, form.cleaned_data, origin, people)
    context = {
        "opened": opened,
        "form": form,
        "origin": names.get(origin, ""),
        "leaving": leaving,
        "counts": families_by_site(lines, names),
    }
    return render(request, "households/sheets/move.html", context)


def moved(save: FamilySave, typed: dict[str, Any], origin: str, leaving: list[FamilyLine]) -> int:
    """Every family or none; how many people it makes. Sent twice, nothing moves again.

    The register first, as all that holds many households: nobody waits for each other in a circle.
    """
    chosen = [line for line in leaving if str(line.household_id) in typed["households"]]
    with transaction.atomic():
        lock_register(save.register)
        for line in chosen:
            change_family(
                save,
                line.household_id,
                lambda family: gone_from(family, save, origin, typed["on"], typed["destination"]),
            )
    return people_at(chosen, typed["on"])


def gone_from(
    family: FollowedFamily, save: FamilySave, origin: str, on: dt.date, destination: str
) -> FollowedFamily:
    """Its stay on the site ends on the day, whatever end was foreseen; the next one begins the same day."""
    for fact in family.as_known().of_kind(FactKind.SITE):
        if fact.value == origin and (fact.until is None or on < fact.until):
            family = edits.correct_fact(family, fact.id, save.at, until=on, author=save.author)
    if destination:
        stay = FamilyFact(edits.new_id(), FactKind.SITE, since=on, value=destination, author=save.author)
        family = edits.with_fact(family, stay, save.at)
    return family


def moved_page(
    request: HttpRequest, opened: Opened, typed: dict[str, Any], origin: str, people: int
) -> HttpResponse:
    """What was done, and the number that the site may learn: never who."""
    households = len(typed["households"])
    note_act(request, opened.organisation.pk, RegisterAct.CHANGED)
    sites = {site.public_id: site for site in Site.objects.visible_to(request.user).select_related("commune").filter(
        public_id__in={origin, typed["destination"]} - {""}
    )}  # fmt: skip
    left, joined = sites.get(origin), sites.get(typed["destination"])
    form = None
    if left and joined and can(request.user, Right.UPDATE_SITE, left):
        form = ResettledForm(
            initial={
                "origin": origin, "destination": typed["destination"], "on": typed["on"], "people": Value.of(people),
                "households": Value.of(households),
            }
        )  # fmt: skip
    context = {
        "opened": opened,
        "households": households,
        "people": people,
        "left": left,
        "joined": joined,
        "on": typed["on"],
        "form": form,
        "few": people <= MOST_FEW,
    }
    return render(request, "households/sheets/moved.html", context)


@require_POST
@in_register
def resettle(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Writes the resettlement on the site: two numbers and a date, under the rights of the site."""
    form = ResettledForm(request.POST)
    sites = Site.objects.visible_to(request.user).select_related("commune")
    left = sites.filter(public_id=request.POST.get("origin", "")).first()
    joined = sites.filter(public_id=request.POST.get("destination", "")).first()
    if left is None or joined is None or not can(request.user, Right.UPDATE_SITE, left):
        raise Http404
    by = actor_on(request, left, Right.UPDATE_SITE)

    def write() -> Resettlement:
        typed = form.cleaned_data
        return link_resettlement(
            origin=left,
            site=joined,
            on=typed["on"],
            by=by,
            people=typed["people"],
            households=typed["households"],
        )

    answer = record(request, form, write, message="Réinstallation notée sur le site.", to=site_url(left))
    context = {"opened": opened, "left": left, "joined": joined, "form": form}
    return answer or render(request, "households/sheets/moved.html", context)
