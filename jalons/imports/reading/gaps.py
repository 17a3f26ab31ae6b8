"""Totals written in a table that are not what its rows add up to: said, never corrected."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import accumulate

from jalons.core.values import fold, format_number, french_spaces
from jalons.imports.reading.grid import SheetGrid
from jalons.imports.reading.layout import FEW_ROWS, RowKind, SheetLayout
from jalons.imports.reading.totals import TextNumbers, figures_of, is_same, is_total_label, loose_sums
from jalons.spreadsheets.references import column_letters

Sums = Mapping[int, Decimal]
_LABELS = frozenset(
    [
        "total",
        "totaux",
        "sous",
        "ss",
        "s/total",
        "tot",
        "general",
        "generale",
        "ensemble",
        "somme",
        "cumul",
        "de",
        "du",
        "des",
        "la",
        "le",
        "les",
    ]
)
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"[-−]?\d[\d \u00a0\u202f]*(?:[.,]\d+)?")
MOST = 4  # sentences; the others are counted


def total_gaps(grid: SheetGrid, layout: SheetLayout) -> list[str]:
    """A total may be that of the rows since another total, of several such groups, or of all the rows.

    A column with words or ranges ties when it adds up with or without them.
    """
    if len(layout.rows(RowKind.DATA)) > FEW_ROWS:
        return []
    known: TextNumbers = {}
    groups: list[list[int]] = [[]]  # the rows between two totals
    gaps: list[str] = []
    for row, kind in sorted(layout.kinds.items()):
        if kind is RowKind.DATA:
            groups[-1].append(row)
        elif kind is RowKind.TOTAL and is_total_label(grid, row, grid.written(row)):
            gaps += gaps_of_row(grid, row, groups, known)
            groups.append([])
    left = [f"Et {len(gaps) - MOST} autres totaux ne sont pas la somme de leurs lignes."]
    return [french_spaces(gap) for gap in gaps[:MOST] + (left if len(gaps) > MOST else [])]


def gaps_of_row(grid: SheetGrid, row: int, groups: Sequence[Sequence[int]], known: TextNumbers) -> list[str]:
    strict = list(accumulate(reversed([plain_sums(grid, rows, known) for rows in groups]), added))
    loose = list(accumulate(reversed([loose_sums(grid, rows, known) for rows in groups]), added))
    named = plain_sums(grid, rows_named(grid, row, groups), known)
    nearest = next((sums for sums in strict if sums), {})
    gaps = []
    for column, figure in figures_of(grid.written(row), known).items():
        candidates = [sums[column] for sums in (*strict, *loose, named) if column in sums]
        if (
            not candidates
            or (row, column) in grid.sheet.percents
            or not has_many(grid, groups, column, known)
        ):
            continue
        if not any(is_same(number, figure) for number in candidates) and not has_words(grid, groups, column):
            rows_say = nearest.get(column, candidates[-1])
            gaps.append(
                f"Ligne {row + 1}, colonne {column_letters(column + 1)} : le total écrit est "
                f"{format_number(figure)}, ses lignes font {format_number(rows_say)}."
            )
    return gaps


def rows_named(grid: SheetGrid, row: int, groups: Sequence[Sequence[int]]) -> list[int]:
    """Those that « Total 2024 » or « Total MOUS » names, wherever they stand."""
    label = next((cell.text for cell in grid.filled(row) if isinstance(cell.value, str)), "")
    words = set(fold(label).split()) - _LABELS
    several = (number for rows in groups for number in rows)
    return [
        number
        for number in several
        if words <= {word for cell in grid.filled(number) for word in fold(cell.text).split()}
    ]


def added(some: Sums, others: Sums) -> Sums:
    return {
        column: some.get(column, Decimal(0)) + others.get(column, Decimal(0)) for column in {*some, *others}
    }


def plain_sums(grid: SheetGrid, rows: Iterable[int], known: TextNumbers) -> Sums:
    sums: dict[int, Decimal] = {}
    for row in rows:
        for column, figure in figures_of(grid.written(row), known).items():
            sums[column] = sums.get(column, Decimal(0)) + figure
    return sums


def has_many(grid: SheetGrid, groups: Sequence[Sequence[int]], column: int, known: TextNumbers) -> bool:
    """Two numbers at least: one alone is no sum."""
    numbers = (column in figures_of(grid.written(row), known) for rows in groups for row in rows)
    return sum(numbers) > 1


def has_words(grid: SheetGrid, groups: Sequence[Sequence[int]], column: int) -> bool:
    """What a person may have counted in their own way: « 20-25 », « 45 k€ » among euros."""
    return any(
        isinstance(value := grid.cell(row, column).value, str)
        and _DIGIT.search(value)
        and not _NUMBER.fullmatch(value.strip())
        for rows in groups
        for row in rows
    )
