"""Who writes makes the others wait: while a request holds its transaction, it does nothing that takes long.

On SQLite one transaction writes at a time. A file is written, a program started, an e-mail sent, a password hashed
before the transaction opens, or once it is over. What reads a whole convention is in tests/house/test_short_writes.py.
"""

import threading
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

LONG = (
    ("django.core.files.storage.FileSystemStorage", "_save", "un fichier est écrit"),
    ("subprocess.Popen", "__init__", "un programme est lancé"),
    ("django.core.mail.EmailMessage", "send", "un courriel part"),
)
current = threading.local()


class LongWorkError(AssertionError):
    pass


class ShortWrites:
    """Middleware of the tests: says of this thread that it answers a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before, current.answers = answers(), True
        try:
            return self.get_response(request)
        finally:
            current.answers = before


def answers() -> bool:
    return getattr(current, "answers", False)


def is_held() -> bool:
    """Has the product opened a transaction here? Those of the tests themselves are not counted."""
    blocks = (block for connection in connections.all() for block in connection.atomic_blocks)
    return any(not block._from_testcase for block in blocks)


def refused(work: Any, words: str) -> Any:
    @wraps(work)
    def wrapper(*args: Any, **named: Any) -> Any:
        if answers() and is_held():
            raise LongWorkError(f"{words} pendant que les autres attendent pour écrire")
        return work(*args, **named)

    return wrapper


def install(settings: Any) -> None:
    hasher = (settings.PASSWORD_HASHERS[0], "encode", "un mot de passe est calculé")
    for path, name, words in (*LONG, hasher):
        owner = import_string(path)
        setattr(owner, name, refused(getattr(owner, name), words))
