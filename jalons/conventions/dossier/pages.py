"""What the pages of a convention share: opening it, saying who writes, the frame of a form."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from jalons.accounts.decorators import View, requires
from jalons.accounts.enums import Right
from jalons.accounts.permissions import actor_for, can, fetch
from jalons.conventions.dossier.from_base import convention_at
from jalons.conventions.dossier.past import commitment_at, dated, not_known, only_today, unread
from jalons.conventions.models import Commitment, Convention
from jalons.core import ui
from jalons.editing.conflicts import Conflict
from jalons.history.querysets import NOW, AsOf
from jalons.history.services import Actor


def on_convention(right: Right, *, past: bool = False) -> Callable[[View], View]:
    """The view takes `(request, convention, …)` and needs `right` on that convention.

    404 outside of what the person sees, 403 without the right. `past`: it also takes `at`: see `dossier.past`.
    """

    def decorate(view: View) -> View:
        @requires(right)
        @wraps(view)
        def wrapper(request: HttpRequest, slug: str, **where: Any) -> HttpResponseBase:
            conventions = Convention.objects.select_related("departement", "previous")
            convention = fetch(request.user, conventions, right, slug=slug)
            if not past:
                return only_today(request, convention) or view(request, convention, **where)
            at, _ = AsOf.read(request.GET)
            if (then := convention_at(convention, at)) is None:
                return not_known(request, at, "cette convention")
            return unread(request, convention, at) or view(request, then, at=at, **where)

        return wrapper

    return decorate


def on_sheet(right: Right, *, past: bool = False) -> Callable[[View], View]:
    """The view takes `(request, commitment, …)` and needs `right` on that sheet, or on one of its rows when the
    right is to fill figures. `past`: it also takes `at`: see `dossier.past`.
    """

    def decorate(view: View) -> View:
        @requires(right)
        @wraps(view)
        def wrapper(request: HttpRequest, slug: str, public_id: str, **where: Any) -> HttpResponseBase:
            sheets = Commitment.objects.select_related("convention", "party", "parent", "action")
            sheets = sheets.prefetch_related("convention__seats")
            sheet = fetch(request.user, sheets, right, public_id=public_id, convention__slug=slug)
            if not past:
                return only_today(request, sheet.convention) or view(request, sheet, **where)
            at, _ = AsOf.read(request.GET)
            if (then := commitment_at(sheet, at)) is None:
                return not_known(request, at, "cette fiche")
            return unread(request, sheet.convention, at) or view(request, then, at=at, **where)

        return wrapper

    return decorate


def convention_url(convention: Convention) -> str:
    return reverse("conventions:overview", args=[convention.slug])


def sheet_url(commitment: Commitment) -> str:
    return reverse("conventions:sheet", args=[commitment.convention.slug, commitment.public_id])


def actor_on(request: HttpRequest, thing: Any, right: Right) -> Actor:
    """In whose name this person writes on a convention or on a sheet."""
    return actor_for(request.user, right, thing)  # type: ignore[arg-type]  # views are for signed-in users


# What one comes to do, and its pages: (label, name of the URL).
TABS: Mapping[str, Sequence[tuple[str, str]]] = {
    "Lire": (
        ("Vue d’ensemble", "conventions:overview"),
        ("Texte", "conventions:text"),
        ("Comparaison des années", "conventions:comparison"),
    ),
    "Remplir": (
        ("Cases vides", "conventions:empty_cells"),
        ("Alertes", "conventions:alerts"),
        ("Rapport d’exécution", "conventions:report"),
    ),
    "Argent": (
        ("Rapprochement", "conventions:reconciliation"),
        ("Versements", "conventions:payments"),
        ("Exécution du budget", "conventions:execution"),
    ),
    "Vote": (
        ("Délibération", "conventions:deliberations"),
        ("Versions et avenants", "conventions:amendments"),
    ),
    "Documents": (("Documents", "conventions:documents"),),
}


def tabs(convention: Convention, current: str, at: AsOf = NOW) -> Sequence[ui.Tab]:
    """Five tabs; the pages of the current one are shown below it. `current` is the name of the URL.

    They lead to the same date.
    """
    sentence = f"?{at.query}" if at.query else ""
    tabs = []
    for label, pages in TABS.items():
        under = [
            ui.Tab(name, reverse(url, args=[convention.slug]) + sentence, url == current)
            for name, url in pages
        ]
        here = any(tab.current for tab in under)
        tabs.append(ui.Tab(label, under[0].url, here, under=under if len(under) > 1 else ()))
    return tabs


def tab_context(request: HttpRequest, convention: Convention, current: str, at: AsOf = NOW) -> dict[str, Any]:
    """What the page of a tab needs before anything of its own; its links stay on the same date."""
    past = dated(request, at)
    return {
        "convention": convention,
        "convention_url": convention_url(convention) + past["kept"],
        "tabs": tabs(convention, current, at),
        **past,
    }


def may(request: HttpRequest, thing: Any, *rights: Right, at: AsOf = NOW) -> dict[str, bool]:
    """What this person may do there, by name of right: a template shows the button, or does not. In a past view,
    nothing.
    """
    return {right.value: not at.is_past and can(request.user, right, thing) for right in rights}


def form_page(
    request: HttpRequest,
    convention: Convention,
    form: Any,
    *,
    title: str,
    submit: str,
    back: str = "",
    template: str = "conventions/dossier/form.html",
    conflict: Conflict | None = None,
    pledge: Any = None,
    **context: Any,
) -> HttpResponse:
    """The page of a form. `back`: where « Annuler » leads, the convention by default. `pledge`: see `changes`."""
    values = {
        "convention": convention,
        "convention_url": convention_url(convention),
        "back_url": back or convention_url(convention),
        "form": form,
        "title": title,
        "submit": submit,
        "danger": "",
        "intro": "",
        "conflict": conflict,
        "pledge": pledge,
        **context,
    }
    return render(request, template, values, status=409 if conflict else 200)
