"""Reads that every page makes again, the same but for a few keys: their SQL is written once a process.

Django writes the SQL of a queryset each time it is read. For the widest reads (an account with its rights, a whole
convention) that took longer than the base, and than making the objects. See the decision 0063.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from itertools import chain, count
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models.query import ModelIterable

Key = int | str  # a primary key, a name in an address
Keys = Key | Sequence[int]
# Stand for the keys while the SQL is written: no primary key is so low, no name begins so.
LOWEST = -2_000_000_000
MARK = "\ue000"
# A list longer than this is read as usual; a shorter one is filled up to a power of two, so that few forms are kept.
LONGEST = 512
MOST = 2_000  # of all kinds


@dataclass(frozen=True)
class Written:
    """A read whose SQL is known. `places`: where each parameter is among the keys, None for a constant.

    `converters`: what Django does of each column that the base does not give as it is.
    """

    compiler: Any
    sql: str
    parameters: tuple[Any, ...]
    places: tuple[int | None, ...]
    converters: dict[int, Any]

    def filled(self, keys: Sequence[Key]) -> tuple[Any, ...]:
        # psycopg tells whole numbers apart by their classes.
        return tuple(
            constant if place is None else type(constant)(keys[place])
            for constant, place in zip(self.parameters, self.places, strict=True)
        )


@dataclass
class Prepared:
    """What this process has written so far, by what was asked."""

    written: dict[Hashable, Written] = field(default_factory=dict)

    def read(self, what: Hashable, build: Callable[..., Any], *keys: Keys) -> list[Any]:
        """`list(build(*keys))`, where `build` answers a queryset of objects.

        `what` says all that the queryset depends on besides the keys: its model, what it follows, a day. A key that is
        read beforehand (of a `ContentType`) is one of `keys`: in the SQL that is kept, it would outlive its base.
        """
        if any(not isinstance(key, Key) and not 0 < len(key) <= LONGEST for key in keys):
            return list(build(*keys))
        groups = [[key] if isinstance(key, Key) else filled_up(key) for key in keys]
        whole = (what, *(0 if isinstance(key, Key) else len(filled_up(key)) for key in keys))
        if whole not in self.written:
            if len(self.written) >= MOST:
                self.written.clear()
            try:
                self.written[whole] = write(build, groups, [isinstance(key, Key) for key in keys])
            except EmptyResultSet:
                return []  # a condition that nothing meets, whatever the keys
        return list(objects(self.written[whole], [*chain(*groups)]))


def filled_up(numbers: Sequence[int]) -> Sequence[int]:
    """The list with its last number again and again: it says the same."""
    size = 1 << (len(numbers) - 1).bit_length()
    return [*numbers, *[numbers[-1]] * (size - len(numbers))]


def write(build: Callable[..., Any], groups: Sequence[Sequence[Key]], single: Sequence[bool]) -> Written:
    order = count()
    places = [[standing(key, next(order)) for key in group] for group in groups]
    queryset = build(*(group[0] if alone else group for group, alone in zip(places, single, strict=True)))
    compiler = queryset.query.get_compiler(queryset.db)
    sql, parameters = compiler.as_sql()
    by_mark = {mark: place for place, mark in enumerate(chain(*places))}
    where = tuple(by_mark.get(value) if isinstance(value, Key) else None for value in parameters)
    if not {*by_mark.values()} <= {*where}:
        raise LookupError("one of the keys is no parameter: the SQL depends on it otherwise")
    columns = [column for column, *_ in compiler.select[: compiler.col_count]]
    return Written(compiler, sql, tuple(parameters), where, compiler.get_converters(columns))


def standing(key: Key, place: int) -> Key:
    """What stands for a key of this kind while the SQL is written."""
    return f"{MARK}{place}" if isinstance(key, str) else LOWEST + place


def objects(written: Written, keys: Sequence[Key]) -> Iterator[Any]:
    """As Django makes them: its own iterator, given a compiler that has nothing left to write."""
    using = written.compiler.using
    compiler = copy(written.compiler)
    compiler.connection = connections[using]  # a connection belongs to a thread
    compiler.as_sql = lambda: (written.sql, written.filled(keys))
    compiler.get_converters = lambda columns: written.converters
    query = SimpleNamespace(get_compiler=lambda using: compiler)
    queryset: Any = SimpleNamespace(db=using, query=query, _known_related_objects={})
    return iter(ModelIterable(queryset))


prepared = Prepared()
