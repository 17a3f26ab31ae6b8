"""One half-year of an edition, from its counts to what may go out: hide, attack, mend, until nothing gives way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jalons.public.disclosure.audit import AuditCount, Interval, exposed
from jalons.public.disclosure.cells import Backing, OpenCell, OpenedTable, TableShape
from jalons.public.disclosure.equations import Unknown, equations_of, published
from jalons.public.disclosure.primary import is_sensitive_rest, sensitive_cells
from jalons.public.disclosure.suppression import Suppression
from jalons.public.enums import HiddenWhy


@dataclass(slots=True)
class Protected:
    """`why`: of each hidden cell. `exposed`: what could still be deduced; the table goes out when nothing can."""

    table: OpenedTable
    why: Mapping[OpenCell, HiddenWhy]
    exposed: Mapping[Unknown, Interval]
    rounds: int = 1
    count: AuditCount = field(default_factory=AuditCount)


def protect(
    shape: TableShape, counted: Mapping[OpenCell, Backing], out: Sequence[OpenedTable] = ()
) -> Protected:
    """`out`: the tables of this half-year that went out before, in their order, withdrawn ones included."""
    values = {cell: counted[cell].value for cell in shape.cells()}
    already = {unknown for table in out for unknown in published(shape, table)}
    suppression = Suppression(
        shape, values, {cell for cell in values if Unknown(*cell, values[cell]) in already}
    )
    primary = sensitive_cells(shape, counted)
    guarded = frozenset(
        cell for cell in values if shape.by_key[cell.measure].rest and is_sensitive_rest(shape, counted, cell)
    )
    suppression.hide_all(primary)
    count, rounds = AuditCount(), 0
    while True:
        rounds += 1
        suppression.balance()
        table = OpenedTable(values, frozenset(suppression.hidden), guarded)
        narrow = exposed(shape, [*out, table], count)
        if not narrow or not suppression.repair(equations_of(shape, [*out, table]), narrow):
            return Protected(table, suppression.hidden, narrow, rounds, count)
