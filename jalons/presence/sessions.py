"""The open sessions of a person, and their past sign-ins.

A session says by itself whose it is; nothing else is kept of it. Finding those of one person reads all that are open:
a few thousand at most, on a page that is rarely asked for.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from axes.models import AccessAttempt, AccessLog
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from jalons.accounts.models import User
from jalons.accounts.opening import Entrance
from jalons.core import headers

OPENED = "opened"
SHOWN = 50
# What a browser says of itself, from the most precise: Edge and Opera also claim to be Chrome, which claims Safari.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
PRINTABLE = re.compile(r"[^\x20-\x7e]")


@dataclass(frozen=True, slots=True)
class OpenSession:
    """`since` is None for a session opened before Jalons noted it. `key` never leaves the server."""

    key: str
    here: bool
    device: str
    means: str
    address: str
    since: dt.datetime | None
    ends_at: dt.datetime


@dataclass(frozen=True, slots=True)
class SignIn:
    at: dt.datetime
    device: str
    address: str
    ended_at: dt.datetime | None = None
    failed: bool = False


def note_opening(request: HttpRequest, entrance: Entrance) -> None:
    """What the list of sessions says of this one, kept inside it: gone with it."""
    request.session[OPENED] = {
        "at": timezone.now().isoformat(),
        "device": device_words(headers.header(request, "User-Agent")),
        "means": entrance.means,
        "address": headers.client_address(request) or "",
    }


def device_words(agent: str) -> str:
    """« Firefox sur Windows », from what the browser says of itself; « navigateur inconnu »."""
    text = PRINTABLE.sub("", agent)[:400]
    browser = next((name for mark, name in BROWSERS if mark in text), "navigateur inconnu")
    system = next((name for mark, name in SYSTEMS if mark in text), "")
    return f"{browser} sur {system}" if system else browser


def open_sessions(user: User, *, here: str | None) -> list[OpenSession]:
    """Those of this person that are still open, this one first, then the newest. `here`: the key of this one."""
    rows = [described(session, data, here) for session, data in sessions_of(user)]
    return sorted(rows, key=lambda row: (not row.here, -(row.since or row.ends_at).timestamp()))


def sessions_of(user: User) -> Iterator[tuple[Session, dict[str, Any]]]:
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        data = session.get_decoded()
        if data.get(SESSION_KEY) == str(user.pk):
            yield session, data


def described(session: Session, data: dict[str, Any], here: str | None) -> OpenSession:
    noted = data.get(OPENED) or {}
    return OpenSession(
        key=session.session_key,
        here=session.session_key == here,
        device=noted.get("device") or "navigateur inconnu",
        means=noted.get("means", ""),
        address=noted.get("address", ""),
        since=parse_datetime(noted["at"]) if noted.get("at") else None,
        ends_at=session.expire_date,
    )


def close_others(user: User, *, here: str | None) -> int:
    """Ends every session of this person but this one; `here` None ends them all. Answers how many."""
    keys = [session.session_key for session, _ in sessions_of(user) if session.session_key != here]
    Session.objects.filter(pk__in=keys).delete()
    return len(keys)


def sign_ins(user: User) -> list[SignIn]:
    """The last sign-ins, and the wrong passwords of the last minutes, newest first."""
    opened = AccessLog.objects.filter(username=user.email).order_by("-attempt_time")[:SHOWN]
    wrong = AccessAttempt.objects.filter(username=user.email).order_by("-attempt_time")[:SHOWN]
    rows = [
        SignIn(row.attempt_time, device_words(row.user_agent), row.ip_address or "", ended_at=row.logout_time)
        for row in opened
    ]
    rows += [
        SignIn(row.attempt_time, device_words(row.user_agent), row.ip_address or "", failed=True)
        for row in wrong
    ]
    return sorted(rows, key=lambda row: row.at, reverse=True)[:SHOWN]
