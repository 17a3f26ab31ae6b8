"""« Qui peut lire ceci ? », and who did read what is sensitive."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from jalons.accounts.decorators import requires, signed_in
from jalons.accounts.enums import Right
from jalons.core import ui
from jalons.readership import selectors
from jalons.readership.things import chosen_readers, thing_kind

PAGE_SIZE = 50
READERS = [ui.Column("Structure"), ui.Column("Personnes", numeric=True), ui.Column("À quel titre")]
ROLES = [ui.Column("Rôle"), ui.Column("Personnes", numeric=True), ui.Column("Structures", numeric=True)]
READINGS = [
    ui.Column("Qui"),
    ui.Column("Structure"),
    ui.Column("Quoi"),
    ui.Column("Jour"),
    ui.Column("Heures"),
]


@require_safe
@signed_in
def readers(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Who may read a thing, block by block. To whoever reads the thing: it says nothing of what is written there."""
    thing = thing_kind(kind)
    obj = thing.find(request.user, key)
    journal = selectors.may_see_journal(request.user, thing, obj)
    context = {
        **about(thing, obj),
        "parts": selectors.all_readers(thing, obj),
        "chosen": chosen_readers(request.user, obj),
        "news": selectors.new_readers(thing.ground(obj)),
        "readings_url": reverse("readership:readings", args=[kind, key]) if journal else "",
        "reader_columns": READERS,
        "role_columns": ROLES,
    }
    return render(request, "readership/readers.html", context)


@require_safe
@signed_in
def readings(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Who read the sensitive blocks of a thing. To those who write them there."""
    thing = thing_kind(kind)
    obj = thing.find(request.user, key)
    if not selectors.may_see_journal(request.user, thing, obj):
        raise PermissionDenied
    context = {
        **about(thing, obj),
        "page": Paginator(selectors.readings_of(obj), PAGE_SIZE).get_page(request.GET.get(ui.PAGE_PARAMETER)),
        "columns": READINGS,
        "readers_url": reverse("readership:readers", args=[kind, key]),
    }
    return render(request, "readership/readings.html", context)


@require_safe
@requires(Right.MANAGE_ACCOUNTS)
def journal(request: HttpRequest) -> HttpResponse:
    """Every sensitive reading by the organisations that one administers."""
    rows = selectors.readings_within(request.user)
    context = {
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get(ui.PAGE_PARAMETER)),
        "columns": [*READINGS, ui.Column("Sur")],
    }
    return render(request, "readership/journal.html", context)


def about(thing: Any, obj: Any) -> dict[str, Any]:
    return {"title": str(obj), "url": thing.url(obj), "words": thing.words}
