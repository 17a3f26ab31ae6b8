"""A save that cannot be sent waits in the browser, sealed (static/households/sending.js). See docs/adr/0094."""

import base64
from collections.abc import Callable

from django.http import Http404, HttpResponse, JsonResponse
from django.utils.crypto import salted_hmac

from jalons.households.vault import OpenRegister


def owner_mark(user_id: int, organisation_id: int) -> str:
    """Names, in a browser that several people use, whose sealed saves are whose; it opens nothing."""
    return salted_hmac("households.sending", f"{user_id}|{organisation_id}").hexdigest()[:32]


def page_keys(register: OpenRegister, user_id: int) -> str:
    """What the page seals with, the newest first. The browser stores none: they come back with an opened register."""
    keys = register.derived_keys(f"sending|{user_id}")
    return " ".join(base64.urlsafe_b64encode(key).decode() for key in keys)


def script_answer(answered: Callable[[], HttpResponse]) -> HttpResponse:
    """Where the browser goes once it is stored; a page as it is, for what somebody must look at."""
    try:
        response = answered()
    except Http404:
        return JsonResponse({"state": "gone"}, status=404)
    if "Location" in response:
        return JsonResponse({"state": "done", "to": response["Location"]})
    return response
