"""The front door: the one page that may know every app."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from jalons.accounts.decorators import open_to_all, signed_in
from jalons.accounts.enums import Right
from jalons.accounts.opening import last_visit
from jalons.accounts.permissions import has, territory_of
from jalons.actions.selectors.coverage import coverage_of
from jalons.actions.selectors.home import home_filling, home_late, running_around
from jalons.actions.selectors.spending import spending_owed
from jalons.conventions.overview.listing import home_conventions, sees_conventions
from jalons.conventions.report.reminders import cells_to_fill
from jalons.core import clock
from jalons.core.headers import by_htmx
from jalons.core.values import Ratio
from jalons.discussions.activity import ActivityQuestion, activity, home_territory
from jalons.discussions.stars import has_stars, starred_groups
from jalons.figures.registry import six_months_before
from jalons.history.querysets import NOW, AsOf
from jalons.imports.selectors import WRITES
from jalons.proposals.selectors import waiting_for
from jalons.public.pages import nation_figures
from jalons.sharing.selectors.practices import practices_waiting_for
from jalons.sites.figures import list_sums
from jalons.sites.forms.listing import read_list
from jalons.sites.selectors import filtered_sites
from jalons.sites.views.listing import STALE_SITES, tiles, trend_tiles

# What each app adds to « À vous », when there is something to do there; who holds a seat reads conventions first.
CELLS, FILLING = "conventions/report/_home_cells.html", "actions/_home_fill.html"
PROPOSALS, PRACTICES = "proposals/_home.html", "sharing/_home.html"
# What comes once the page is shown, see `home_rest`.
FAVOURITES, ACTIONS = "discussions/_home_favourites.html", "actions/_home_actions.html"
CONVENTIONS = "conventions/overview/_home.html"
NOTHING: dict[str, Any] = {"tiles": None, "where": "", "may_declare": False, "owes": False, "above": []}
READING = (Right.READ_SITES, Right.READ_ACTIONS, Right.READ_CONVENTIONS)
NEWS_SHOWN = 6
TREND_STEPS = 3  # from six months ago to today
FIRST_VISIT = dt.timedelta(days=7)  # what is told to who never came before


@open_to_all
def home(request: HttpRequest) -> HttpResponse:
    """What Jalons is, for who is not signed in; what one owes, what changed and the territory, for who is."""
    user = request.user
    if not user.is_authenticated:
        return render(request, "public/welcome.html", {"nation": nation_figures()})
    if has(user, Right.MANAGE_ACCOUNTS) and not any(has(user, right) for right in READING):
        return redirect("administration:home")  # whose work is there: this page would be empty
    context = (
        NOTHING
        | {"awaits": bool(territory_of(user, Right.EDIT_ACTION))}
        | owed(user)
        | {"may_import": any(has(user, right) for right in WRITES)}
    )
    if has(user, Right.READ_SITES):
        context |= territory_figures(user)
    return render(request, "sites/home.html", context | {"later": later(user)})


def later(user: Any) -> list[str]:
    """The titles of what `home_rest` will show; favourites are looked for when nothing else is there."""
    readable = {"Dispositifs": has(user, Right.READ_ACTIONS), "Conventions": sees_conventions(user)}
    titles = [title for title, there in readable.items() if there]
    return titles or (["Favoris"] if has_stars(user) else [])


def owed(user: Any) -> dict[str, Any]:
    """What the person has to fill in, and the templates that say it."""
    context: dict[str, Any] = {}
    above = []
    if has(user, Right.READ_CONVENTIONS) and (cells := cells_to_fill(user)):
        context["cells"] = cells
        above.append(CELLS)
    if waiting := waiting_for(user):
        context["proposals"] = waiting
        above.append(PROPOSALS)
    if has(user, Right.READ_ACTIONS):
        filling = home_filling(user)
        context |= {"filling": filling, "owes": bool(filling.to_fill), "spending": spending_owed(user)}
        above.append(FILLING)
    return context | {"above": above}


def territory_figures(user: Any) -> dict[str, Any]:
    """The four figures of the territory; their trends come once the page is shown, see `home_trend`."""
    read = read_list(user, {})
    sums = list_sums(filtered_sites(user, read.filter))
    return {
        "where": read.territory,
        "sums": sums,
        "tiles": [tile | {"sparkline": None} for tile in tiles(sums, read.filter, STALE_SITES)],
        "may_declare": has(user, Right.DECLARE_SITE),
    }


@signed_in
def home_trend(request: HttpRequest) -> HttpResponse:
    """The four figures, each with its trend since six months: a fragment of the home page, or a page by itself."""
    user = request.user
    context: dict[str, Any] = {"tiles": None, "where": ""}
    if has(user, Right.READ_SITES):
        read = read_list(user, {})
        today = clock.today()
        start = six_months_before(today)
        days = [start + (today - start) * step / TREND_STEPS for step in range(TREND_STEPS)]
        sums = [list_sums(filtered_sites(user, read.filter, at), at) for at in (*map(AsOf, days), NOW)]
        context = {"where": read.territory, "tiles": trend_tiles(sums, read.filter, STALE_SITES)}
    return render(request, "sites/_home_tiles.html" if by_htmx(request) else "sites/home_trend.html", context)


@signed_in
def home_due(request: HttpRequest) -> HttpResponse:
    """What others owe the person: a fragment of the home page, or a page by itself."""
    late = home_late(request.user) if has(request.user, Right.READ_ACTIONS) else None
    return render(
        request, "sites/_home_due.html" if by_htmx(request) else "sites/home_due.html", {"late": late}
    )


@signed_in
def home_news(request: HttpRequest) -> HttpResponse:
    """What changed since the last visit on one’s territory: a fragment of the home page, or a page by itself."""
    user = request.user
    visit = last_visit(request)
    since = visit or timezone.now() - FIRST_VISIT
    asked = ActivityQuestion(user, home_territory(user), since=since, limit=NEWS_SHOWN + 1)
    items = activity(asked)
    context = {"items": items[:NEWS_SHOWN], "more": len(items) > NEWS_SHOWN, "since": since, "visit": visit}
    return render(request, "sites/_home_news.html" if by_htmx(request) else "sites/home_news.html", context)


@signed_in
def home_rest(request: HttpRequest) -> HttpResponse:
    """The rest of the home page, which the page asks for once it is shown; a page of its own without JavaScript."""
    user = request.user
    context: dict[str, Any] = {}
    parts = []
    if has(user, Right.READ_CONVENTIONS) and (conventions := home_conventions(user, clock.today())):
        context["conventions"] = conventions
        parts.append(CONVENTIONS)
    if has(user, Right.READ_ACTIONS):
        context |= {
            "covered": coverage(user),
            "running": running_around(user),
            "may_declare_action": has(user, Right.DECLARE_ACTION),
        }
        parts.append(ACTIONS)
    if practices := practices_waiting_for(user):
        context["practices"] = practices
        parts.append(PRACTICES)
    if starred := starred_groups(user):
        context["starred"] = starred
        parts.append(FAVOURITES)
    template = "sites/_home_rest.html" if by_htmx(request) else "sites/home_rest.html"
    return render(request, template, context | {"parts": parts})


def coverage(user: Any) -> Ratio | None:
    """The share of the open sites of the page that a dispositif in progress covers; None without a site."""
    if not has(user, Right.READ_SITES):
        return None
    share = coverage_of(filtered_sites(user, read_list(user, {}).filter))
    return share if share.denominator else None
