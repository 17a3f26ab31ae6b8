"""A register between two pages: in the session, sealed under a key that only a cookie holds. See docs/adr/0087."""

import base64
import binascii
import json
import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from jalons.core import headers
from jalons.households.vault import OpenRegister, UnreadableSeal
from jalons.households.vault.sealing import KEY_BYTES, new_key, seal, unseal

COOKIE = "registre"
IN_SESSION = "register"  # by organisation: who works for two of them may have both open
CHOSEN = "register_of"  # the organisation whose register the pages show
FORMER = "register_drafts"  # the keys that this browser had before, sealed under the one it has
MOST_FORMER = 4
IDLE_SECONDS = 15 * 60
SKEW_SECONDS = 60  # of the clocks of two machines
NOTED_EVERY = 30  # seconds: the session is not written for every page
DRAFT_BYTES = 400_000


def text_of(blob: bytes) -> str:
    return base64.urlsafe_b64encode(blob).decode()


def bytes_of(text: Any) -> bytes:
    """Nothing for what is not one of our texts."""
    try:
        return base64.urlsafe_b64decode(str(text))
    except (binascii.Error, ValueError):
        return b""


def cookie_key(request: HttpRequest) -> bytes:
    """The key of this browser; empty without it."""
    key = bytes_of(headers.cookie(request, COOKIE))
    return key if len(key) == KEY_BYTES else b""


def give_cookie(response: HttpResponseBase, key: bytes) -> None:
    response.set_cookie(
        COOKIE,
        text_of(key),
        httponly=True,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        samesite="Strict",
    )


def hold(request: HttpRequest, response: HttpResponseBase, register: OpenRegister) -> None:
    """Keeps a register open for the next pages, under a new key that leaves with this response."""
    key, organisation = new_key(), str(register.organisation_id)
    others = {
        name: {**held, "sealed": sealed_again(request, name, held, key)}
        for name, held in held_registers(request).items()
        if name != organisation
    }
    former = b"".join([cookie_key(request), *former_keys(request)][:MOST_FORMER])
    request.session[FORMER] = text_of(seal(key, former, draft_context(request)))
    request.session[IN_SESSION] = {
        **others,
        organisation: {
            "sealed": text_of(register.sealed_under(key, str(request.user.pk))),
            "at": int(time.time()),
        },
    }
    request.session[CHOSEN] = register.organisation_id
    give_cookie(response, key)


def held_registers(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """Those that this session opened, by organisation; locked since, perhaps."""
    held: Any = request.session.get(IN_SESSION)
    return (
        {name: one for name, one in held.items() if isinstance(one, dict)} if isinstance(held, dict) else {}
    )


def sealed_again(request: HttpRequest, organisation: str, held: dict[str, Any], key: bytes) -> str:
    """Another register that stays open, under the new key of this browser; nothing when it does not open."""
    try:
        register = OpenRegister.unsealed(
            int(organisation), cookie_key(request), bytes_of(held.get("sealed")), str(request.user.pk)
        )
    except (UnreadableSeal, ValueError):
        return ""
    return text_of(register.sealed_under(key, str(request.user.pk)))


def held_register(request: HttpRequest, organisation_id: int, version: int) -> OpenRegister | None:
    """The register that this session opened less than a quarter of an hour ago; None when it is locked.

    `version`: of the key today. A session that does not know it gives its code again.
    """
    every = held_registers(request)
    held = every.get(str(organisation_id))
    if held is None:
        return None
    idle = int(time.time()) - int(held.get("at", 0))
    key = cookie_key(request)
    if not -SKEW_SECONDS <= idle <= IDLE_SECONDS or not key:
        return None
    try:
        register = OpenRegister.unsealed(
            organisation_id, key, bytes_of(held.get("sealed")), str(request.user.pk)
        )
    except UnreadableSeal:
        return None
    if register.version < version:
        return None
    if idle > NOTED_EVERY:
        request.session[IN_SESSION] = {**every, str(organisation_id): {**held, "at": int(time.time())}}
    return register


def lock(request: HttpRequest, response: HttpResponseBase) -> None:
    request.session.pop(IN_SESSION, None)
    request.session.pop(FORMER, None)
    response.delete_cookie(COOKIE, samesite="Strict")


# What was being typed when the register was found locked --------------------------------------------------------


def sealed_draft(request: HttpRequest, key: bytes) -> str:
    """One POST, for a hidden field of the page that asks the code: sealed, so that nobody reads it over a shoulder."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
        if isinstance(value, str)
    ]
    payload = json.dumps({"path": request.get_full_path(), "fields": fields}).encode()
    return text_of(seal(key, payload, draft_context(request))) if len(payload) <= DRAFT_BYTES else ""


def read_draft(request: HttpRequest, sealed: str) -> tuple[str, list[tuple[str, str]]] | None:
    """The address and the fields; None when there is none, or another browser or person sealed it."""
    key = cookie_key(request)
    if not sealed or not key:
        return None
    for candidate in (key, *former_keys(request)):
        try:
            content = json.loads(unseal(candidate, bytes_of(sealed), draft_context(request)))
        except UnreadableSeal:
            continue
        return content["path"], [(name, value) for name, value in content["fields"]]
    return None


def former_keys(request: HttpRequest) -> list[bytes]:
    """What two tabs were typing when one of them opened the register, hence gave the browser another key."""
    try:
        keys = unseal(cookie_key(request), bytes_of(request.session.get(FORMER, "")), draft_context(request))
    except (UnreadableSeal, ValueError):
        return []
    return [keys[start : start + KEY_BYTES] for start in range(0, len(keys), KEY_BYTES)]


def draft_context(request: HttpRequest) -> str:
    return f"{request.user.pk}|draft"
