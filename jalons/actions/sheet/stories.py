"""What apps above tell in the history of a dispositif. No model here, so that an `apps.py` may import it."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.module_loading import import_string

_stories: list[str] = []


def register_story(path: str) -> None:
    """In `ready()`: the dotted name of a function that takes a dispositif and answers `list[core.ui.Entry]`.

    What it tells is read by whoever may see the dispositif.
    """
    if path not in _stories:
        _stories.append(path)


def stories() -> Iterator[Callable[[Any], list[Any]]]:
    return (import_string(path) for path in _stories)
