"""What else is erased with an account: each app above names its own function in `ready()`."""

from collections.abc import Callable
from typing import Any

from django.utils.module_loading import import_string

_erasers: list[str] = []


def register_eraser(path: str) -> None:
    """`erase(user)` takes away what this app keeps of the person beside what they wrote."""
    if path not in _erasers:
        _erasers.append(path)


def erase_elsewhere(user: Any) -> None:
    for path in _erasers:
        erase: Callable[[Any], None] = import_string(path)
        erase(user)
