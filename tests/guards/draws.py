"""What Hypothesis draws depends on the test, not on what else was loaded before it.

It mixes in its draws the constants of every module of ours that the process has loaded by then: a property test drew
other values alone than with the others, and each process read the source of a thousand modules for it (4 s). Boundaries
are written as `@example`.
"""

from hypothesis.internal.conjecture import providers


def depend_on_the_test_only() -> None:
    providers._get_local_constants = lambda: providers._local_constants  # to which nothing is added
