"""What is worked out of the words of a cell: once for the many that say the same, and forgotten when it must be.

A table says the same words in many of its cells, and each target asks of the same headings. Few are kept, but the
process lives on after the table: who reads a table that nobody else may read forgets all of it afterwards.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TypeVar

MOST_REMEMBERED = 4_096
Worked = TypeVar("Worked", bound=Callable[..., Hashable | None])
REMEMBERED: list[Any] = []


def remembered(work: Worked) -> Worked:
    """Of equal arguments of the same types, worked out once."""
    cached = lru_cache(maxsize=MOST_REMEMBERED, typed=True)(work)
    REMEMBERED.append(cached)
    return cached  # type: ignore[return-value]


@contextmanager
def forgetting() -> Iterator[None]:
    """Nothing that is read meanwhile stays in the process, whatever happens. Also a decorator."""
    try:
        yield
    finally:
        for cached in REMEMBERED:
            cached.cache_clear()
