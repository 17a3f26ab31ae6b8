"""What names a structure and moves when two become one. An app above declares its own in `ready()`.

Nothing here imports a model, so that an `apps.py` may import it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.module_loading import import_string

Words = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that names an organisation which acts, and how what it holds is counted in words."""

    model: Any
    field: str
    words: Words
    # What the kept organisation already has, which makes of the other's a twin that goes away.
    twin: Callable[[Any, Any], Any] | None = None
    only: Q | None = None

    @property
    def column(self) -> str:
        return f"{self.model._meta.label}.{self.field}"


_declared: dict[str, Reference] = {}
_obstacles: list[str] = []


def register_reference(reference: Reference) -> None:
    """Declares a column, in place of the same one."""
    _declared[reference.column] = reference


def declared_references() -> list[Reference]:
    return list(_declared.values())


def register_obstacle(path: str) -> None:
    """`obstacle(staying, leaving)`, by its dotted path: why they cannot be one yet, in French; empty when they can."""
    if path not in _obstacles:
        _obstacles.append(path)


def declared_obstacles(staying: Any, leaving: Any) -> list[str]:
    return [words for path in _obstacles if (words := import_string(path)(staying, leaving))]
