"""OpenDocument spreadsheets, one row in memory at a time.

Written here rather than by a library: the one at hand knows neither French dates, nor widths, nor lines and
spaces inside a cell.
"""

import datetime as dt
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import IO, Any, Self
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from jalons.core.values import format_date, format_euros, format_number, format_percent
from jalons.core.values.dates import local_moment
from jalons.core.values.text import clean
from jalons.exports.contract import Book, ExportColumn
from jalons.exports.writers.about import TITLE, about_lines
from jalons.exports.writers.cells import (
    DATE,
    EUROS,
    MOMENT,
    NOTHING,
    NUMBER,
    PERCENT,
    TEXT,
    Row,
    cells_of,
    is_whole,
    peeked,
    sheet_names,
    widths,
)
from jalons.exports.writers.ods_parts import (
    CONTENT_END,
    DEFAULTS,
    MIME,
    content_head,
    document,
    manifest,
    meta,
    settings,
)

MOST_ROWS = 1_048_575
BATCH = 200  # rows
KEPT_PIECE = 65_536  # characters
SPACES = re.compile(r" {2,}|^ | $")


def write_ods(book: Book, file: IO[bytes]) -> None:
    """Writes the workbook; ValueError when a table has more rows than a sheet holds."""
    made_at = local_moment(book.about.made_at)
    *names, last = sheet_names([*(title for table in book.tables for title in table.titles), TITLE])
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:

        def entry(name: str, compression: int = ZIP_DEFLATED) -> ZipInfo:
            info = ZipInfo(name, made_at.timetuple()[:6])
            info.compress_type = compression
            return info

        archive.writestr(entry("mimetype", ZIP_STORED), MIME)
        archive.writestr(entry("META-INF/manifest.xml"), manifest())
        archive.writestr(entry("styles.xml"), document("document-styles", DEFAULTS))
        archive.writestr(entry("meta.xml"), meta(book))
        archive.writestr(entry("settings.xml"), settings(heads_of(book, names)))
        with archive.open(entry("content.xml"), "w", force_zip64=True) as content:
            for chunk in batches(content_xml(book, names, last)):
                content.write(chunk)


def heads_of(book: Book, names: Sequence[str]) -> dict[str, int]:
    """How many rows stay in sight on each sheet of data: those above the header, and the header."""
    titles = ((table, title) for table in book.tables for title in table.titles)
    return {
        name: len(table.lines_above(title, book.columns(table))) + 1
        for name, (table, title) in zip(names, titles, strict=True)
    }


def batches(pieces: Iterator[str]) -> Iterator[bytes]:
    held: list[str] = []
    for piece in pieces:
        held.append(piece)
        if len(held) >= BATCH:
            yield "".join(held).encode()
            held.clear()
    yield "".join(held).encode()


def content_xml(book: Book, names: Sequence[str], last: str) -> Iterator[str]:
    read: list[tuple[list[ExportColumn], list[int], Iterator[Row]]] = []
    for table in book.tables:
        columns = book.columns(table)
        sample, rows = peeked(cells_of(book, table, columns))
        read.append((columns, widths(columns, sample), rows))
    yield content_head({size for _, column_widths, _ in read for size in column_widths} | {24, 90})
    ranges: list[tuple[str, int, int, int]] = []
    named = iter(names)
    for table, (columns, column_widths, rows) in zip(book.tables, read, strict=True):
        with Kept(table.parts) as parts:
            written = rows_xml(table.title, rows, parts)
            for title in table.titles:
                name = next(named)
                above = table.lines_above(title, columns)
                yield sheet_head(name, columns, column_widths, above)
                # Once the whole is written, each part has been kept.
                yield from written if title == table.title else parts.read(title)
                yield "</table:table>"
                ranges.append((name, len(columns), len(above) + 1, parts.counts[title]))
    yield from about_xml(last, book)
    yield filters_xml(ranges)
    yield CONTENT_END


class Kept:
    """The rows that parts repeat, in files until the sheet before is written. Closed with the block."""

    def __init__(self, titles: Sequence[str]) -> None:
        self.files: dict[str, IO[str]] = {}
        self.titles = titles
        self.counts: Counter[str] = Counter()

    def __enter__(self) -> Self:
        for title in self.titles:
            self.files[title] = tempfile.TemporaryFile("w+", encoding="utf-8", newline="")
        return self

    def __exit__(self, *error: object) -> None:
        for file in self.files.values():
            file.close()

    def read(self, title: str) -> Iterator[str]:
        file = self.files[title]
        file.seek(0)
        while piece := file.read(KEPT_PIECE):
            yield piece


