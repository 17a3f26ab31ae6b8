"""Who may call a view. Every view bears one of these; a test walks the URLs and refuses one that does not."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.accounts.permissions import has

View = Callable[..., HttpResponse]
OPEN, SIGNED_IN = "open", "signed_in"


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


def guarded(view: View, access: str, allowed: Callable[[Any], bool]) -> View:
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not allowed(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    wrapper.access = access  # type: ignore[attr-defined]
    return wrapper
