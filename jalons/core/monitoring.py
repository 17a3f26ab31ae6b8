"""What the health page looks at besides `core.checks`: each app registers its own check in `ready()`, by name."""

from collections.abc import Callable
from typing import Any

from django.utils.module_loading import import_string

_checks: dict[str, str] = {}


def register(name: str, path: str) -> None:
    """Adds the check at `path` (« jalons.backups.checks.recent_backup »), in place of one of the same name."""
    _checks[name] = path


def registered() -> dict[str, Callable[[], Any]]:
    return {name: import_string(path) for name, path in _checks.items()}
