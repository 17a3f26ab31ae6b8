"""What else to hide, so that what is hidden cannot be had by subtraction. Greedy: the smallest figures first.

A whole that is hidden hides its parts: otherwise it would be known to be at least as much as they are. Where a whole is
published, at least two of its parts are hidden or none, and those hidden make ten together.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from jalons.public.disclosure.cells import OpenCell, TableShape
from jalons.public.disclosure.equations import Equations, Unknown, rest_name
from jalons.public.disclosure.primary import WIDTH
from jalons.public.enums import HiddenWhy


@dataclass
class Suppression:
    """What is hidden and why, as it grows. `out`: what an earlier edition already gave; nothing hides it any more."""

    shape: TableShape
    values: Mapping[OpenCell, int]
    out: Collection[OpenCell] = frozenset()
    hidden: dict[OpenCell, HiddenWhy] = field(default_factory=dict)

    def hide(self, cell: OpenCell, why: HiddenWhy) -> None:
        for part in self.shape.parts_of(cell):
            if part not in self.out and part not in self.hidden:
                self.hidden[part] = why if part == cell else HiddenWhy.WHOLE

    def hide_all(self, cells: Mapping[OpenCell, HiddenWhy]) -> None:
        """Those that are hidden for themselves, then their parts: a rule on the figure itself is told first."""
        self.hidden |= {cell: why for cell, why in cells.items() if cell not in self.out}
        for cell in list(self.hidden):
            self.hide(cell, self.hidden[cell])

    def may_hide(self, cell: OpenCell) -> bool:
        return cell not in self.hidden and cell not in self.out

    def balance(self) -> None:
        """Until no published sum has one hidden part, or parts that make less than ten."""
        changed = True
        while changed:
            changed = False
            for key, area in self.sums():
                changed |= self.balance_sum(key, area)

    def sums(self) -> Iterator[tuple[str, str]]:
        for measure in self.shape.measures:
            for area in self.shape.tree.branches:
                yield measure.key, area

    def balance_sum(self, key: str, area: str) -> bool:
        """Whether something had to be hidden."""
        if OpenCell(key, area) in self.hidden:
            return False
        parts = [OpenCell(key, child) for child in self.shape.tree.branches[area]]
        changed = False
        while masked := [part for part in parts if part in self.hidden]:
            lacking = WIDTH - sum(self.values[part] for part in masked)
            if len(masked) > 1 and lacking <= 0:
                break
            choice = self.smallest(parts, at_least=lacking) or OpenCell(key, area)
            if not self.may_hide(choice):
                break
            self.hide(choice, HiddenWhy.SECONDARY)
            changed = True
            if choice.area == area:
                break
        return changed

    def smallest(self, cells: Iterable[OpenCell], at_least: int = 0) -> OpenCell | None:
        """The smallest that is enough by itself; failing that, the greatest."""
        choices = [cell for cell in cells if self.may_hide(cell)]
        enough = [cell for cell in choices if self.values[cell] >= at_least]
        if enough:
            return min(enough, key=lambda cell: (self.values[cell], cell))
        return max(choices, key=lambda cell: (self.values[cell], cell), default=None)

    def repair(self, equations: Equations, exposed: Iterable[Unknown]) -> bool:
        """Hides something near each figure that gave way; False when nothing is left to hide."""
        before = len(self.hidden)
        mended: set[OpenCell] = set()
        for unknown in exposed:
            near = list(self.near(unknown))
            if not mended.isdisjoint(near):
                continue
            choice = self.smallest(near) or self.anything(equations, unknown)
            if choice is not None:
                mended |= {choice, *near}
                self.hide(choice, HiddenWhy.SECONDARY)
        return len(self.hidden) > before

    def near(self, unknown: Unknown) -> Iterator[OpenCell]:
        """The measure of the figure in the areas beside it, then what it is part of."""
        key, whole = unknown.measure, ""
        for measure in self.shape.measures:
            if measure.is_part and unknown.measure == rest_name(measure.follows, measure.key):
                key, whole = measure.key, measure.follows
                yield OpenCell(key, unknown.area)
        parent = self.shape.tree.parents.get(unknown.area)
        if parent is not None:
            yield from (OpenCell(key, child) for child in self.shape.tree.branches[parent])
            yield OpenCell(key, parent)
        if whole:
            yield OpenCell(whole, unknown.area)

    def anything(self, equations: Equations, unknown: Unknown) -> OpenCell | None:
        """The smallest figure still open in an area that the figure has to do with."""
        areas = {unknown.area, *self.shape.tree.around(unknown.area)}
        for row in equations.rows_of[unknown]:
            areas |= {other.area for other, _ in row.terms}
        return self.smallest(cell for cell in self.shape.cells() if cell.area in areas) or self.smallest(
            self.shape.cells()
        )
