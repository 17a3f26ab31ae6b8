"""What is published: cells of measures by areas, the areas within one another, the measures within one another."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple


class OpenCell(NamedTuple):
    """One measure of one area, in the half-year that is being looked at."""

    measure: str
    area: str


@dataclass(frozen=True, slots=True)
class NestedMeasure:
    """`follows`: it is hidden wherever that measure is. `is_part`: it is never greater than it.

    `rest`: the name of the difference between the two, when it tells of people or places as much as the part does.
    """

    key: str
    follows: str = ""
    is_part: bool = False
    rest: str = ""
    is_people: bool = True


@dataclass(frozen=True)
class AreaTree:
    """Areas within one another. `children`: by area, the root first; leaves are left out."""

    root: str
    children: Mapping[str, Sequence[str]]

    def same(self, area: str) -> str:
        """Two areas that hold one another are one: a région of one département is that département."""
        inside = self.children.get(area, ())
        return self.same(inside[0]) if len(inside) == 1 else area

    @cached_property
    def branches(self) -> Mapping[str, tuple[str, ...]]:
        """The areas that are the sum of others, each under the name of `same`; the widest first."""
        sums: dict[str, tuple[str, ...]] = {}
        for area in self.walk(self.root):
            inside = tuple(self.same(child) for child in self.children.get(area, ()))
            if len(inside) > 1:
                sums[area] = inside
        return sums

    @cached_property
    def parents(self) -> Mapping[str, str]:
        return {child: area for area, inside in self.branches.items() for child in inside}

    @cached_property
    def areas(self) -> tuple[str, ...]:
        """Each once, under the name of `same`; the widest first."""
        return tuple(dict.fromkeys(self.same(area) for area in self.walk(self.root)))

    def walk(self, area: str) -> Iterator[str]:
        yield area
        for child in self.children.get(area, ()):
            yield from self.walk(child)

    def within(self, area: str) -> Iterator[str]:
        """The areas inside of one, without it."""
        for child in self.branches.get(area, ()):
            yield child
            yield from self.within(child)

    def around(self, area: str) -> Iterator[str]:
        """The areas that hold one, the nearest first."""
        parent = self.parents.get(area)
        if parent is not None:
            yield parent
            yield from self.around(parent)


@dataclass(frozen=True)
class TableShape:
    """Measures × areas. What is hidden here is hidden in all that it is the whole of."""

    measures: tuple[NestedMeasure, ...]
    tree: AreaTree

    @cached_property
    def by_key(self) -> Mapping[str, NestedMeasure]:
        return {measure.key: measure for measure in self.measures}

    @cached_property
    def followers(self) -> Mapping[str, tuple[str, ...]]:
        """The measures that are hidden with one, itself first."""
        return {measure.key: tuple(self.following(measure.key)) for measure in self.measures}

    def following(self, key: str) -> Iterator[str]:
        yield key
        for measure in self.measures:
            if measure.follows == key:
                yield from self.following(measure.key)

    def parts_of(self, cell: OpenCell) -> Iterator[OpenCell]:
        """The cell and all that is hidden with it: the measures that follow, in the areas inside."""
        areas = [cell.area, *self.tree.within(cell.area)]
        for key in self.followers[cell.measure]:
            for area in areas:
                yield OpenCell(key, area)

    def cells(self) -> Iterator[OpenCell]:
        for measure in self.measures:
            for area in self.tree.areas:
                yield OpenCell(measure.key, area)


@dataclass(slots=True)
class Backing:
    """What a figure rests on. Only sites that count for something in it: those that count zero tell nobody's.

    `largest`: the count of the site that makes most of it. `known` of `expected`: how many sites told.
    """

    value: int = 0
    sites: int = 0
    organisations: frozenset[int] = frozenset()
    largest: int = 0
    known: int = 0
    expected: int = 0

    def add(self, count: int | None, organisations: frozenset[int]) -> None:
        self.expected += 1
        if count is None:
            return
        self.known += 1
        self.value += count
        if count > 0:
            self.sites += 1
            self.organisations |= organisations
            self.largest = max(self.largest, count)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one site counts for, by measure (None: not known), and the organisations that wrote it."""

    area: str
    counts: Mapping[str, int | None]
    organisations: frozenset[int]


def backings(shape: TableShape, contributions: Iterable[Contribution]) -> dict[OpenCell, Backing]:
    """Of each cell, and of the rest of each part: `OpenCell(rest, area)`."""
    rests = [measure for measure in shape.measures if measure.rest]
    keys = [*(measure.key for measure in shape.measures), *(measure.rest for measure in rests)]
    table = {OpenCell(key, area): Backing() for key in keys for area in shape.tree.areas}
    for contribution in contributions:
        counts = dict(contribution.counts)
        for part in rests:
            whole, own = counts.get(part.follows), counts.get(part.key)
            if part.follows in counts:
                counts[part.rest] = None if whole is None and own is None else (whole or 0) - (own or 0)
        leaf = shape.tree.same(contribution.area)
        for area in (leaf, *shape.tree.around(leaf)):
            for key, count in counts.items():
                table[OpenCell(key, area)].add(count, contribution.organisations)
    return table


@dataclass(frozen=True, slots=True)
class OpenedTable:
    """A half-year as an edition publishes it: every value, those that it hides, the rests that it guards."""

    values: Mapping[OpenCell, int]
    hidden: frozenset[OpenCell] = field(default_factory=frozenset)
    guarded: frozenset[OpenCell] = field(default_factory=frozenset)
