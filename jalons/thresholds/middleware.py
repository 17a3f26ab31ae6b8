"""The thresholds are read once a request, if at all."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from jalons.thresholds.selectors import read_once


class ThresholdsReadOnce:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with read_once():
            return self.get_response(request)
