"""What a page about one site shares, in this app or in another: opening the site, writing there, its form."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from jalons.accounts.decorators import View, requires
from jalons.accounts.enums import Right
from jalons.accounts.permissions import actor_for, can, fetch
from jalons.core.values import french_spaces
from jalons.editing.conflicts import Conflict
from jalons.editing.removed import AlreadyRemoved
from jalons.editing.writing import tell_discords
from jalons.history.services import Actor
from jalons.sites.chronology import known_discords
from jalons.sites.models import Site


def on_site(right: Right) -> Callable[[View], View]:
    """The view takes `(request, site, …)` and needs `right` on that site.

    404 outside of what the person sees, 403 without the right; a site merged into another leads to that one.
    """

    def decorate(view: View) -> View:
        @requires(right)
        @wraps(view)
        def wrapper(request: HttpRequest, public_id: str, **where: Any) -> HttpResponseBase:
            site = open_site(request, public_id, right)
            if site.merged_into is not None:
                return to_kept_site(request, site)
            justice = cache(lambda: can(request.user, Right.READ_JUSTICE, site))  # asked by a writing alone
            return tell_discords(
                request, lambda: view(request, site, **where), lambda: known_discords(site, justice=justice())
            )

        return wrapper

    return decorate


def open_site(request: HttpRequest, public_id: str, right: Right) -> Site:
    """The site at this address, on which the person has `right`. It may have been merged into another."""
    merged = Site.objects.filter(merged_into=OuterRef("pk"))
    sites = Site.objects.select_related("commune__departement", "merged_into__commune")
    sites = sites.annotate(has_merged=Exists(merged))
    return fetch(request.user, sites, right, public_id=public_id)


def to_kept_site(request: HttpRequest, site: Site) -> HttpResponse:
    """Where a merged site leads. Nothing is written there: what was sent was meant for the other sheet."""
    merged_into = site.merged_into
    if merged_into is None or not can(request.user, Right.READ_SITES, merged_into):
        raise Http404
    sentence = french_spaces(f"« {site.name} » a été fusionné avec « {merged_into.name} ».")
    if request.method != "GET":
        raise AlreadyRemoved(
            f"{sentence} Ce qui le concerne s’écrit maintenant sur cette autre fiche.",
            back=sheet_url(merged_into),
        )
    messages.info(request, sentence)
    return redirect(sheet_url(merged_into))


def sheet_url(site: Site) -> str:
    return reverse("sites:sheet", args=[site.public_id])


def actor_on(request: HttpRequest, site: Site, right: Right) -> Actor:
    return actor_for(request.user, right, site.commune)  # type: ignore[arg-type]  # views are for signed-in users


def form_page(
    request: HttpRequest,
    site: Site,
    form: Any,
    *,
    title: str,
    submit: str,
    template: str = "sites/fact_form.html",
    conflict: Conflict | None = None,
    **context: Any,
) -> HttpResponse:
    """The page of a form: `danger`, `intro`, `readers` and `versions` may be given beside what a template needs."""
    commune = site.commune
    values = {
        "site": site,
        "sheet_url": sheet_url(site),
        "form": form,
        "title": title,
        "submit": submit,
        "meta": f"{commune.name} ({commune.departement.name})",
        "danger": "",
        "intro": "",
        "readers": "",
        "versions": (),
        "conflict": conflict,
        **context,
    }
    return render(request, template, values, status=409 if conflict else 200)
