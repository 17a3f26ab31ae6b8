"""Reading requests for access."""

from typing import Any

from jalons.accounts.querysets import has_words
from jalons.core.values import format_moment
from jalons.joining.enums import WAITING, RequestState
from jalons.joining.models import AccessRequest

VERBS = {
    RequestState.APPROVED: "a accepté cette demande",
    RequestState.REFUSED: "a refusé cette demande",
    RequestState.ASKED: "a posé une question",
    RequestState.CLOSED: "a classé cette demande",
}


def requests_for(admin: Any, *, text: str = "", state: str = "waiting") -> Any:
    """The requests that this administrator may answer, those that wait longest first."""
    requests = AccessRequest.objects.visible_to(admin).with_people()
    if state == "waiting":
        requests = requests.filter(state__in=WAITING)
    elif state == "answered":
        requests = requests.exclude(state__in=WAITING)
    requests = requests.filter(
        has_words(text.split(), "name", "email", "organisation_name", "organisation__name")
    )
    return (
        requests.order_by("created_at", "pk")
        if state == "waiting"
        else requests.order_by("-created_at", "-pk")
    )


def answered_by(request: AccessRequest) -> str:
    """« Camille Nord (DDETS du Nord) a refusé cette demande, le 12 décembre 2026 à 16:00. Motif : … »"""
    who = str(request.changed_by or "Jalons")
    if request.changed_for:
        who = f"{who} ({request.changed_for})"
    verb = VERBS.get(RequestState(request.state), "a écrit sur cette demande")
    moment = format_moment(request.changed_at)
    why = f" Motif : {request.answer}" if request.answer else ""
    return f"{who} {verb}, le {moment}.{why}"
