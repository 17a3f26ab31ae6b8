"""What a table of the workbook is made of."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from jalons.conventions.dossier.content import TOTAL, Sheet
from jalons.conventions.dossier.ledger import STATE
from jalons.conventions.models import MatrixRow
from jalons.core.values import exact
from jalons.exports.contract import About, ExportColumn, Table
from jalons.exports.enums import ColumnKind

TEXT, NUMBER, EUROS, VALUE = ColumnKind.TEXT, ColumnKind.DECIMAL, ColumnKind.EUROS, ColumnKind.VALUE
INTEGER = ColumnKind.INTEGER
Row = Sequence[Any]
Heads = Sequence[tuple[str, ColumnKind]]
Names = Mapping[int, str]  # of organisations, by primary key


def plain_table(title: str, heads: Heads, rows: Callable[[], Iterator[Row]], about: About) -> Table:
    """A sheet whose rows are tuples, one item a column."""
    columns = [
        ExportColumn(str(index), header, itemgetter(index), kind)
        for index, (header, kind) in enumerate(heads)
    ]
    return Table(title, columns, rows, about)


def numbers_of(sheet: Sheet) -> str:
    return ", ".join(map(str, sheet.commitment.numbers))


def years(year: int | None) -> str:
    """A year is a name: never grouped."""
    return "" if year is None else str(year)


def printed_label(sheet: Sheet, row: MatrixRow) -> str:
    """A detail stands under its row, a little further."""
    return "\u2003" * sheet.depth(row) + (row.label or row.breakdown or row.key)


def rank(part: str) -> tuple[int, str]:
    name = part.removeprefix("part_")
    return (2 if name == TOTAL else int(name != STATE)), part


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def plain_cell(value: Any) -> object:
    """What stands in a tracking cell: a plain value, or a typed cell of the exchange format."""
    if isinstance(value, dict):
        number = value.get("number", value.get("amount"))
        value = number if number is not None and value.get("kind") in ("number", None) else value.get("raw")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None if value is None else str(value)
    return value if isinstance(value, str) else exact(value)
