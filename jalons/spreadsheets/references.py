"""References of cells, in the one form that every program reads alike: « A1 », « AB120:AC121 »."""

import re
from functools import lru_cache

from jalons.core.archives import DamagedFile
from jalons.spreadsheets.limits import LAST_COLUMN, LAST_ROW

CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.ASCII)
NUMBER = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)


def cell_of(reference: str) -> tuple[int, int]:
    """Row and column from 1. Raises `DamagedFile` for any other form, and outside a sheet."""
    match = CELL.fullmatch(reference)
    if not match:
        raise DamagedFile("a reference")
    row, column = int(match[2]), column_of(match[1])
    if row > LAST_ROW or column > LAST_COLUMN:
        raise DamagedFile("a reference outside the sheet")
    return row, column


def column_of(letters: str) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


@lru_cache(maxsize=LAST_COLUMN + 1)
def column_letters(column: int) -> str:
    """1 is A, 27 is AA: the way back of `column_of`."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def check_range(reference: str) -> tuple[int, int, int, int]:
    """First row, first column, last row, last column, from 1, of « A1 » or « A1:B2 », the first corner first."""
    first, colon, last = reference.partition(":")
    row, column = cell_of(first)
    last_row, last_column = cell_of(last) if colon else (row, column)
    if last_row < row or last_column < column:
        raise DamagedFile("a range turned round")
    return row, column, last_row, last_column


def number_of(text: str, most: int) -> int:
    """A whole number from 1 to `most`, in plain digits."""
    if not NUMBER.fullmatch(text) or int(text) > most:
        raise DamagedFile("a number")
    return int(text)
