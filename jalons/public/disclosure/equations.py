"""All that is out, as equations: what somebody knows who has kept every edition, at every level, for every measure.

The attacker is taken at his strongest: he knows which hidden figures did not change from one edition to the next.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from jalons.public.disclosure.cells import OpenCell, OpenedTable, TableShape


class Unknown(NamedTuple):
    """A figure, of one value: two editions that give it the same one speak of the same unknown."""

    measure: str
    area: str
    value: int

    @property
    def cell(self) -> OpenCell:
        return OpenCell(self.measure, self.area)


class Row(NamedTuple):
    """What is hidden adds up to `total`, each with its sign."""

    terms: tuple[tuple[Unknown, int], ...]
    total: int


@dataclass(frozen=True)
class Equations:
    """What is out says of what is hidden. `demands`: what must stay unknown; every unknown is at least zero."""

    rows: Sequence[Row]
    demands: Sequence[Unknown]

    @cached_property
    def rows_of(self) -> Mapping[Unknown, list[Row]]:
        by_unknown: defaultdict[Unknown, list[Row]] = defaultdict(list)
        for row in self.rows:
            for unknown, _ in row.terms:
                by_unknown[unknown].append(row)
        return by_unknown

    def pieces(self) -> Iterator[tuple[list[Unknown], list[Row]]]:
        """The unknowns that have something to do with one another, and the rows between them."""
        seen: set[Unknown] = set()
        for start in self.demands:
            if start in seen:
                continue
            seen.add(start)
            unknowns, rows = [start], dict[Row, None]()
            for unknown in unknowns:  # grows as it is read
                for row in self.rows_of[unknown]:
                    rows[row] = None
                    for other, _ in row.terms:
                        if other not in seen:
                            seen.add(other)
                            unknowns.append(other)
            yield unknowns, list(rows)


def rest_name(whole: str, part: str) -> str:
    return f"{whole} - {part}"


def equations_of(shape: TableShape, tables: Sequence[OpenedTable]) -> Equations:
    """Of the tables of one half-year, in the order in which they went out."""
    known = {unknown for table in tables for unknown in published(shape, table)}
    rows = {
        row: None for table in tables for terms in sums(shape, table) if (row := reduced(terms, known)).terms
    }
    demands = {
        unknown: None for number in range(len(tables)) for unknown in demanded(shape, tables, number, known)
    }
    return Equations(list(rows), list(demands))


def published(shape: TableShape, table: OpenedTable) -> Iterator[Unknown]:
    for cell in shape.cells():
        if cell not in table.hidden:
            yield Unknown(*cell, table.values[cell])


def sums(shape: TableShape, table: OpenedTable) -> Iterator[list[tuple[Unknown, int]]]:
    """The nation is the sum of its régions, a whole that of a part and its rest. Each sum is zero."""

    def unknown(key: str, area: str) -> Unknown:
        return Unknown(key, area, table.values[OpenCell(key, area)])

    for measure in shape.measures:
        for area, inside in shape.tree.branches.items():
            children = [(unknown(measure.key, child), -1) for child in inside]
            yield [(unknown(measure.key, area), 1), *children]
        if not measure.is_part:
            continue
        for area in shape.tree.areas:
            whole, part = unknown(measure.follows, area), unknown(measure.key, area)
            rest = Unknown(rest_name(measure.follows, measure.key), area, whole.value - part.value)
            if (
                rest.value >= 0
            ):  # where what is known of the part goes beyond the whole, nothing can be drawn from it
                yield [(whole, 1), (part, -1), (rest, -1)]


def reduced(terms: Iterable[tuple[Unknown, int]], known: set[Unknown]) -> Row:
    """Without what is published."""
    terms = list(terms)
    total = -sum(sign * unknown.value for unknown, sign in terms if unknown in known)
    return Row(tuple((unknown, sign) for unknown, sign in terms if unknown not in known), total)


def demanded(
    shape: TableShape, tables: Sequence[OpenedTable], number: int, known: set[Unknown]
) -> Iterator[Unknown]:
    """What an edition hides, and the rests that it guards unless an earlier one gave both of their terms."""
    table = tables[number]
    for cell in shape.cells():
        unknown = Unknown(*cell, table.values[cell])
        if cell in table.hidden and unknown not in known:
            yield unknown
    before = {unknown for earlier in tables[:number] for unknown in published(shape, earlier)}
    for cell in sorted(table.guarded):
        measure = shape.by_key[cell.measure]
        part = Unknown(*cell, table.values[cell])
        whole = Unknown(measure.follows, cell.area, table.values[OpenCell(measure.follows, cell.area)])
        if whole.value >= part.value and not {whole, part} <= before:
            yield Unknown(rest_name(measure.follows, measure.key), cell.area, whole.value - part.value)
