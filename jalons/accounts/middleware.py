"""Each request is served for the organisation, on the day and at the hour of its person. See the decision 0021."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from jalons.accounts.permissions import own_zone

ACTING_FOR = "acting_for"  # in the session


class ActingFor:
    """Tells the account which organisation it writes for, when it has several. Before anything reads its memberships.

    One that the person has left since is as if it had not been chosen: it is among no membership of today.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.session.get(ACTING_FOR) if request.user.is_authenticated else None
        if isinstance(chosen, int):
            request.user.acting_for = chosen  # type: ignore[union-attr]
        return self.get_response(request)


def itself(user: Any) -> Any:
    """The account, out of the two wrappers that put its reading off: each page asks it thousands of things."""
    while type(user) is SimpleLazyObject:
        _, (user,) = user.__reduce__()
    return user


class TerritoryClock:
    """Sets the time zone in force while a page is made. Static files are served before it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user = itself(request.user)
        zone = own_zone(user) if user.is_authenticated else ZoneInfo(settings.TIME_ZONE)
        with timezone.override(zone):
            return self.get_response(request)
