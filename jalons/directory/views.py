"""L’annuaire : personnes, structures, qui travaille ici, et ce que chacun montre."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from jalons.accounts.decorators import requires, signed_in
from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.accounts.permissions import has
from jalons.core import ui
from jalons.core.queries import url_with
from jalons.core.values import format_number, plural
from jalons.directory.exports import DIRECTORY, form_for
from jalons.directory.forms import CardForm, initial_card
from jalons.directory.models import DirectoryCard, OrganisationCard
from jalons.directory.selectors import (
    DirectoryFilter,
    expertises_in_use,
    filtered_organisations,
    filtered_people,
    labels_of,
    organisation_lines,
    people_lines,
    working_on,
)
from jalons.directory.services import save_card
from jalons.discussions.followed import followed_of
from jalons.exports.responses import respond
from jalons.sharing.views.common import shared_tabs

PAGE_SIZE = 25
PEOPLE_COLUMNS = (
    ui.Column("Nom"),
    ui.Column("Structure"),
    ui.Column("Joindre"),
    ui.Column("Domaines de compétence"),
)
ORGANISATION_COLUMNS = (
    ui.Column("Structure"),
    ui.Column("Type"),
    ui.Column("Territoire"),
    ui.Column("Personnes", numeric=True),
    ui.Column("Domaines de compétence"),
)
OTHERS = {"Personnes": "people", "Structures": "organisations"}
SHARED = slice(2, None)  # of `shared_tabs`: what this app does not show itself
SAVED = "Ce que vous montrez dans l’annuaire est enregistré."


def tabs_of(request: HttpRequest, *, people: bool) -> list[ui.Tab]:
    keep = url_with(request.GET, {"page": None})
    return [
        ui.Tab("Personnes", reverse("directory:people") + keep, people),
        ui.Tab("Structures", reverse("directory:organisations") + keep, not people),
        *(shared_tabs("")[SHARED] if has(request.user, Right.READ_SHARED) else ()),
    ]


def elsewhere(request: HttpRequest, results: Any, name: str) -> ui.Tab | None:
    """The other tab, when it has the answer that this one has not."""
    count = results.count() if request.GET else 0
    keep = url_with(request.GET, {"page": None})
    return (
        ui.Tab(f"{name} ({format_number(count)})", reverse(f"directory:{OTHERS[name]}") + keep)
        if count
        else None
    )


def counted(count: int, singular: str, several: str) -> str:
    return f"{format_number(count)} {plural(count, singular, several)}"


@signed_in
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    form = form_for(request.GET)
    return people_page(request, form.asked(), form=form, others=filtered_organisations)


def people_page(
    request: HttpRequest, asked: DirectoryFilter, *, others: Any = None, **more: Any
) -> HttpResponse:
    # Their keys in order, then the people of one page: names are compared once, for the order and the number both.
    keys = list(filtered_people(request.user, asked).values_list("pk", flat=True))
    page = Paginator(keys, PAGE_SIZE).get_page(request.GET.get("page"))
    people = User.objects.filter(pk__in=page.object_list).order_by("name", "pk")
    empty = others is not None and not page.paginator.count
    context = {
        "form": None,
        "thing": None,
        "thing_url": "",
        "page": page,
        "rows": people_lines(request.user, people),
        "columns": PEOPLE_COLUMNS,
        "caption": counted(page.paginator.count, "personne", "personnes"),
        "tabs": tabs_of(request, people=True),
        "elsewhere": elsewhere(request, others(request.user, asked), "Structures") if empty else None,
        "export_url": reverse("directory:export") + url_with(request.GET, {"page": None, "format": "xlsx"})
        if has(request.user, Right.EXPORT)
        else "",
        **more,
    }
    return render(request, "directory/people.html", context)


@signed_in
@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    form = form_for(request.GET)
    results = filtered_organisations(request.user, form.asked())
    page = Paginator(results, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": organisation_lines(request.user, page.object_list),
        "columns": ORGANISATION_COLUMNS,
        "caption": counted(page.paginator.count, "structure", "structures"),
        "tabs": tabs_of(request, people=False),
        "elsewhere": None
        if page.paginator.count
        else elsewhere(request, filtered_people(request.user, form.asked()), "Personnes"),
    }
    return render(request, "directory/organisations.html", context)


@signed_in
@require_safe
def working(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Who works on a site or a dispositif: 404 for who may not read it."""
    thing, working_there = working_on(request.user, kind, key)
    people_filter = DirectoryFilter(organisations=working_there)
    url = followed_of(thing).url(thing)
    return people_page(request, people_filter, thing=thing, thing_url=url, tabs=[], export_url="")


@requires(Right.EXPORT)
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    asked_format = request.GET.get("format", "")
    return respond(
        DIRECTORY, cast(User, request.user), request.GET, asked_format, "jalons.directory.exports.DIRECTORY"
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest) -> HttpResponse:
    """What one shows: name and organisation always, the rest as one chooses."""
    user = cast(User, request.user)
    own = DirectoryCard.objects.filter(user=user).prefetch_related("expertises").first()
    ours = list(
        {
            membership.organisation_id: membership.organisation for membership in user.active_memberships
        }.values()
    )
    cards = OrganisationCard.objects.filter(organisation__in=ours).prefetch_related("expertises")
    words = {
        f"structure-{organisation_card.organisation_id}": ", ".join(labels_of(organisation_card))
        for organisation_card in cards
    }
    words["expertises"] = ", ".join(labels_of(own)) if own else ""
    data = request.POST if request.method == "POST" else None
    form = CardForm(data, organisations=ours, initial=initial_card(own, words))
    if form.is_valid():
        save_card(user=user, choice=form.choice(), organisations=form.of_organisations())
        messages.success(request, SAVED)
        return redirect("directory:card")
    suggested = [expertise.label for expertise in expertises_in_use()[:30]]
    return render(request, "directory/card.html", {"form": form, "suggested": suggested})
