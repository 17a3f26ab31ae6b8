"""Each request is served on the day, and at the hour, of the territory of its person. See the decision 0021."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from jalons.accounts.permissions import own_zone


class TerritoryClock:
    """Sets the time zone in force while a page is made. Static files are served before it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        zone = own_zone(user) if user.is_authenticated else ZoneInfo(settings.TIME_ZONE)
        with timezone.override(zone):
            return self.get_response(request)
