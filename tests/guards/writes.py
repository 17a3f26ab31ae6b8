"""GET never writes: a link that is followed, prefetched or reloaded changes nothing."""

import contextlib
import re
from collections.abc import Callable
from typing import Any

from django.db import connections
from django.http import HttpRequest, HttpResponse

WRITE = re.compile(
    r"""\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO)\s+["`]?(\w+)""",
    re.IGNORECASE,
)
READING = ("GET", "HEAD", "OPTIONS")
# Sessions keep their age, downloads, sensitive readings and sign-in attempts leave a trace: reading them is itself an
# event. The document of a frozen version is kept the first time that it is given.
ALLOWED_TABLES = re.compile(
    r"django_session|exports_download|readership_sensitivereading|households_registerreading|conventions_editionfile|axes_\w+"
)

# The one GET that opens a session: the standard brings the browser back so, and its `state` serves once.
COMES_BACK = "/connexion/proconnect/retour/"


class WriteOnReadError(AssertionError):
    pass


class ReadsOnly:
    """Middleware of the tests: a write during a GET fails, in Django's client as in Chromium."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in READING or request.path == COMES_BACK:
            return self.get_response(request)
        seen: list[str] = []

        def refuse(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
            write = WRITE.match(sql)
            if write and not ALLOWED_TABLES.fullmatch(write[1]):
                seen.append(f"{request.method} {request.path} écrit dans {write[1]} : {sql}")
                raise WriteOnReadError(seen[-1])
            return execute(sql, params, many, context)

        with contextlib.ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(refuse))
            response = self.get_response(request)
        if seen:  # the view swallowed the exception
            raise WriteOnReadError(seen[0])
        return response
