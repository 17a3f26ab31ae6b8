"""The front door: the one page that may know every app."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jalons.accounts.decorators import open_to_all
from jalons.accounts.enums import Right
from jalons.accounts.permissions import has
from jalons.sites.forms.listing import read_list
from jalons.sites.selectors import filtered_sites, last_surveys, list_sums, ordered_sites, site_rows
from jalons.sites.views.listing import tiles

FIRST = 5


@open_to_all
def home(request: HttpRequest) -> HttpResponse:
    """What Jalons is, for who is not signed in; what to look at first, for who is."""
    if not request.user.is_authenticated:
        return render(request, "core/welcome.html")
    if not has(request.user, Right.READ_SITES):
        return render(request, "sites/home.html", {"rows": None, "where": "", "may_declare": False})
    read = read_list(request.user, {})
    chosen = filtered_sites(request.user, read.filter)
    sums = list_sums(chosen)
    first = ordered_sites(request.user, chosen, "-priorite")[:FIRST]
    context = {
        "where": read.territory,
        "sums": sums,
        "tiles": tiles(sums, read.filter, "/sites/?maj=6"),
        "rows": [row for row in site_rows(request.user, first) if row.alerts],
        "surveys": last_surveys(request.user),
        "may_declare": has(request.user, Right.DECLARE_SITE),
    }
    return render(request, "sites/home.html", context)
