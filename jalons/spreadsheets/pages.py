"""A sheet that comes back: its headers wherever they stand now, its rows under them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jalons.core.values import exact, format_number
from jalons.spreadsheets.reading import SheetContent
from jalons.spreadsheets.typed import FORMULA, Typed, name_of, typed_of

HIGHEST = 40  # lines among which the headers of a sheet are looked for


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet of the file, whatever its name: its headers, its rows under them. `above`: how many rows stand before
    the first of these in the file, its line of headers included.
    """

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]
    formulas: frozenset[tuple[int, int]]
    percents: frozenset[tuple[int, int]] = frozenset()
    above: int = 1

    def typed(self, row: int, column: int) -> Typed:
        if (row + self.above, column) in self.formulas:
            return Typed(refused=FORMULA)
        typed = typed_of(self.rows[row][column])
        if (row + self.above, column) in self.percents and not isinstance(typed.told, str):
            return Typed(f"{format_number(exact(Decimal(typed.told) * 100))} %")  # 0.12, shown as « 12 % »
        return typed

    def name(self, row: int, header: str) -> str:
        column = self.heads.index(header)
        return name_of(self.rows[row][column])


def page_of(sheet: SheetContent, headers: Collection[str]) -> Page:
    """Under the first line that holds all these `headers`: somebody may have put a title or empty lines above, or a
    column before. Without such a line, under the first one.
    """
    formulas, percents = frozenset(sheet.formulas), frozenset(sheet.percents)
    for number, row in enumerate(sheet.rows[:HIGHEST]):
        heads = [name_of(head) for head in row]
        if set(headers) <= set(heads):
            return Page(sheet.title, heads, sheet.rows[number + 1 :], formulas, percents, number + 1)
    heads = [name_of(head) for head in sheet.rows[0]]
    return Page(sheet.title, heads, sheet.rows[1:], formulas, percents)
