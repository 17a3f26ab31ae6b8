"""Tables drawn one under the other on one sheet: each is a part, read and chosen by itself."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from jalons.core.values import fold
from jalons.imports.reading.grid import CellValue, is_blank, text_of
from jalons.imports.reading.side_by_side import TWO, known_words
from jalons.spreadsheets.reading import SheetContent

FEWEST_WORDS = 2  # known words of a line of headers
MOST_TABLES = 8
LOOKED_AT = 5_000  # rows
MANY = "Cette feuille porte {many} tableaux : celui-ci est le {part}. Reprenez les autres à part."

Knows = Callable[[str], bool]


def stacked_parts(sheet: SheetContent, knows: Knows) -> list[SheetContent]:
    """The sheet itself, or each of its tables: other headers under a blank line or a title of their own.

    The same headers again are those of a printed page. Cells stay at their place.
    """
    heads = header_rows(sheet, knows)
    if len(heads) < 2:
        return [sheet]
    starts = [0, *(start_above(sheet, head) for head in heads[1:])]
    ends = [*heads[1:], len(sheet.rows)]
    names = names_of(len(heads))
    return [
        part_between(sheet, heads[0], start, end, name, len(heads))
        for start, end, name in zip(starts, ends, names, strict=True)
    ]


def names_of(many: int) -> list[str]:
    return (
        ["en haut", "en bas"]
        if many == 2
        else [f"n° {number} en descendant" for number in range(1, many + 1)]
    )


def header_rows(sheet: SheetContent, knows: Knows) -> list[int]:
    heads: list[int] = []
    seen: list[list[str]] = []
    for number, values in enumerate(sheet.rows[:LOOKED_AT]):
        words = header_words(values, knows)
        if not words or any(is_nearly(words, other) for other in seen):
            continue
        if heads and not (is_apart(sheet, number) and number > heads[-1] + 1):
            continue
        heads.append(number)
        seen.append(words)
    return heads if len(heads) <= MOST_TABLES else heads[:1]


def header_words(values: Sequence[CellValue], knows: Knows) -> list[str]:
    """Its folded words when it is a line of headers: texts only, of which Jalons knows most."""
    if any(value.__class__ is not str for value in values):  # most rows hold a number
        return []
    filled = [value for value in values if not is_blank(value)]
    if len(filled) < 3:
        return []
    known = known_words(filled, knows)
    words = [fold(text_of(value)) for value in filled]
    enough = len(set(known)) >= FEWEST_WORDS and len(known) * 2 >= len(filled)
    return words if enough and not any(any(sign.isdigit() for sign in word) for word in known) else []


def is_nearly(words: Sequence[str], other: Sequence[str]) -> bool:
    """The same headers, but for a word."""
    return len(set(words) & set(other)) >= max(len(words), len(other)) - 1


def is_apart(sheet: SheetContent, row: int) -> bool:
    """Under a blank line, or a title alone on its line which is under one or follows it."""
    return row > 0 and count(sheet, row - 1) <= 1


def count(sheet: SheetContent, row: int) -> int:
    return sum(not is_blank(value) for value in sheet.rows[row])


def start_above(sheet: SheetContent, head: int) -> int:
    """The first of the lone lines above the headers: titles, and the notes of the table before."""
    start = head
    while start > 0 and count(sheet, start - 1) <= 1:
        start -= 1
    return start


def part_between(
    sheet: SheetContent, first_head: int, start: int, end: int, name: str, many: int
) -> SheetContent:
    """The lone lines above all the tables, the date of the situation with them, are those of each."""
    rows: list[list[CellValue]] = [
        values
        if start <= number < end or (number < first_head and count(sheet, number) == 1)
        else [""] * len(values)
        for number, values in enumerate(sheet.rows[:end])
    ]
    merges = [merge for merge in sheet.merges if start <= merge[0] < end or merge[2] < first_head]
    note = TWO.format(part=name) if many == 2 else MANY.format(many=many, part=name)
    comments = {
        place: text
        for place, text in sheet.comments.items()
        if start <= place[0] < end or place[0] < first_head
    }
    return replace(sheet, rows=rows, merges=merges, comments=comments, part=name, note=note)
