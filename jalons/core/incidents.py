"""The number of an incident: on the page that a person reads, and on the line of the journal that says why."""

import logging
import secrets
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another when it is told on the phone
NUMBER = "incident_number"


def incident_of(request: HttpRequest) -> str:
    """« 7KQM-3XPD »: one for each request, whoever asks first."""
    number: str = getattr(request, NUMBER, "")
    if not number:
        drawn = "".join(secrets.choice(LETTERS) for _ in range(8))
        number = f"{drawn[:4]}-{drawn[4:]}"
        setattr(request, NUMBER, number)
    return number


class NumberIncidents(logging.Filter):
    """Before the line of a refused or broken request, its number."""

    def filter(self, record: logging.LogRecord) -> bool:
        request, status = getattr(record, "request", None), getattr(record, "status_code", 0)
        if isinstance(request, HttpRequest) and status >= 400 and not hasattr(record, "incident"):
            number = incident_of(request)
            record.__dict__["incident"] = number
            record.msg = f"Incident {number}\u00a0: {record.msg}"
        return True


class HidesCookies(SafeExceptionReporterFilter):
    """Of a report of an error: what a browser holds (a session, the key of a register) is in none, named or raw."""

    def get_safe_cookies(self, request: Any) -> dict[str, str]:
        return dict.fromkeys(getattr(request, "COOKIES", {}), self.cleansed_substitute)
