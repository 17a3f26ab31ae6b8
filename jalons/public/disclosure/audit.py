"""The attack: how low and how high each hidden figure may be, by linear programs. Only the worker loads this module.

Every program of a piece starts from the answer to the one before it, and each answer is a whole table that agrees with
all that is out: it settles at once every figure that it puts at zero, or at ten and above.
"""

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import highspy
import numpy as np

from jalons.public.disclosure.cells import OpenedTable, TableShape
from jalons.public.disclosure.equations import Equations, Row, Unknown, equations_of
from jalons.public.disclosure.primary import WIDTH

TOLERANCE = 1e-6
FAR = 1_000_000.0  # nobody counts that many: keeps every program bounded
MOST_STEPS = (
    20_000  # a program of a thousand unknowns takes a few tens; one that turns in circles is begun again
)


class Unreadable(Exception):
    """The solver gave no answer: nothing can be promised, nothing goes out."""


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float

    def holds(self, low: float, high: float) -> bool:
        return self.low <= low + TOLERANCE and self.high >= high - TOLERANCE


@dataclass(slots=True)
class AuditCount:
    """What the verdict tells of the work."""

    figures: int = 0
    programs: int = 0


@contextlib.contextmanager
def nothing_printed() -> Iterator[None]:
    """The first solver of a process prints two lines about itself, before it can be asked to be silent."""
    standard_output, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(standard_output, 1)
        os.close(standard_output)
        os.close(nowhere)


def new_solver() -> highspy.Highs:
    with nothing_printed():
        solver = highspy.Highs()
    solver.silent()
    for option, value in (("threads", 1), ("presolve", "off"), ("simplex_iteration_limit", MOST_STEPS)):
        solver.setOptionValue(option, value)
    return solver


class LinearPiece:
    """Unknowns that have something to do with one another, as one linear program whose objective changes."""

    def __init__(self, unknowns: Sequence[Unknown], rows: Sequence[Row]) -> None:
        self.index = {unknown: number for number, unknown in enumerate(unknowns)}
        self.programs = 0
        self.solver = new_solver()
        count = len(unknowns)
        nothing = np.zeros(0, dtype=np.int32)
        self.solver.addCols(
            count,
            np.zeros(count),
            np.zeros(count),
            np.full(count, FAR),
            0,
            nothing,
            nothing,
            np.zeros(0),
        )
        totals = np.array([row.total for row in rows], dtype=float)
        terms = list(chain.from_iterable(row.terms for row in rows))
        starts = np.cumsum([0, *(len(row.terms) for row in rows)])[:-1]
        self.solver.addRows(
            len(rows),
            totals,
            totals,
            len(terms),
            starts.astype(np.int32),
            np.array([self.index[unknown] for unknown, _ in terms], dtype=np.int32),
            np.array([sign for _, sign in terms], dtype=float),
        )

    def extreme(self, unknown: Unknown, sense: highspy.ObjSense) -> tuple[float, Sequence[float]]:
        """The lowest or the highest that it may be, and a table where it is."""
        column = self.index[unknown]
        self.programs += 1
        self.solver.changeObjectiveSense(sense)
        self.solver.changeColCost(column, 1.0)
        if not self.solves():
            self.solver.clearSolver()  # from nothing, rather than from the last answer
            if not self.solves():
                raise Unreadable(str(self.solver.getModelStatus()))
        self.solver.changeColCost(column, 0.0)
        table: Sequence[float] = self.solver.getSolution().col_value
        return table[column], table

    def solves(self) -> bool:
        self.solver.run()
        return self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal


def exact_intervals(equations: Equations) -> dict[Unknown, Interval]:
    """The whole interval of every demand: two programs each."""
    demands = set(equations.demands)
    intervals = {}
    for unknowns, rows in equations.pieces():
        piece = LinearPiece(unknowns, rows)
        for unknown in unknowns:
            if unknown in demands:
                intervals[unknown] = whole_interval(piece, unknown)
    return intervals


def whole_interval(piece: LinearPiece, unknown: Unknown) -> Interval:
    low, _ = piece.extreme(unknown, highspy.ObjSense.kMinimize)
    high, _ = piece.extreme(unknown, highspy.ObjSense.kMaximize)
    return Interval(low, high)


def narrow_intervals(equations: Equations, count: AuditCount) -> dict[Unknown, Interval]:
    """The demands that are not free from 0 to 10, with how far they are. As few programs as it takes."""
    demands = set(equations.demands)
    count.figures += len(demands)
    narrow = {}
    for unknowns, rows in equations.pieces():
        asked = [unknown for unknown in unknowns if unknown in demands]
        piece = LinearPiece(unknowns, rows)
        highs = settle(piece, asked, highspy.ObjSense.kMaximize)
        lows = settle(piece, asked, highspy.ObjSense.kMinimize)
        for unknown in asked:
            if not Interval(lows[unknown], highs[unknown]).holds(0, WIDTH):
                narrow[unknown] = whole_interval(piece, unknown)
        count.programs += piece.programs
    return narrow


def settle(piece: LinearPiece, asked: Sequence[Unknown], sense: highspy.ObjSense) -> Mapping[Unknown, float]:
    """A bound of each: exact when it is not far enough, at least far enough otherwise."""
    upward = sense == highspy.ObjSense.kMaximize
    bounds: dict[Unknown, float] = {}
    for unknown in asked:
        if unknown in bounds:
            continue
        bounds[unknown], table = piece.extreme(unknown, sense)
        for other in asked:
            value = table[piece.index[other]]
            far = value >= WIDTH - TOLERANCE if upward else value <= TOLERANCE
            if far and other not in bounds:
                bounds[other] = value
    return bounds


def exposed(shape: TableShape, tables: Sequence[OpenedTable], count: AuditCount) -> dict[Unknown, Interval]:
    """What the last table lets deduce, beside those that were out before it: nothing, when it may go out.

    What earlier editions already say at least of a figure is no fault of this one: ten stay free above it.
    """
    narrow = narrow_intervals(equations_of(shape, tables), count)
    if not narrow or len(tables) < 2:
        return narrow
    silent = OpenedTable(tables[-1].values, frozenset(shape.cells()), tables[-1].guarded)
    before = narrow_intervals(equations_of(shape, [*tables[:-1], silent]), count)
    floors = {unknown: interval.low for unknown, interval in before.items()}
    return {
        unknown: interval
        for unknown, interval in narrow.items()
        if not interval.holds(floors.get(unknown, 0), floors.get(unknown, 0) + WIDTH)
    }
