"""What the tests, and `make fuzz`, run under."""

from typing import Any

from tests.guards import commits, contexts, network
from tests.guards.templates import AbsentVariable


def install(settings: Any) -> None:
    """An absent variable fails, a GET that writes fails, nothing leaves the machine, what awaits a commit is done."""
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = AbsentVariable()
    settings.MIDDLEWARE = ["tests.guards.writes.ReadsOnly", *settings.MIDDLEWARE]
    network.forbid()
    commits.install()
    contexts.install()
