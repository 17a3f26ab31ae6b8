"""All that is published taken as equations: every hidden figure may still be anything from 0 to 10."""

import os
import random

import pytest

from jalons.public.disclosure.audit import AuditCount, exact_intervals, exposed, new_solver, nothing_printed
from jalons.public.disclosure.cells import AreaTree, NestedMeasure, OpenCell, OpenedTable, TableShape
from jalons.public.disclosure.equations import equations_of
from jalons.public.disclosure.protection import protect
from tests.public.attacker import (
    bounds_of_hidden,
    counted,
    exposed_figures,
    site_in,
    small_shape,
    small_world,
)

ONE = NestedMeasure("personnes")
PLAIN = TableShape(
    (ONE,), AreaTree("nation", {"nation": ["r1", "r2"], "r1": ["a", "b", "c"], "r2": ["d", "e"]})
)


def table_of(hidden: set[str], **values: int) -> OpenedTable:
    return OpenedTable(
        {OpenCell("personnes", area): value for area, value in values.items()},
        frozenset(OpenCell("personnes", area) for area in hidden),
    )


def test_two_hundred_random_worlds() -> None:
    opened = hidden = 0
    for seed in range(200):
        chance = random.Random(seed)
        shape = small_shape(chance)
        protected = protect(shape, counted(shape, small_world(shape, chance)))
        assert protected.exposed == {}, seed
        assert exposed_figures(shape, [protected.table]) == [], seed
        hidden += len(protected.why)
        opened += len(protected.table.values) - len(protected.why)
    assert opened > 1_000, "hiding everything would pass too"
    assert hidden > 4_000


@pytest.mark.parametrize("seed", range(2))
def test_after_twenty_revisions(seed: int) -> None:
    """Sites appear, go, are counted again: every edition is safe beside all those before it, and changes none."""
    chance = random.Random(1_000 + seed)
    shape = small_shape(chance)
    sites, tables, opened = small_world(shape, chance), [], 0
    for _ in range(20):
        protected = protect(shape, counted(shape, sites), tables)
        if not protected.exposed:
            tables.append(protected.table)
            opened += len(protected.table.values) - len(protected.why)
        for _ in range(chance.randint(1, 2)):
            where = chance.randrange(len(sites))
            sites = [
                *sites[:where],
                *sites[where + chance.randint(0, 1) :],
                site_in(sites[where].area, chance),
            ]
    assert len(tables) == 20
    assert opened > 40
    assert floors_only(shape, tables) == []


def floors_only(shape: TableShape, tables: list[OpenedTable]) -> list[OpenCell]:
    """What is exposed, unless figures that are out and did not change say by themselves « at least so many ».

    Ten are free above that floor, which the edition itself did not raise.
    """
    return [
        cell
        for cell, _, (low, high) in exposed_figures(shape, tables)
        if low <= 1e-6 or high < low + 10 - 1e-6
    ]


def test_a_leak_put_in_on_purpose_is_found() -> None:
    """One figure hidden alone under a published sum, then two whose sum is small, then one level by the other."""
    values = {"nation": 200, "r1": 100, "r2": 100, "a": 5, "b": 45, "c": 50, "d": 40, "e": 60}
    alone = table_of({"a"}, **values)
    (only,) = exposed(PLAIN, [alone], AuditCount())
    assert only.cell == OpenCell("personnes", "a")
    assert bounds_of_hidden(PLAIN, [alone])[OpenCell("personnes", "a"), 5] == (5, 5)
    low = {**values, "a": 4, "b": 3, "c": 93}
    assert {unknown.area for unknown in exposed(PLAIN, [table_of({"a", "b"}, **low)], AuditCount())} == {
        "a",
        "b",
    }
    assert exposed(PLAIN, [table_of({"a", "b"}, **values)], AuditCount()) == {}
    levels = table_of({"r1", "a"}, **values)  # the nation less r2 is r1, less b and c is a
    assert {unknown.area for unknown in exposed(PLAIN, [levels], AuditCount())} == {"r1", "a"}


def test_a_later_edition_tells_what_an_earlier_one_hid() -> None:
    values = {"nation": 200, "r1": 100, "r2": 100, "a": 5, "b": 45, "c": 50, "d": 40, "e": 60}
    first = table_of({"a", "b"}, **values)
    later = table_of({"a", "c"}, **values)  # each is safe alone; together they give b, then a, then c
    assert exposed(PLAIN, [first], AuditCount()) == exposed(PLAIN, [later], AuditCount()) == {}
    assert {unknown.area for unknown in exposed(PLAIN, [first, later], AuditCount())} == {"a"}
    assert (OpenCell("personnes", "a"), 5, (5, 5)) in exposed_figures(PLAIN, [first, later])


def test_the_difference_of_two_measures_is_guarded() -> None:
    """50 people and 45 minors give 5 adults: the minors are hidden, and the adults free from 0 to 10."""
    measures = (
        NestedMeasure("people"),
        NestedMeasure("minors", follows="people", is_part=True, rest="adults"),
    )
    shape = TableShape(measures, AreaTree("n", {"n": ["a", "b", "c"]}))
    people, minors = {"n": 250, "a": 50, "b": 100, "c": 100}, {"n": 125, "a": 45, "b": 40, "c": 40}
    values = {OpenCell("people", area): value for area, value in people.items()}
    values |= {OpenCell("minors", area): value for area, value in minors.items()}
    guarded = frozenset([OpenCell("minors", "a")])
    given = OpenedTable(values, frozenset(), guarded)
    assert {unknown.value for unknown in exposed(shape, [given], AuditCount())} == {5}
    two = frozenset([OpenCell("minors", "a"), OpenCell("minors", "b")])
    assert exposed(shape, [OpenedTable(values, two, guarded)], AuditCount()), (
        "at most 50 in a: at least 35 in b"
    )
    three = two | {OpenCell("minors", "c")}
    assert exposed(shape, [OpenedTable(values, three, guarded)], AuditCount()) == {}


def test_the_auditor_agrees_with_the_attacker() -> None:
    """Two programs written apart, on tables hidden at random: the same bounds."""
    for seed in range(25):
        chance = random.Random(seed)
        shape = small_shape(chance)
        table = counted(shape, small_world(shape, chance))
        values = {cell: table[cell].value for cell in shape.cells()}
        opened = OpenedTable(values, frozenset(cell for cell in values if chance.random() < 0.4))
        ours = exact_intervals(equations_of(shape, [opened]))
        for (cell, value), (low, high) in bounds_of_hidden(shape, [opened]).items():
            interval = next(
                ours[unknown] for unknown in ours if unknown.cell == cell and unknown.value == value
            )
            assert (interval.low, interval.high) == pytest.approx((low, high), abs=1e-5), (seed, cell)


def test_the_solver_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """The first solver of a process tells its name and its licences before it can be asked to be silent."""
    with nothing_printed():
        os.write(1, b"Running HiGHS")
    new_solver()
    os.write(1, b"end")
    assert capfd.readouterr() == ("end", "")
