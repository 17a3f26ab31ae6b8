"""The page of what one has downloaded."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jalons.accounts.decorators import signed_in
from jalons.core import ui
from jalons.exports import selectors

PAGE_SIZE = 50
EVERYONE = "tous"
COLUMNS = [
    ui.Column("Contenu"),
    ui.Column("Téléchargé le"),
    ui.Column("Format"),
    ui.Column("Lignes", numeric=True),
]
WHO = [ui.Column("Par"), ui.Column("Structure")]


@require_safe
@signed_in
def downloads(request: HttpRequest) -> HttpResponse:
    """Own downloads; who manages accounts may also see those of their territory."""
    others = selectors.may_see_others(request.user)
    everyone = others and request.GET.get("de") == EVERYONE
    found = selectors.downloads(request.user, everyone=everyone)
    tabs = [
        ui.Tab("Les miens", "?", current=not everyone),
        ui.Tab("Ceux de mon territoire", f"?de={EVERYONE}", current=everyone),
    ]
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get(ui.PAGE_PARAMETER)),
        "tabs": tabs if others else [],
        "everyone": everyone,
        "columns": [*COLUMNS, *(WHO if everyone else [])],
    }
    return render(request, "exports/downloads.html", context)
