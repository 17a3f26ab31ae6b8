"""The middlewares of a test's client are made once a process, as a server makes them, not again for each client.

They read settings while they are made: a setting that a test changes has them made again.
"""

import threading
from typing import Any

from django.core.signals import setting_changed
from django.test.client import ClientHandler

MADE = ("_view_middleware", "_template_response_middleware", "_exception_middleware", "_middleware_chain")
kept: dict[str, Any] = {}
making = threading.Lock()  # in a race, every client opens at once


def load(handler: ClientHandler, is_async: bool = False) -> None:
    with making:
        if is_async or not kept:
            ordinary_load(handler, is_async)
            if is_async:
                return
            kept.update({name: getattr(handler, name) for name in MADE})
        vars(handler).update(kept)


def forget(**kwargs: Any) -> None:
    with making:
        kept.clear()


ordinary_load = ClientHandler.load_middleware


def install() -> None:
    ClientHandler.load_middleware = load  # type: ignore[method-assign]
    setting_changed.connect(forget)
