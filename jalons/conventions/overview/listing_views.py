"""The list of conventions, and a new one."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jalons.accounts.decorators import requires
from jalons.accounts.enums import OrganisationKind, Right
from jalons.accounts.models import Membership
from jalons.accounts.permissions import has, membership_territory
from jalons.conventions.dossier.pages import convention_url
from jalons.conventions.dossier.past import dated, only_today
from jalons.conventions.models import Convention
from jalons.conventions.overview.listing import (
    ConventionFilter,
    convention_rows,
    conventions_then,
    departements_seen,
    filtered_conventions,
    ordered_conventions,
    years_seen,
)
from jalons.conventions.overview.listing_forms import ConventionFilterForm, NewConventionForm
from jalons.conventions.overview.views import STATE_BADGES
from jalons.conventions.text.services import open_convention
from jalons.core import clock, ui
from jalons.core.services import write_once
from jalons.core.values import format_number, french_spaces, plural
from jalons.discussions.stars import put_stars
from jalons.editing.writing import ALREADY_WRITTEN, typed
from jalons.history.querysets import AsOf
from jalons.history.services import Actor
from jalons.territories.models import Departement

PAGE_SIZE = 25
OPENING = ("short_title", "year", "departement", "council", "state_signatory", "council_signatory")
COLUMNS = (
    ui.Column("Convention", key="nom"),
    ui.Column("Part de l’État", key="part-etat", numeric=True, high_first=True),
    ui.Column("Montant global", key="montant", numeric=True, high_first=True),
    ui.Column("Chiffres de l’année", numeric=True),
    ui.Column("Alertes"),
    ui.Column("Échéance"),
)


ORDER_WORDS = {
    "": "la plus récente d’abord",
    "nom": "par titre",
    "part-etat": "par part de l’État",
    "montant": "par montant global",
}


@requires(Right.READ_CONVENTIONS)
def list(request: HttpRequest) -> HttpResponse:
    form = ConventionFilterForm(
        request.GET, years=years_seen(request.user), departements=departements_seen(request.user)
    )
    criteria, (at, _) = form.asked(), AsOf.read(request.GET)
    order = ui.chosen_order(request.GET, COLUMNS)
    conventions = found_at(request.user, criteria, at)
    paginator = Paginator(ordered_conventions(conventions, order) if order else conventions, PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    rows = convention_rows(request.user, [*page.object_list], at.day, at)
    put_stars(request.user, (row.convention for row in rows))
    context = {
        **dated(request, at),
        "form": form,
        "asked": criteria,
        "page": page,
        "rows": [(row, STATE_BADGES[row.convention.state]) for row in rows],  # type: ignore[index]
        "columns": COLUMNS,
        "order": order,
        "caption": caption(paginator.count, order),
        "may_open": not at.is_past
        and has(request.user, Right.WRITE_CONVENTION)
        and bool(leaders_of(request.user)),
    }
    return render(request, "conventions/overview/list.html", context)


def caption(count: int, order: str) -> str:
    words = ORDER_WORDS[order.removeprefix("-")]
    return f"{format_number(count)} {plural(count, 'convention', 'conventions')}, {words}"


def found_at(user: Any, criteria: ConventionFilter, at: AsOf) -> Any:
    if at.instant is not None:
        return conventions_then(user, criteria, at)
    conventions = filtered_conventions(user, criteria)
    return conventions.select_related("departement").prefetch_related("seats")


def leaders_of(user: Any) -> dict[str, Membership]:
    """By code of département, the membership of a Département that would lead its conventions."""
    leaders: dict[str, Membership] = {}
    for membership in user.active_memberships:
        organisation = membership.organisation
        code = organisation.territory.departement_id
        if organisation.kind != OrganisationKind.DEPARTEMENT or code is None:
            continue
        if membership_territory(membership, Right.WRITE_CONVENTION):
            leaders.setdefault(code, membership)
    return leaders


@requires(Right.WRITE_CONVENTION)
def new(request: HttpRequest) -> HttpResponse:
    if (refused := only_today(request, None)) is not None:
        return refused
    leaders = leaders_of(request.user)
    if not leaders:
        return render(
            request, "conventions/overview/new_nowhere.html", {"list_url": reverse("conventions:list")}
        )
    departements = Departement.objects.filter(code__in=sorted(leaders)).order_by("code")
    initial: dict[str, Any] = {"year": clock.today().year}
    if len(leaders) == 1:
        initial["departement"] = departements.first()
    form = NewConventionForm(typed(request), departements=departements, initial=initial)
    if form.is_bound and form.is_valid():
        return open_once(request, form.cleaned_data, leaders)
    context = {"form": form, "list_url": reverse("conventions:list")}
    return render(request, "conventions/overview/new.html", context)


def open_once(request: HttpRequest, values: dict[str, Any], leaders: dict[str, Membership]) -> HttpResponse:
    """Sent twice, the form leads twice to the same convention."""
    written: dict[str, Convention] = {}

    def write() -> str:
        membership = leaders[values["departement"].code]
        convention = open_convention(
            **{name: values[name] for name in OPENING},
            pilot=membership.organisation,
            by=Actor(request.user, membership.organisation),
        )
        written["convention"] = convention
        return convention_url(convention)

    target = write_once(values["submission_key"], user_key=str(request.user.pk), write=write)
    if written:
        messages.success(
            request, french_spaces("La convention est ouverte : ajoutez ses fiches, puis son annexe.")
        )
    else:
        messages.info(request, ALREADY_WRITTEN)
    return redirect(target)
