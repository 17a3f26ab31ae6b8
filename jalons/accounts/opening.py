"""The one way into a session: whatever proved who somebody is (password, link, ProConnect) ends in `enter`.

Apps above add to it in `ready()`, by the dotted path of a function: see `register_step`, `register_opened`,
`register_farewell`, and `register_door` for another way in, proposed on the sign-in page.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.module_loading import import_string

from jalons.core import navigation, resume

if TYPE_CHECKING:  # an `apps.py` imports this module before the models are there
    from jalons.accounts.models import User

NEXT = "next"
INTRODUCED = "introduced"  # in the session: what another door said of somebody who has no account
LAST_VISIT = "last_visit"  # in the session: when the one before was opened
BACKEND = "jalons.accounts.backends.SessionBackend"


@dataclass(frozen=True, slots=True)
class Entrance:
    """Somebody whose first proof was accepted, and where they were going.

    `means`: the proof, in words (« mot de passe »). `strong`: it was already made of two factors, elsewhere.
    `resumable`: what was typed before the session ended. `after`: a local address, or nothing.
    """

    user: "User"
    means: str
    resumable: resume.Kept | None = None
    after: str = ""
    strong: bool = False
    greeting: str = ""


@dataclass(frozen=True, slots=True)
class Door:
    """Another way in than the password. `offered` is asked each time the sign-in page is made."""

    label: str
    url_name: str
    offered: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class ShownDoor:
    label: str
    url: str


_steps: list[str] = []
_opened: list[str] = []
_farewells: list[str] = []
_doors: dict[str, Door] = {}


def last_visit(request: HttpRequest) -> dt.datetime | None:
    """When this person opened their session before this one; None for a first visit."""
    return parse_datetime(str(request.session.get(LAST_VISIT, "")))


def register_step(path: str) -> None:
    """`step(request, entrance)` answers a page that asks for more, or None to let in."""
    add(_steps, path)


def register_opened(path: str) -> None:
    """`opened(request, entrance)` is called once the session is open."""
    add(_opened, path)


def register_farewell(path: str) -> None:
    """`farewell(request)`, called before signing out, answers an address to go to afterwards, or nothing."""
    add(_farewells, path)


def register_door(door: Door) -> None:
    _doors[door.url_name] = door


def add(paths: list[str], path: str) -> None:
    if path not in paths:
        paths.append(path)


def next_page(request: HttpRequest) -> str:
    """Where the person wanted to go, if it is a page of ours."""
    next_address = request.POST.get(NEXT) or request.GET.get(NEXT) or ""
    return next_address if resume.is_local(next_address) else ""


def enter(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    """Opens the session, unless a step asks for more first."""
    for path in _steps:
        answer: HttpResponse | None = import_string(path)(request, entrance)
        if answer is not None:
            return answer
    return open_session(request, entrance)


def open_session(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    """To be called by the last step only: the session is open, and what was typed can be sent again."""
    previous = entrance.user.last_login
    login(request, entrance.user, backend=BACKEND)
    if previous is not None:
        request.session[LAST_VISIT] = previous.isoformat()
    for path in _opened:
        import_string(path)(request, entrance)
    if entrance.resumable:
        return resume_page(request, entrance.resumable)
    if entrance.greeting:
        messages.success(request, entrance.greeting)
    return redirect(entrance.after or "home")


def resume_page(request: HttpRequest, resumable: resume.Kept) -> HttpResponse:
    content = {"kept": resumable, "title": "Vous êtes reconnecté\u00a0: reprenez l’enregistrement"}
    return render(request, "core/resume.html", content)


def farewell(request: HttpRequest) -> str:
    """Where signing out leads, when somebody else also holds a session of this person."""
    return next((url for path in _farewells if (url := import_string(path)(request))), "")


def sign_in_content(form: Any, *, resumable: resume.Kept | None, after: str, expired: bool) -> dict[str, Any]:
    """What the sign-in page shows; what was typed travels in this very page, so another door opens beside it."""
    return {"form": form, "kept": resumable, "expired": expired, "next": after, "doors": doors(after)}


def doors(after: str) -> list[ShownDoor]:
    """The other ways in that are open now."""
    query = f"?{urlencode({NEXT: after})}" if after else ""
    offered = [(door, navigation.address(door.url_name)) for door in _doors.values() if door.offered()]
    return [ShownDoor(door.label, url + query) for door, url in offered if url]


def introduce(request: HttpRequest, **identity: str) -> None:
    """Remembers, for the form that asks for an account, the `name`, the `email` and the `siret` that a door told."""
    request.session[INTRODUCED] = identity


def introduced(request: HttpRequest) -> dict[str, str]:
    """First values of that form, which its reader may change. They give no right."""
    return dict(request.session.get(INTRODUCED) or {})
