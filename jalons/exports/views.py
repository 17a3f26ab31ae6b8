"""The page of what one has downloaded."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from jalons.accounts.decorators import requires, signed_in
from jalons.accounts.enums import Right
from jalons.core import ui
from jalons.exports import selectors

PAGE_SIZE = 50
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
    return downloads_page(request, everyone=False)


@require_safe
@requires(Right.MANAGE_ACCOUNTS)
def everyone(request: HttpRequest) -> HttpResponse:
    """Those of the territory of who manages accounts."""
    return downloads_page(request, everyone=True)


def downloads_page(request: HttpRequest, *, everyone: bool) -> HttpResponse:
    downloads = selectors.downloads(request.user, everyone=everyone)
    tabs = [
        ui.Tab("Les miens", reverse("exports:downloads"), current=not everyone),
        ui.Tab("Ceux de mon territoire", reverse("exports:everyone"), current=everyone),
    ]
    context = {
        "page": Paginator(downloads, PAGE_SIZE).get_page(request.GET.get(ui.PAGE_PARAMETER)),
        "tabs": tabs if selectors.may_see_others(request.user) else [],
        "everyone": everyone,
        "columns": [*COLUMNS, *(WHO if everyone else [])],
    }
    return render(request, "exports/downloads.html", context)
