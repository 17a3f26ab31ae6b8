"""The front door: the one page that may know every app."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jalons.accounts.decorators import open_to_all
from jalons.accounts.enums import Right
from jalons.accounts.permissions import has
from jalons.actions.selectors.coverage import coverage_of
from jalons.actions.selectors.home import home_actions
from jalons.actions.selectors.spending import spending_owed
from jalons.conventions.overview.listing import home_conventions
from jalons.conventions.report.reminders import cells_to_fill
from jalons.core import clock
from jalons.discussions.stars import starred_groups
from jalons.imports.selectors import WRITES
from jalons.sites.figures import list_sums
from jalons.sites.forms.listing import read_list
from jalons.sites.selectors import (
    filtered_sites,
    last_surveys,
    ordered_sites,
    site_rows,
)
from jalons.sites.views.listing import tiles

FIRST = 5
# What each app adds to the page: above everything, then under the sites to look at first.
ABOVE, BELOW = ["actions/_home_fill.html"], ["actions/_home_actions.html"]
OF_CONVENTIONS = ["conventions/overview/_home.html"]
FAVOURITES = "discussions/_home_favourites.html"
READING = (Right.READ_SITES, Right.READ_ACTIONS, Right.READ_CONVENTIONS)
CELLS = "conventions/report/_home_cells.html"
NOTHING: dict[str, Any] = {
    "rows": None,
    "where": "",
    "may_declare": False,
    "may_import": False,
    "above": [],
    "below": [],
    "owes": False,
}


@open_to_all
def home(request: HttpRequest) -> HttpResponse:
    """What Jalons is, for who is not signed in; what one owes and what to look at first, for who is."""
    user = request.user
    if not user.is_authenticated:
        return render(request, "core/welcome.html")
    if has(user, Right.MANAGE_ACCOUNTS) and not any(has(user, right) for right in READING):
        return redirect("administration:home")  # whose work is there: this page would be empty
    context, sums, chosen = dict(NOTHING), None, None
    if has(user, Right.READ_SITES):
        read = read_list(user, {})
        chosen = filtered_sites(user, read.filter)
        sums = list_sums(chosen)
        first = ordered_sites(user, chosen, "-priorite")[:FIRST]
        context |= {
            "where": read.territory,
            "sums": sums,
            "tiles": tiles(sums, read.filter, "/sites/?maj=6"),
            "rows": [row for row in site_rows(user, first) if row.alerts],
            "surveys": last_surveys(user),
            "may_declare": has(user, Right.DECLARE_SITE),
            "may_import": any(has(user, right) for right in WRITES),
        }
    if has(user, Right.READ_ACTIONS):
        actions = home_actions(user)
        context |= {
            "covered": coverage_of(chosen) if chosen is not None and sums and sums.sites else None,
            "actions": actions,
            "owes": bool(actions.to_fill),
            "spending": spending_owed(user),
            "may_declare_action": has(user, Right.DECLARE_ACTION),
            "above": ABOVE,
            "below": BELOW,
        }
    if has(user, Right.READ_CONVENTIONS) and (conventions := home_conventions(user, clock.today())):
        context |= {"conventions": conventions, "below": [*context["below"], *OF_CONVENTIONS]}
    if starred := starred_groups(user):
        context |= {"starred": starred, "below": [FAVOURITES, *context["below"]]}
    if has(user, Right.READ_CONVENTIONS) and (cells := cells_to_fill(user)):
        context |= {"cells": cells, "above": [*context["above"], CELLS]}
    return render(request, "sites/home.html", context)
