"""What the tests, and `make fuzz`, run under."""

from typing import Any

from jalons.core import confined
from tests.guards import commits, contexts, emptying, network, parsing, short_writes
from tests.guards.templates import AbsentVariable


def install(settings: Any) -> None:
    """An absent variable fails, a GET that writes fails, nothing leaves the machine, what awaits a commit is done, and
    nothing long is done while a transaction is held. Reading a file is bound by its processor time, not by the clock.
    """
    confined.PATIENCE = 15 * 60
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = AbsentVariable()
    settings.MIDDLEWARE = [
        "tests.guards.writes.ReadsOnly",
        "tests.guards.short_writes.ShortWrites",
        *settings.MIDDLEWARE,
    ]
    network.forbid()
    commits.install()
    short_writes.install(settings)
    contexts.install()
    parsing.install()
    emptying.install()
