"""Text tables as French Excel opens them: UTF-8 with its mark, semicolons, decimal commas, dd/mm/yyyy."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from jalons.core.values import format_date
from jalons.core.values.formats import plain_number
from jalons.core.values.numbers import rounded, simplest
from jalons.core.values.text import clean
from jalons.exports.contract import Book
from jalons.exports.writers.cells import DATE, MOMENT, NOTHING, PERCENT, TEXT, cell, guarded

CHUNK = 500  # rows
PERCENT_DECIMALS = 4


def csv_chunks(book: Book) -> Iterator[bytes]:
    """The file, a few hundred rows at a time. ValueError for several tables: a csv holds one."""
    if len(book.tables) != 1:
        raise ValueError("a csv holds one table")
    (table,) = book.tables
    columns = book.columns(table)
    kinds = [column.kind for column in columns]
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    for above in table.lines_above(table.title, columns):
        writer.writerow([guarded(clean(words)) for words in above])
    writer.writerow([guarded(clean(column.header)) for column in columns])
    yield b"\xef\xbb\xbf"
    for number, row in enumerate(book.rows(table), 1):
        writer.writerow([csv_cell(*cell(value, kind)) for value, kind in zip(row, kinds, strict=True)])
        if number % CHUNK == 0:
            yield drained(buffer)
    yield drained(buffer)


def drained(buffer: io.StringIO) -> bytes:
    chunk = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return chunk


def csv_cell(shape: int, content: Any) -> str:
    """One cell. Numbers keep their minus sign: only texts are guarded."""
    if shape is NOTHING:
        return ""
    if shape is TEXT:
        return guarded(content)
    if shape is DATE:
        return format_date(content)
    if shape is MOMENT:
        return f"{format_date(content)} {content:%H:%M}"
    number = Decimal(repr(content)) if isinstance(content, float) else content
    if shape is PERCENT:
        return f"{plain_number(simplest(rounded(number, PERCENT_DECIMALS)))} %"
    return plain_number(number)
