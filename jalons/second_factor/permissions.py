"""Which sessions are proved twice, and what asks for it. The one place: views, exports and the middleware read it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from jalons.second_factor.enums import Purpose

# In the session: the two proofs were asked by somebody else, who said so (ProConnect).
PROVED_ELSEWHERE = "proved_elsewhere"


class NotVerified(PermissionDenied):
    """The session was proved once only; the middleware leads to where it can be proved twice."""

    def __init__(self, purpose: Purpose) -> None:
        super().__init__(purpose.label)
        self.purpose = purpose


def is_required() -> bool:
    return bool(settings.SECOND_FACTOR_REQUIRED)


def is_verified(user: Any) -> bool:
    """`user` as the middleware gave it to the request; anybody else was not proved twice."""
    return bool(getattr(user, "proved_twice", False))


def check_verified(user: Any, purpose: Purpose) -> None:
    """Raises `NotVerified` where the instance asks for two proofs and this session has one."""
    if is_required() and not is_verified(user):
        raise NotVerified(purpose)


def verified(purpose: Purpose) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """For a view, under `requires` or `signed_in`: only for a session proved twice."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            check_verified(request.user, purpose)
            return view(request, *args, **kwargs)

        return wrapper

    return decorate
