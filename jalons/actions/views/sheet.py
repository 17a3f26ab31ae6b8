"""La fiche d’un dispositif, son historique, son administration."""

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.accounts.permissions import can
from jalons.accounts.selectors import who_can
from jalons.actions.models import Action, Intervention
from jalons.actions.selectors.sheet import Sheet, action_sheet, has_begun, run_of
from jalons.actions.sheet import content
from jalons.actions.sheet.administration import administration_of
from jalons.actions.sheet.comments import pieces_at, thread_at
from jalons.actions.sheet.head import here, sheet_head
from jalons.actions.sheet.history import action_story
from jalons.actions.sheet.money import money_years
from jalons.actions.views.common import on_action, sheet_url
from jalons.core.ui import KNOWN_PARAMETER, VALID_PARAMETER, Column
from jalons.core.values import format_long_date
from jalons.discussions.selectors import thread_on
from jalons.documents.selectors import pieces_on
from jalons.history.querysets import AsOf
from jalons.sites.forms.sheet import PastForm

HISTORY_PAGE = 50
MONEY_COLUMNS = (
    Column("Type"),
    Column("Prévu", numeric=True),
    Column("Engagé", numeric=True),
    Column("Exécuté", numeric=True),
)


@on_action(Right.READ_ACTIONS)
def sheet(request: HttpRequest, action: Action) -> HttpResponse:
    """« Synthèse »: what the dispositif is, as of any date."""
    at, complaints = AsOf.read(request.GET)
    run = run_of(action, at)
    if run is None or not has_begun(run, at):
        return not_yet(request, action, at, run)
    action_content = action_sheet(request.user, action, at, run)
    context = {
        **shared(request, action, at, "actions:sheet", run),
        **summary_of(action_content),
        "complaints": complaints,
        "sheet": action_content,
        "edits": edits_of(request.user, action, at),
        "past_form": PastForm(request.GET) if complaints else PastForm(initial=dates_of(at)),
        "thread": thread_at(thread_on(request.user, action), at),
        "pieces": pieces_at(pieces_on(cast(User, request.user), action), at),
    }
    return render(request, "actions/sheet.html", context)


def shared(
    request: HttpRequest, action: Action, at: AsOf, current: str, run: Intervention | None
) -> dict[str, Any]:
    """What the tabs and the history all show."""
    sentence = f"?{at.query}" if at.query else ""
    return {
        **sheet_head(request, action, at, current, run),
        "action": action,
        "at": at,
        "kept": sentence,
        "sheet_url": sheet_url(action) + sentence,
        "history_url": here(action, "actions:history") + sentence,
    }


def summary_of(sheet: Sheet) -> dict[str, Any]:
    places = content.spots(sheet)
    return {
        "rows": content.intervention_rows(sheet),
        "spots": places,
        "points": [spot for spot in places if spot.latitude is not None],
        "hidden_words": content.hidden_words(sheet),
        "other_places": content.other_places(sheet),
        "takings": content.takings(sheet),
        "teams": content.teams(sheet),
        "years": None if sheet.funding is None else money_years(sheet.funding, sheet.at.day),
        "money_columns": MONEY_COLUMNS,
        "money_readers": who_can(Right.READ_FUNDING),
    }


def edits_of(user: Any, action: Action, at: AsOf) -> dict[str, str]:
    """Where each card is changed; empty without the right, or in a view of the past."""
    rights = {
        "edit": Right.EDIT_ACTION,
        "sites": Right.EDIT_ACTION,
        "parts": Right.EDIT_ACTION,
        "contact_add": Right.EDIT_ACTION,
        "team": Right.FOLLOW_ACTION,
        "funding": Right.WRITE_FUNDING,
    }
    return {
        name: here(action, f"actions:{name}") if not at.is_past and can(user, right, action) else ""
        for name, right in rights.items()
    }


def dates_of(at: AsOf) -> dict[str, Any]:
    return {VALID_PARAMETER: at.valid, KNOWN_PARAMETER: at.known}


def not_yet(request: HttpRequest, action: Action, at: AsOf, run: Intervention | None) -> HttpResponse:
    """The date asked is before the start, or before Jalons knew of the dispositif."""
    if run is not None:
        why = (
            f"Ce dispositif n’avait pas commencé au {format_long_date(at.day)}\u00a0: "
            f"il commence le {format_long_date(run.valid_on)}."
        )
    else:
        day = format_long_date(at.known or at.day)
        why = f"Le {day}, personne n’avait encore déclaré ce dispositif dans Jalons."
    list_url = reverse("actions:list") + (f"?{at.query}" if at.query else "")
    context = {"action": action, "at": at, "why": why, "list_url": list_url, "today_url": sheet_url(action)}
    return render(request, "actions/sheet_absent.html", context)


# --- the other pages -------------------------------------------------------------------------------------------


@on_action(Right.READ_ACTIONS)
def history(request: HttpRequest, action: Action) -> HttpResponse:
    at, complaints = AsOf.read(request.GET)
    entries = action_story(request.user, action, at)
    page = Paginator(entries, HISTORY_PAGE).get_page(request.GET.get("page"))
    sentence = f"?{at.query}" if at.query else ""
    context = {
        "action": action,
        "at": at,
        "complaints": complaints,
        "page": page,
        "sheet_url": sheet_url(action) + sentence,
    }
    return render(request, "actions/history.html", context)


@on_action(Right.READ_ACTIONS)
def administration(request: HttpRequest, action: Action) -> HttpResponse:
    """How the dispositif is followed, by whom, who may read and write it."""
    at, complaints = AsOf.read(request.GET)
    run = run_of(action, at)
    if run is None or not has_begun(run, at):
        return not_yet(request, action, at, run)
    shared_context = shared(request, action, at, "actions:administration", run)
    edit = can(request.user, Right.EDIT_ACTION, action) and not at.is_past
    context = {
        **shared_context,
        **administration_of(action, at, run, shared_context["head"].dues),
        "complaints": complaints,
        "edits": edits_of(request.user, action, at),
        "deadline_url": here(action, "actions:deadline_add") if edit and not run.ended_on else "",
        "followed_url": here(action, "indicators:followed"),
        "rights_url": reverse("accounts:who_sees_what"),
    }
    return render(request, "actions/administration.html", context)
