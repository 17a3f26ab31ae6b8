"""What every answer of Jalons bears, static files excepted: they are answered before."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import DatabaseError
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from jalons.core import headers, views
from jalons.core.failures import failure_of

logger = logging.getLogger(__name__)
NextStep = Callable[[HttpRequest], HttpResponseBase]
PRIVATE = "private, no-store"


class KeepsNothing:
    """No copy of a page stays in a browser or on the way: after signing out, « back » shows nothing.

    An answer that is the same for everybody says for how long with `open_seconds`; it is heard only for a visitor who
    shows no cookie and is given none: what a session shapes, or opens, is never copied.
    """

    def __init__(self, get_response: NextStep) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        seconds = getattr(response, "open_seconds", 0)
        may_stay = seconds and headers.without_cookies(request) and not response.cookies
        response["Cache-Control"] = f"public, max-age={seconds}" if may_stay else PRIVATE
        return response


class SaysWhy:
    """A refusal without a page (a method that an address does not take) gets one, in French."""

    def __init__(self, get_response: NextStep) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response: Any = self.get_response(request)
        if response.status_code not in (400, 405) or response.streaming or response.content:
            return response
        page = views.error_page(request, response.status_code)
        if "Allow" in response:
            page["Allow"] = response["Allow"]
        return page


class ForgivingSession(SessionMiddleware):
    """A session that cannot be saved does not take with it a page that is ready to be read.

    What is lost is a message already shown, or one not shown yet. A session that the browser does not know yet is
    another matter: without it nobody is signed in, and the failure is told.
    """

    def process_request(self, request: HttpRequest) -> None:
        request.session = self.SessionStore(headers.session_key(request))

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        try:
            return super().process_response(request, response)
        except DatabaseError as error:
            if failure_of(error) is None or is_new(request):
                raise
            logger.exception("La session n’a pas été enregistrée")
            return response


def is_new(request: HttpRequest) -> bool:
    return request.session.session_key != request.COOKIES.get(settings.SESSION_COOKIE_NAME)
