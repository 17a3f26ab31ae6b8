"""What makes the tests quick without changing what they ask."""

import hypothesis
from django.db import connections


def without_shrinking() -> None:
    """A failure suffices: the smallest one is not looked for."""
    phases = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
    hypothesis.settings.register_profile("mutants", hypothesis.settings(), phases=phases)
    hypothesis.settings.load_profile("mutants")


def database_in_memory() -> None:
    """A copy of the process has then its own database."""
    connections["default"].settings_dict["TEST"]["NAME"] = None
