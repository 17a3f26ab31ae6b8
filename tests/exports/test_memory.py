"""A file of many rows is written as it is read: what it holds in memory does not depend on how many there are."""

import io
import tracemalloc
from collections.abc import Callable

import pytest

from jalons.accounts.enums import Right
from jalons.exports.contract import About, Book, Export, ExportColumn, Table
from jalons.exports.enums import ColumnKind
from jalons.exports.writers import csv_chunks, write_ods, write_xlsx
from tests.factories import Cast

FEW, MANY = 500, 5_000
# Megabytes more for ten times as many rows: what a library keeps of each (the places of the rows, not their cells).
MORE = 2.0
COLUMNS = [
    ExportColumn("nom", "Nom", lambda row: f"Rue du Moulin {row} é"),
    ExportColumn("nombre", "Nombre", lambda row: row, ColumnKind.INTEGER),
    *(ExportColumn(f"mot{rank}", f"Mot {rank}", lambda row: f"mot {row % 7}") for rank in range(18)),
]


def drained(book: Book) -> None:
    assert sum(len(chunk) for chunk in csv_chunks(book)) > FEW


def in_file(write: Callable[[Book, io.BytesIO], None]) -> Callable[[Book], None]:
    def written(book: Book) -> None:
        class Nowhere(io.BytesIO):
            """Counts, keeps nothing: the file itself is on the disk."""

            def write(self, content: bytes) -> int:  # type: ignore[override]
                here = self.tell()
                self.seek(here + len(content))
                return len(content)

        write(book, Nowhere())

    return written


def peak(write: Callable[[Book], None], cast: Cast, rows: int) -> float:
    table = Table(
        "Sites", COLUMNS, lambda: iter(range(rows)), About("Nord", "Moi"), located=lambda row: cast.national
    )
    export = Export("essai", "Essai", Right.EXPORT, COLUMNS, lambda *asked: table)
    book = Book(export, cast.national, [table])
    tracemalloc.start()
    try:
        write(book)
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "write", [drained, in_file(write_xlsx), in_file(write_ods)], ids=["csv", "xlsx", "ods"]
)
def test_ten_times_the_rows_take_no_more_memory(cast: Cast, write: Callable[[Book], None]) -> None:
    peak(write, cast, 50)  # what is loaded once
    few, many = peak(write, cast, FEW), peak(write, cast, MANY)
    assert many < few + MORE, f"{few:.1f} then {many:.1f} MB"
    assert many < 12
