"""The charter comes before the pages, never before a form that was sent: nothing typed is lost."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from jalons.accounts.decorators import OPEN, READING
from jalons.core import headers

# What somebody who has not accepted may still do, besides the pages that are open to all: leave, and stay safe.
ALLOWED = {
    "charter:accept",
    "accounts:sign_out",
    "accounts:account",
    "accounts:change_password",
    "presence:delete",
    "presence:sessions",
}


class CharterFirst:
    """A page asked by somebody who has a charter to accept leads to it, and comes back afterwards."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        user = request.user
        if not user.is_authenticated or not user.charter_due or request.method not in READING:
            return None
        match = request.resolver_match
        if match is None or match.view_name in ALLOWED or is_open(view, match.view_name):
            return None
        page = headers.htmx_page(request) if headers.by_htmx(request) else request.get_full_path()
        url = f"{reverse('charter:accept')}?{urlencode({'next': page or '/'})}"
        return HttpResponse(headers={"HX-Redirect": url}) if headers.by_htmx(request) else redirect(url)


def is_open(view: Any, name: str) -> bool:
    """The front door is open to all, but shows what one owes to who is signed in."""
    return getattr(view, "access", OPEN) == OPEN and name != "home"
