"""Somebody who wrote down every published figure, and knows nothing of how the auditor is made."""

import random
from collections.abc import Mapping, Sequence

import highspy

from jalons.public.disclosure.cells import (
    AreaTree,
    Backing,
    Contribution,
    NestedMeasure,
    OpenCell,
    OpenedTable,
    TableShape,
    backings,
)
from jalons.public.measures import MEASURES

Bounds = tuple[float, float]


def bounds_of_hidden(
    shape: TableShape, tables: Sequence[OpenedTable]
) -> Mapping[tuple[OpenCell, int], Bounds]:
    """The lowest and highest of each hidden figure of each edition, by one variable for each value of each cell."""
    solver = highspy.Highs()
    solver.silent()
    columns: dict[tuple[OpenCell, int], highspy.highs_var] = {}
    fixed: set[tuple[OpenCell, int]] = set()
    for table in tables:
        for cell, value in table.values.items():
            key = (cell, value)
            columns.setdefault(key, solver.addVariable(0, 1_000_000))
            if cell not in table.hidden:
                fixed.add(key)
    for key in fixed:
        solver.changeColBounds(columns[key].index, key[1], key[1])
    for table in tables:

        def of(measure: str, area: str, table: OpenedTable = table) -> highspy.highs_var:
            cell = OpenCell(measure, shape.tree.same(area))
            return columns[cell, table.values[cell]]

        for measure in shape.measures:
            for area, inside in shape.tree.children.items():
                if len(inside) > 1:
                    total = sum((of(measure.key, child) for child in inside[1:]), of(measure.key, inside[0]))
                    solver.addConstr(total == of(measure.key, area))
            if measure.is_part:
                for area in shape.tree.areas:
                    part, whole = OpenCell(measure.key, area), OpenCell(measure.follows, area)
                    if table.values[part] <= table.values[whole]:
                        solver.addConstr(of(measure.key, area) <= of(measure.follows, area))
    hidden = {
        (cell, table.values[cell]): None
        for table in tables
        for cell in sorted(table.hidden)
        if (cell, table.values[cell]) not in fixed
    }
    found = {}
    for key in hidden:
        column = columns[key]
        solver.minimize(column)
        low = solver.val(column)
        solver.maximize(column)
        found[key] = (low, solver.val(column))
    return found


def exposed_figures(shape: TableShape, tables: Sequence[OpenedTable]) -> list[tuple[OpenCell, int, Bounds]]:
    """The hidden figures that are not free from 0 to 10."""
    return [
        (cell, value, bounds)
        for (cell, value), bounds in bounds_of_hidden(shape, tables).items()
        if bounds[0] > 1e-6 or bounds[1] < 10 - 1e-6
    ]


# Small worlds -------------------------------------------------------------------------------------------------

SMALL_MEASURES: tuple[NestedMeasure, ...] = tuple(
    measure
    for measure in MEASURES
    if measure.key in ("sites-ouverts", "personnes", "menages", "mineurs", "resorptions")
)


def small_shape(chance: random.Random) -> TableShape:
    """Two to four régions of one to four départements: one département alone is drawn often."""
    regions = {
        f"region-{number}": [
            f"departement-{number}{letter}" for letter in "abcd"[: chance.choice([1, 1, 2, 3, 4])]
        ]
        for number in range(chance.randint(2, 4))
    }
    return TableShape(SMALL_MEASURES, AreaTree("nation", {"nation": list(regions), **regions}))


def small_world(shape: TableShape, chance: random.Random) -> list[Contribution]:
    leaves = [area for area in shape.tree.areas if area not in shape.tree.branches]
    return [site_in(leaf, chance) for leaf in leaves for _ in range(chance.choice([0, 1, 2, 3, 4, 6, 9]))]


def site_in(area: str, chance: random.Random) -> Contribution:
    organisations = frozenset(chance.sample(range(8), 2))
    people = chance.choice([None, 0, 3, 8, 10, 11, 20, 40, 90, 400])
    counts = {"sites-ouverts": 1, "personnes": people, "menages": None, "mineurs": None, "resorptions": None}
    if people is not None:
        counts |= {"menages": people // 4, "mineurs": chance.randint(0, people)}
    if chance.random() < 0.2:
        counts["resorptions"] = chance.randint(0, 1)
    return Contribution(area, counts, organisations)


def counted(shape: TableShape, contributions: Sequence[Contribution]) -> dict[OpenCell, Backing]:
    return backings(shape, contributions)
