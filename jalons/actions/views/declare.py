"""Déclarer un dispositif."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.permissions import Territory, actor_for, territory_of
from jalons.accounts.selectors import readers_in_words
from jalons.actions.forms.declare import DeclareForms
from jalons.actions.forms.describe import searching
from jalons.actions.models import Action, ActionContact, InsertionSite
from jalons.actions.selectors.places import sites_to_cover
from jalons.actions.services import declare_action, save_contact, save_insertion_site, set_money
from jalons.actions.views.common import sheet_url
from jalons.core.services import write_once
from jalons.core.values import french_spaces
from jalons.editing.refusals import Refused
from jalons.editing.rows import ADD
from jalons.editing.writing import ALREADY_WRITTEN, typed
from jalons.history.services import Actor
from jalons.sites.forms.common import today
from jalons.sites.models import Site
from jalons.territories.models import Departement

# What the running totals ask, as one types.
COUNT = "calculer"


@dataclass(frozen=True, slots=True)
class DeclarationOrigin:
    """What a dispositif comes from: how the page names it, what it fills in, what is written with the dispositif.

    `initial`: the fields by name, and `operateurs`, names of organisations. `then` is called in the transaction.
    """

    label: str
    url: str
    words: str
    initial: Mapping[str, Any]
    then: Callable[[Action, Actor], object]


@requires(Right.DECLARE_ACTION)
def declare(request: HttpRequest) -> HttpResponse:
    departements = departements_to_declare(territory_of(request.user, Right.DECLARE_ACTION))
    if not departements:
        return render(request, "actions/declare_nowhere.html")
    return declaring(request, departements)


def declaring(
    request: HttpRequest, departements: Sequence[Departement], origin: DeclarationOrigin | None = None
) -> HttpResponse:
    """The page that declares a dispositif; an app above calls it with an `origin`."""
    forms, sites_words = opened(request, departements, origin)
    if COUNT in request.POST:
        return render(request, "actions/_totals.html", {"totals": forms.totals, "oob": True})
    if request.method == "POST" and judged(request) and forms.is_valid():
        try:
            return written(request, forms, origin)
        except Refused as refusal:
            forms.main.add_error(None, french_spaces(str(refusal)))
    return render(request, "actions/declare.html", declare_context(forms, sites_words) | {"origin": origin})


def judged(request: HttpRequest) -> bool:
    """Is the form sent to be recorded, and not to be shown again with one more row or other sites?"""
    return not {ADD, COUNT} & set(request.POST) and not searching(request.POST)


def opened(
    request: HttpRequest, departements: Sequence[Departement], origin: DeclarationOrigin | None
) -> tuple[DeclareForms, str]:
    """The forms as they stand, and what the list of sites is, in words."""
    initial = prefilled(request, {departement.pk for departement in departements})
    if origin:
        initial = dict(origin.initial)
    may_write = territory_of(request.user, Right.WRITE_FUNDING)
    forms = DeclareForms(
        typed(request),
        user=request.user,
        departements=departements,
        own=writer(request, departements[0]).organisation,
        initial=initial,
        with_money=all(may_write.covers_departement(departement.pk) for departement in departements),
        judged=judged(request),
        adding=request.POST.get(ADD, ""),
    )
    chosen = [forms.main.chosen] if forms.main.chosen else departements
    sites, sites_words = sites_to_cover(
        request.user,
        [departement.pk for departement in chosen],
        request.POST.get("q", "")[:120],
        request.POST.getlist("sites") or initial.get("sites", ()),
    )
    forms.sites.offer(sites)
    return forms, sites_words


def departements_to_declare(territory: Territory) -> list[Departement]:
    """Those that a person covers as a whole."""
    departements = Departement.objects.order_by("name")
    return list(departements if territory.everywhere else departements.filter(pk__in=territory.departements))


def writer(request: HttpRequest, departement: Departement) -> Actor:
    where = planned(departement)
    return actor_for(request.user, Right.DECLARE_ACTION, where)  # type: ignore[arg-type]  # signed in


def planned(departement: Departement, parts: frozenset[tuple[int, str]] = frozenset()) -> Action:
    """A dispositif that is not declared yet, to ask who may do what on it."""
    action = Action(departement=departement)
    action.parts, action.communes = parts, ()  # read from the base once it is declared
    return action


def prefilled(request: HttpRequest, departements: set[str]) -> dict[str, Any]:
    """The site that `?site=` names, and its département."""
    site_id = request.GET.get("site", "")
    sites = Site.objects.visible_to(request.user).standing().select_related("commune")
    site = sites.filter(public_id=site_id).first() if site_id.isalnum() else None
    if site is None or site.commune.departement_id not in departements:
        return {}
    return {"sites": [site.public_id], "departement": site.commune.departement_id}


def written(request: HttpRequest, forms: DeclareForms, origin: DeclarationOrigin | None) -> HttpResponse:
    departement = forms.main.departements[forms.main.cleaned_data["departement"]]
    by = writer(request, departement)

    messages_left = []

    def write() -> str:
        action = new_action(forms, departement, by)
        if origin:
            origin.then(action, by)
        messages_left.append(french_spaces(f"Le dispositif « {action.name} » est déclaré."))
        return sheet_url(action)

    target = write_once(forms.key, user_key=str(by.user.pk), write=write)
    if messages_left:
        messages.success(request, messages_left[0])
    else:
        messages.info(request, ALREADY_WRITTEN)
    return redirect(target)


def new_action(forms: DeclareForms, departement: Departement, by: Actor) -> Action:
    """The dispositif and everything that was said of it."""
    read = forms.main.cleaned_data
    action = declare_action(
        by=by,
        departement=departement,
        starts_on=read["starts_on"],
        planned_end=read["planned_end"],
        parts=[row.part() for row in forms.takers.typed_rows()],
        sites=forms.sites.chosen(),
        **forms.main.words(),
    )
    if forms.has_ground:
        save_insertion_site(ground=InsertionSite(action=action, **forms.ground.described()), by=by)
    for row in forms.contacts.typed_rows():
        save_contact(contact=ActionContact(action=action, **row.described()), by=by)
    if forms.money is not None and forms.year is not None:
        year = forms.year.cleaned_data["annee"]
        lines = [row.money(year) for row in forms.money.typed_rows()]
        set_money(action=action, lines=lines, by=by, on=told_from(year))
    return action


def told_from(year: int) -> Any:
    """From when a line of funding is true: its year, or today when the year is still to come."""
    day = today()
    return min(day, day.replace(year=year, month=1, day=1))


def declare_context(forms: DeclareForms, text: str) -> dict[str, Any]:
    place = forms.main.chosen or next(iter(forms.main.departements.values()))
    readers, totals = "", forms.totals
    lines: list[tuple[Any, str]] = []
    if forms.money is not None:
        lines = list(zip(forms.money, totals.shares, strict=True))
        known = readers_in_words(Right.READ_FUNDING, planned(place, forms.takers.named()))
        readers = f"{known}, et les services pilotes et financeurs que vous ajoutez"
    return {
        "forms": forms,
        "form": forms.main,
        "ground": forms.ground,
        "found": text,
        "readers": readers,
        "totals": totals,
        "lines": lines,
    }
