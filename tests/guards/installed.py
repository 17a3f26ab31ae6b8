"""What the tests, and `make fuzz`, run under."""

from typing import Any

from jalons.core import confined, memory
from tests.guards import commits, contexts, doors, emptying, network, parsing, short_writes
from tests.guards.templates import AbsentVariable


def install(settings: Any) -> None:
    """An absent variable fails, a GET that writes fails, nothing leaves the machine, what awaits a commit is done, and
    nothing long is done while a transaction is held. Reading a file is bound by its processor time, not by the clock.
    """
    confined.PATIENCE = 15 * 60
    memory.give_back = lambda: (
        None
    )  # the process of the tests ends soon: a tenth of a second for each file made
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
    doors.install()
    parsing.install()
    emptying.install()
