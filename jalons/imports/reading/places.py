"""Where the rows of a table that was set upright stand in the file: « ligne 3, colonne E »."""

from collections import Counter
from collections.abc import Iterable, Mapping

from jalons.core.values import join_and
from jalons.imports.reading.grid import Place
from jalons.spreadsheets.references import column_letters

FEW = 3  # named one by one; more are said by the first and the last


def places_of_rows(places: Mapping[Place, Place]) -> dict[int, str]:
    """By row of the table, from 0. `places`: by cell of the table, its place in the file; empty for other tables."""
    rows: dict[int, set[int]] = {}
    columns: dict[int, set[int]] = {}
    for (row, _), (line, column) in places.items():
        rows.setdefault(row, set()).add(line)
        columns.setdefault(row, set()).add(column)
    own_rows, own_columns = own_of(rows), own_of(columns)
    return {row: words_of(own_rows[row], own_columns[row]) for row in rows}


def own_of(numbers: Mapping[int, set[int]]) -> dict[int, list[int]]:
    """What is not of every row: a table lying on its side has the same lines everywhere."""
    counts = Counter(number for some in numbers.values() for number in some)
    return {
        row: sorted(number for number in some if counts[number] < len(numbers))
        for row, some in numbers.items()
    }


def words_of(rows: Iterable[int], columns: Iterable[int]) -> str:
    lines = several("ligne", [str(row + 1) for row in rows])
    return ", ".join(
        filter(None, [lines, several("colonne", [column_letters(column + 1) for column in columns])])
    )


def several(noun: str, names: list[str]) -> str:
    if len(names) < 2:
        return f"{noun} {names[0]}" if names else ""
    return f"{noun}s {join_and(names) if len(names) <= FEW else f'{names[0]} à {names[-1]}'}"