def rows_xml(title: str, rows: Iterator[Row], parts: Kept) -> Iterator[str]:
    """The rows of the whole; those that a part repeats are kept on the way."""
    for part, cells in rows:
        parts.counts[title] += 1
        if parts.counts[title] > MOST_ROWS:
            raise ValueError(f"{title}: more than {MOST_ROWS} rows")
        cells_xml = "".join([_BY_SHAPE[shape](content) for shape, content in cells])
        row = f"<table:table-row>{cells_xml}</table:table-row>"
        if part:
            parts.counts[part] += 1
            parts.files[part].write(row)
        yield row


def sheet_head(
    name: str, columns: Sequence[ExportColumn], sizes: Sequence[int], above: Sequence[Sequence[str]]
) -> str:
    """A sheet up to its rows."""
    styles = "".join(f'<table:table-column table:style-name="w{size}"/>' for size in sizes)
    heads = "".join(string_cell(clean(column.header), "head") for column in columns)
    styles_above = [*["label"] * (len(above) - 1), "band"]
    over = "".join(
        f"<table:table-row>{''.join(string_cell(clean(words), style) for words in line)}</table:table-row>"
        for line, style in zip(above, styles_above, strict=False)
    )
    header = (
        f"<table:table-header-rows>{over}<table:table-row>{heads}</table:table-row></table:table-header-rows>"
    )
    return f"<table:table table:name={quoteattr(name)}>{styles}{header}"


def about_xml(name: str, book: Book) -> Iterator[str]:
    yield f"<table:table table:name={quoteattr(name)}>"
    yield '<table:table-column table:style-name="w24"/><table:table-column table:style-name="w90"/>'
    for label, words in about_lines(book):
        cells = string_cell(clean(label), "label") + string_cell(clean(words), "words")
        yield f"<table:table-row>{cells}</table:table-row>"
    yield "</table:table>"


def filters_xml(ranges: Sequence[tuple[str, int, int, int]]) -> str:
    """Buttons that filter, on the header of each sheet of data: name, columns, row of the header, rows under it."""
    ranges_xml = ""
    for number, (name, columns, top, rows) in enumerate(ranges):
        sheet = "'" + name.replace("'", "''") + "'"
        target = f"{sheet}.A{top}:{sheet}.{letters(max(columns, 1))}{rows + top}"
        ranges_xml += (
            f'<table:database-range table:name="__Anonymous_Sheet_DB__{number}" '
            f'table:target-range-address={quoteattr(target)} table:display-filter-buttons="true"/>'
        )
    return f"<table:database-ranges>{ranges_xml}</table:database-ranges>"


def letters(column: int) -> str:
    """Name of a column: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def string_cell(text: str, style: str = "") -> str:
    styled = f' table:style-name="{style}"' if style else ""
    return f'<table:table-cell office:value-type="string"{styled}>{paragraphs(text)}</table:table-cell>'


def paragraphs(text: str) -> str:
    """OpenDocument folds blanks: lines are paragraphs, spaces side by side an element; a tab becomes one."""
    escaped = escape(text).replace("\t", " ")
    if "\n" in escaped or "  " in escaped or escaped[:1] == " " or escaped[-1:] == " ":
        lines = (SPACES.sub(spaces, line) for line in escaped.split("\n"))
        return "".join(f"<text:p>{line}</text:p>" for line in lines)
    return f"<text:p>{escaped}</text:p>"


def spaces(match: re.Match[str]) -> str:
    return f'<text:s text:c="{len(match[0])}"/>'


def number_cell(kind: str, number: Any, style: str, text: str, more: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="{kind}" office:value="{plain(number)}"{more} '
        f'table:style-name="{style}"><text:p>{text}</text:p></table:table-cell>'
    )


def plain(number: Any) -> str:
    return f"{Decimal(repr(number)) if isinstance(number, float) else Decimal(number):f}"


def number_xml(number: Any) -> str:
    return number_cell("float", number, "whole" if is_whole(number) else "decimal", format_number(number))


def euros_xml(number: Any) -> str:
    style = "euros" if is_whole(number) else "cents"
    return number_cell("currency", number, style, format_euros(number), ' office:currency="EUR"')


def percent_xml(number: Any) -> str:
    style = "percent" if is_whole(number) else "percent-decimal"
    share = Decimal(str(number)) / 100
    return number_cell("percentage", share, style, escape(format_percent(number)))


def date_xml(day: dt.date, text: str = "", style: str = "date") -> str:
    return (
        f'<table:table-cell office:value-type="date" office:date-value="{day.isoformat()}" '
        f'table:style-name="{style}"><text:p>{text or format_date(day)}</text:p></table:table-cell>'
    )


def moment_xml(moment: dt.datetime) -> str:
    return date_xml(moment, f"{format_date(moment)} {moment:%H:%M}", "moment")


_BY_SHAPE: dict[int, Callable[[Any], str]] = {
    NOTHING: lambda nothing: "<table:table-cell/>",
    TEXT: string_cell,
    NUMBER: number_xml,
    EUROS: euros_xml,
    PERCENT: percent_xml,
    DATE: date_xml,
    MOMENT: moment_xml,
}
