"""Reads that every page makes again, the same but for a few whole numbers: their SQL is written once a process.

Django writes the SQL of a queryset each time it is read. For the widest reads (an account with its rights, a whole
convention) that took longer than the base, and than making the objects. See the decision 0063.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from itertools import chain, count
from types import SimpleNamespace
from typing import Any

from django.db import connections
from django.db.models.query import ModelIterable

Numbers = int | Sequence[int]  # a primary key, or a list of them
# Stand for the numbers while the SQL is written: no primary key is so low.
LOWEST = -2_000_000_000
# A list longer than this is read as usual; a shorter one is filled up to a power of two, so that few forms are kept.
LONGEST = 512
MOST = 2_000  # of all kinds


@dataclass(frozen=True)
class Written:
    """A read whose SQL is known. `places`: where each parameter is among the numbers, None for a constant."""

    compiler: Any
    sql: str
    parameters: tuple[Any, ...]
    places: tuple[int | None, ...]

    def filled(self, numbers: Sequence[int]) -> tuple[Any, ...]:
        # psycopg tells whole numbers apart by their classes.
        return tuple(
            constant if place is None else type(constant)(numbers[place])
            for constant, place in zip(self.parameters, self.places, strict=True)
        )


@dataclass
class Prepared:
    """What this process has written so far, by what was asked."""

    written: dict[Hashable, Written] = field(default_factory=dict)

    def read(self, key: Hashable, build: Callable[..., Any], *numbers: Numbers) -> list[Any]:
        """`list(build(*numbers))`, where `build` answers a queryset of objects.

        `key` says all that the queryset depends on besides the numbers: its model, what it follows, a day.
        """
        if any(not isinstance(number, int) and not 0 < len(number) <= LONGEST for number in numbers):
            return list(build(*numbers))
        groups = [[number] if isinstance(number, int) else filled_up(number) for number in numbers]
        whole = (key, *(0 if isinstance(number, int) else len(filled_up(number)) for number in numbers))
        if whole not in self.written:
            if len(self.written) >= MOST:
                self.written.clear()
            self.written[whole] = write(build, groups, [isinstance(number, int) for number in numbers])
        return list(objects(self.written[whole], [*chain(*groups)]))


def filled_up(numbers: Sequence[int]) -> Sequence[int]:
    """The list with its last number again and again: it says the same."""
    size = 1 << (len(numbers) - 1).bit_length()
    return [*numbers, *[numbers[-1]] * (size - len(numbers))]


def write(build: Callable[..., Any], groups: Sequence[Sequence[int]], single: Sequence[bool]) -> Written:
    standing = count(LOWEST)
    places = [[next(standing) for _ in group] for group in groups]
    queryset = build(*(group[0] if alone else group for group, alone in zip(places, single, strict=True)))
    compiler = queryset.query.get_compiler(queryset.db)
    sql, parameters = compiler.as_sql()
    size = sum(map(len, places))
    where = tuple(place_of(parameter, size) for parameter in parameters)
    if not set(range(size)) <= {*where}:
        raise LookupError("one of the numbers is no parameter: the SQL depends on it otherwise")
    return Written(compiler, sql, tuple(parameters), where)


def place_of(parameter: Any, size: int) -> int | None:
    return parameter - LOWEST if isinstance(parameter, int) and 0 <= parameter - LOWEST < size else None


def objects(written: Written, numbers: Sequence[int]) -> Iterator[Any]:
    """As Django makes them: its own iterator, given a compiler that has nothing left to write."""
    using = written.compiler.using
    compiler = copy(written.compiler)
    compiler.connection = connections[using]  # a connection belongs to a thread
    compiler.as_sql = lambda: (written.sql, written.filled(numbers))
    query = SimpleNamespace(get_compiler=lambda using: compiler)
    queryset: Any = SimpleNamespace(db=using, query=query, _known_related_objects={})
    return iter(ModelIterable(queryset))


prepared = Prepared()
