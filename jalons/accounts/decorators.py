"""Who may call a view. Every view bears one of these; a test walks the URLs and refuses one that does not."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jalons.accounts import opening
from jalons.accounts.enums import Right
from jalons.accounts.forms import SignInForm
from jalons.accounts.permissions import has
from jalons.core import headers, resume

View = Callable[..., Any]
OPEN, SIGNED_IN = "open", "signed_in"
READING = ("GET", "HEAD", "OPTIONS")


def open_to_all(view: View) -> View:
    """Anybody, signed in or not."""
    view.access = OPEN  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Any active account."""
    return guarded(view, SIGNED_IN, lambda user: True)


def requires(right: Right) -> Callable[[View], View]:
    """Accounts that hold `right` somewhere. The view still checks the object: see `permissions.fetch`."""
    right = Right(right)  # a name that does not exist fails when the view is declared

    def decorate(view: View) -> View:
        return guarded(view, right, lambda user: has(user, right))

    return decorate


def requires_any(*rights: Right) -> Callable[[View], View]:
    """Accounts that hold one of `rights` somewhere: what the view shows then depends on which."""
    return lambda view: guarded(view, SIGNED_IN, lambda user: any(has(user, right) for right in rights))


def guarded(view: View, access: str, allowed: Callable[[Any], bool]) -> View:
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return sign_in_first(request)
        if not allowed(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    wrapper.access = access  # type: ignore[attr-defined]
    return wrapper


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """To the sign-in page; for a POST, that page itself (401), with what was typed in it."""
    htmx = headers.by_htmx(request)
    if request.method in READING:
        # htmx would put the sign-in page inside the fragment that it was asked for.
        page = headers.htmx_page(request) if htmx else request.get_full_path()
        answer = redirect_to_login(page or "/")
        return HttpResponse(headers={"HX-Redirect": answer["Location"]}) if htmx else answer
    return session_over(request, htmx=htmx)


def session_over(request: HttpRequest, *, htmx: bool) -> HttpResponse:
    content = opening.sign_in_content(
        SignInForm(request),
        resumable=resume.typed_in(request),
        after=headers.referring_page(request),
        expired=True,
    )
    answer = render(request, "accounts/sign_in.html", content, status=401)
    if htmx:  # which swaps no 401: the page takes the place of the whole body instead
        answer.status_code = 200
        answer["HX-Retarget"], answer["HX-Reswap"] = "body", "innerHTML show:window:top"
        answer["HX-Push-Url"] = reverse("accounts:sign_in")
    return answer
