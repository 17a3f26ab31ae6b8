"""The past of a convention: which pages read it, and what the others answer. See ADR 0020.

A view that can be read as known on a date says so in its decorator (`past=True`) and takes `at`, with the convention
or the sheet as it was written then. Any other one answers, when its address holds a date, that it is only read today:
a new page never ignores a date in silence.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jalons.conventions.dossier.from_base import convention_at
from jalons.conventions.models import Commitment, Convention
from jalons.core.queries import url_with
from jalons.core.ui import KNOWN_PARAMETER, VALID_PARAMETER
from jalons.core.values import format_long_date, french_spaces
from jalons.history.querysets import AsOf, described

READS = ("GET", "HEAD")
TODAY_ONLY = "Cette page ne se lit qu’à ce jour : elle ne sait pas dire ce que l’on savait à une autre date."
NOTHING_WRITTEN = (
    "On n’écrit pas dans le passé : rien n’a été enregistré. Revenez à aujourd’hui, puis recommencez."
)
UNKNOWN = "Le {day}, Jalons n’avait pas encore {what}."


def asks_for_a_date(request: HttpRequest) -> bool:
    return any(str(request.GET.get(name) or "").strip() for name in (VALID_PARAMETER, KNOWN_PARAMETER))


def dated(request: HttpRequest, at: AsOf) -> dict[str, Any]:
    """What `conventions/dossier/page.html` needs. `kept`: what its links add to an address to stay on that date."""
    return {"at": at, "kept": f"?{at.query}" if at.query else "", "complaints": AsOf.read(request.GET)[1]}


def at_words(at: AsOf) -> str:
    """« situation au 1er mars 2026, telle que connue le 1er juin 2026 »; empty for now."""
    parts = [f"situation au {format_long_date(at.valid)}"] if at.valid else []
    return ", ".join([*parts, *([f"telle que connue le {format_long_date(at.known)}"] if at.known else [])])


def at_name(at: AsOf) -> str:
    """What the name of a file says of its dates: « -au-2026-03-01-connu-le-2026-06-01 »."""
    return "".join(f"-{name}-{day}" for name, day in at.params().items())


def only_today(request: HttpRequest, convention: Convention | None) -> HttpResponse | None:
    """What a page without past answers to an address with a date; None without one."""
    if not asks_for_a_date(request):
        return None
    at, _ = AsOf.read(request.GET)
    why = TODAY_ONLY if request.method in READS else NOTHING_WRITTEN
    return refusal(request, convention, at, why, status=200 if request.method in READS else 409)


def unread(request: HttpRequest, convention: Convention, at: AsOf) -> HttpResponse | None:
    """What a page that reads the past answers when somebody writes there."""
    if request.method in READS or not asks_for_a_date(request):
        return None
    return refusal(request, convention, at, NOTHING_WRITTEN, status=409)


def refusal(
    request: HttpRequest, convention: Convention | None, at: AsOf, why: str, *, status: int = 200
) -> HttpResponse:
    gone = {VALID_PARAMETER: None, KNOWN_PARAMETER: None}
    sentence = f"?{at.query}" if at.query else ""
    parent = (
        ("Conventions", reverse("conventions:list"))
        if convention is None
        else (convention.short_title, reverse("conventions:overview", args=[convention.slug]))
    )
    context = {
        **dated(request, at),
        "title": "Pas encore connue" if convention is None else "À ce jour seulement",
        "parent": parent[0],
        "parent_url": parent[1] + sentence,
        "why": french_spaces(why),
        "today_url": request.path + url_with(request.GET, gone),
    }
    return render(request, "conventions/dossier/today_only.html", context, status=status)


def not_known(request: HttpRequest, at: AsOf, what: str) -> HttpResponse:
    day = format_long_date(at.known or at.day)
    return refusal(request, None, at, UNKNOWN.format(day=day, what=what))


def commitment_at(commitment: Commitment, at: AsOf) -> Commitment | None:
    """The sheet, its convention and its mother as they were written then; None while Jalons did not have it."""
    if at.instant is None:
        return commitment
    convention = convention_at(commitment.convention, at)
    pks = [pk for pk in (commitment.pk, commitment.parent_id) if pk]
    version_by_pk = {
        version.pk: version for version in described(Commitment, at, "party", "action", id__in=pks)
    }
    then: Commitment | None = version_by_pk.get(commitment.pk)
    if convention is None or then is None:
        return None
    for version in version_by_pk.values():
        version.convention = convention
    then.parent = version_by_pk.get(then.parent_id)
    return then
