"""Two tables drawn side by side on one sheet are two tables: each is a part, read and chosen by itself."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from jalons.core.values import fold
from jalons.imports.reading.grid import is_blank, text_of
from jalons.spreadsheets.reading import SheetContent

LOOKED_AT = 60  # rows among which the headers are looked for
SHARED = 2  # known words that both tables have in their headers
LEFT, RIGHT = "à gauche", "à droite"
TWO = "Cette feuille porte deux tableaux : celui-ci est {part}. Reprenez l’autre à part."


def parts_of(sheet: SheetContent, knows: Callable[[str], bool]) -> list[SheetContent]:
    """The sheet itself, or the part of it on each side of the blank column that cuts its headers in two.

    A cell stays at its place: what is not of a part is blank in it.
    """
    for row in range(min(len(sheet.rows), LOOKED_AT)):
        for cut in cuts_of(sheet, row):
            left, right = (
                known_words(part, knows) for part in (sheet.rows[row][:cut], sheet.rows[row][cut:])
            )
            # What names the rows stands on both sides: two years of one table share their other words.
            if len(set(left) & set(right)) >= SHARED and left[0] in right:
                return [
                    part_of(sheet, row, range(cut), LEFT),
                    part_of(sheet, row, range(cut, 1 << 20), RIGHT),
                ]
    return [sheet]


def known_words(values: list[Any], knows: Callable[[str], bool]) -> list[str]:
    words = (fold(text_of(value)) for value in values if isinstance(value, str) and not is_blank(value))
    return [word for word in words if knows(word)]


def cuts_of(sheet: SheetContent, row: int) -> Iterator[int]:
    """Columns that are blank from this row down, between two that are not."""
    values = sheet.rows[row]
    for column in range(1, len(values) - 1):
        if (
            is_blank(values[column])
            and not is_blank(values[column + 1])
            and is_blank_below(sheet, row, column)
        ):
            yield column


def is_blank_below(sheet: SheetContent, row: int, column: int) -> bool:
    values = sheet.rows[-1] if sheet.rows else []
    if len(values) > column and not is_blank(values[column]):
        return False  # most columns are filled down to the last row
    covered = any(top <= row and left < column <= right for top, left, _, right in sheet.merges)
    return not covered and all(
        len(values) <= column or is_blank(values[column]) for values in sheet.rows[row:]
    )


def part_of(sheet: SheetContent, header: int, columns: range, part: str) -> SheetContent:
    """A title alone on its line, above the headers, is that of both."""
    rows = []
    for number, values in enumerate(sheet.rows):
        is_shared = number < header and sum(not is_blank(value) for value in values) == 1
        rows.append([value if is_shared or column in columns else "" for column, value in enumerate(values)])
    merges = [merge for merge in sheet.merges if merge[1] in columns or merge[2] < header]
    comments = {
        place: text for place, text in sheet.comments.items() if place[1] in columns or place[0] < header
    }
    return replace(sheet, rows=rows, merges=merges, comments=comments, part=part, note=TWO.format(part=part))
