"""What Hypothesis draws depends on the test, not on what else was loaded before it.

It mixes in its draws the constants of every module of ours that the process has loaded by then: a property test drew
other values alone than with the others, and each process read the source of a thousand modules for it (4 s). Boundaries
are written as `@example`.
"""

import os
from collections.abc import Iterable
from typing import Any

import hypothesis
import pytest
from hypothesis.internal.conjecture import providers

# How many times as many draws as each test asks, from one seed to another (`make properties`); once, always the same
# (`make mutants`).
TIMES = "DRAWS"
SHARE, LEAST = 4, 10
SETTINGS = "_hypothesis_internal_use_settings"  # where Hypothesis keeps those of a test


def depend_on_the_test_only() -> None:
    providers._get_local_constants = lambda: providers._local_constants  # to which nothing is added


def costly(test: Any) -> Any:
    """Above a property test whose each draw writes in a database. In the gate, where the draws are the same each time,
    it makes one in four, and ten at least; each `@example` is tried all the same.
    """
    test.is_costly = True
    return test


def share(items: Iterable[pytest.Item]) -> None:
    """Tells each property test how many draws it makes."""
    functions = (getattr(item, "obj", None) for item in items)
    # One may be several items, of several parameters.
    for function in {getattr(function, "__func__", function) for function in functions}:
        if hypothesis.is_hypothesis_test(function):
            asked = getattr(function, SETTINGS)
            setattr(function, SETTINGS, settings_of(asked, is_costly=hasattr(function, "is_costly")))


def settings_of(asked: hypothesis.settings, *, is_costly: bool) -> hypothesis.settings:
    times, number = int(os.environ.get(TIMES, 0)), asked.max_examples
    if times:
        return hypothesis.settings(asked, max_examples=number * times, derandomize=times == 1)
    drawn = min(number, max(LEAST, number // SHARE)) if is_costly else number
    return hypothesis.settings(asked, max_examples=drawn)
