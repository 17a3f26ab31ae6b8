"""What the pages of a dispositif share: opening it, saying who writes, the frame of a form."""

from collections.abc import Callable, Sequence
from functools import cache, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from jalons.accounts.decorators import View, requires
from jalons.accounts.enums import Right
from jalons.accounts.permissions import actor_for, can, fetch
from jalons.actions.chronology import known_discords
from jalons.actions.models import Action
from jalons.core import ui
from jalons.editing.conflicts import Conflict
from jalons.editing.writing import tell_discords
from jalons.history.querysets import AsOf
from jalons.history.services import Actor


def on_action(right: Right) -> Callable[[View], View]:
    """The view takes `(request, action, …)` and needs `right` on that dispositif.

    404 outside of what the person sees, 403 without the right.
    """

    def decorate(view: View) -> View:
        @requires(right)
        @wraps(view)
        def wrapper(request: HttpRequest, public_id: str, **where: Any) -> HttpResponseBase:
            actions = Action.objects.declared().select_related("departement")
            action = fetch(request.user, actions, right, public_id=public_id)
            money = cache(lambda: can(request.user, Right.READ_FUNDING, action))  # asked by a writing alone
            return tell_discords(
                request, lambda: view(request, action, **where), lambda: known_discords(action, money=money())
            )

        return wrapper

    return decorate


def sheet_url(action: Action) -> str:
    return reverse("actions:sheet", args=[action.public_id])


def actor_on(request: HttpRequest, action: Action, right: Right) -> Actor:
    return actor_for(request.user, right, action)  # type: ignore[arg-type]  # views are for signed-in users


def sheet_tabs(request: HttpRequest, action: Action, current: str, at: AsOf) -> Sequence[ui.Tab]:
    """« Synthèse », « Suivi », « Administration »; `current` is the name of the URL. Dates are kept."""
    sentence = f"?{at.query}" if at.query else ""
    pages = (
        ("Synthèse", "actions:sheet"),
        ("Suivi", "indicators:table"),
        ("Administration", "actions:administration"),
    )
    return [
        ui.Tab(label, reverse(name, args=[action.public_id]) + sentence, name == current)
        for label, name in pages
    ]


def form_page(
    request: HttpRequest,
    action: Action,
    form: Any,
    *,
    title: str,
    submit: str,
    template: str = "actions/fact_form.html",
    conflict: Conflict | None = None,
    **context: Any,
) -> HttpResponse:
    """The page of a form: `danger`, `intro`, `readers` may be given beside what a template needs."""
    values = {
        "action": action,
        "sheet_url": sheet_url(action),
        "back_url": sheet_url(action),
        "form": form,
        "title": title,
        "submit": submit,
        "meta": action.departement.name,
        "danger": "",
        "intro": "",
        "readers": "",
        "versions": (),
        "conflict": conflict,
        **context,
    }
    return render(request, template, values, status=409 if conflict else 200)


def nobody_fills(request: HttpRequest, action: Action, *, title: str) -> HttpResponse:
    """Nobody takes part, so that nobody has anything to fill in: why, and where that is changed."""
    why = (
        "Aucune structure ne participe plus à ce dispositif\u00a0: il n’y a personne dont remplir cette page."
    )
    if can(request.user, Right.EDIT_ACTION, action):
        parts = reverse("actions:parts", args=[action.public_id])
        return cannot_fill(request, action, title=title, why=why, link=("Dire qui participe", parts))
    return cannot_fill(request, action, title=title, why=why)


def cannot_fill(
    request: HttpRequest, action: Action, *, title: str, why: str, link: tuple[str, str] | None = None
) -> HttpResponse:
    """A page in place of a form that cannot be filled in today."""
    label, url = link or ("Voir la fiche du dispositif", sheet_url(action))
    context = {"action": action, "title": title, "why": why, "label": label, "url": url}
    return render(request, "actions/cannot_fill.html", {**context, "sheet_url": sheet_url(action)})
