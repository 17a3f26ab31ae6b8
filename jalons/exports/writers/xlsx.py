"""Excel files, one row in memory at a time."""

import datetime as dt
import tempfile
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from textwrap import wrap
from typing import IO, Any

import xlsxwriter
from xlsxwriter.utility import xl_range

from jalons.core.values import format_date, format_number, plural
from jalons.core.values.text import clean
from jalons.exports.contract import Book, ExportColumn, Table
from jalons.exports.enums import ColumnKind
from jalons.exports.writers.about import TITLE, about_lines
from jalons.exports.writers.cells import (
    DATE,
    EUROS,
    MOMENT,
    NUMBER,
    PERCENT,
    TEXT,
    Cell,
    cells_of,
    is_whole,
    looks_like_formula,
    peeked,
    sheet_names,
    widths,
)

INK, MUTED, RULE = "#1C2B33", "#51616A", "#DDD6C9"
FONT = {"font_name": "Calibri", "font_size": 11, "font_color": INK, "valign": "top"}
# Excel counts days from here, and right only from March 1900: it believes in a 29 February 1900.
DAY_ZERO, FIRST_DAY = dt.date(1899, 12, 30), dt.date(1900, 3, 1)
MOST_ROWS = 1_048_575  # under the header
LONGEST_TEXT, SHORT = 32_767, 16_000  # UTF-16 units; characters that are never too many
PAPER = "À imprimer"
SUMMED = (ColumnKind.INTEGER, ColumnKind.EUROS, ColumnKind.VALUE)
LINE_HEIGHT, LETTERS = 15, 1.12  # points; letters for the width of one digit, in which columns are measured
WIDEST_ON_PAPER = 28  # characters; the words of a cell go on below
CUT = "… [texte coupé\u00a0: trop long pour une cellule]"

NUMBER_FORMATS = {
    "whole": "#,##0",
    "decimal": "#,##0.0#####",
    "euros": '#,##0\\ "€"',
    "cents": '#,##0.00\\ "€"',
    "percent": "0\\ %",
    "percent_decimal": "0.0###\\ %",
    "date": "dd/mm/yyyy",
    "moment": "dd/mm/yyyy\\ hh:mm",
}


def write_xlsx(book: Book, file: IO[bytes]) -> None:
    """Writes the workbook; ValueError when a table has more rows than a sheet holds."""
    with tempfile.TemporaryDirectory() as folder:
        options = {
            "constant_memory": True,
            "tmpdir": folder,  # removed with what it holds, even when a row fails
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        workbook = xlsxwriter.Workbook(file, options)
        workbook.set_properties(
            {
                "title": clean(book.export.label),
                "subject": clean(book.about.perimeter),
                "author": "Jalons",
                "created": book.about.made_at.astimezone(dt.UTC).replace(tzinfo=None),
            }
        )
        pen = Pen(workbook)
        titles = [title for table in book.tables for title in table.titles]
        *names, last = sheet_names([*([PAPER] if book.export.paper else []), *titles, TITLE])
        named = iter(names)
        paper = Paper(pen, workbook.add_worksheet(next(named)), book) if book.export.paper else None
        for table in book.tables:
            write_sheets(
                pen,
                {title: workbook.add_worksheet(next(named)) for title in table.titles},
                book,
                table,
                paper if table is book.tables[0] else None,
            )
        write_about(pen, workbook.add_worksheet(last), book)
        workbook.close()


class Pen:
    """Writes one cell of each shape, with the formats of one workbook."""

    def __init__(self, workbook: Any) -> None:
        def style(**more: Any) -> Any:
            return workbook.add_format({**FONT, **more})

        self.header = style(bold=True, bottom=2, bottom_color=INK, text_wrap=True, valign="bottom")
        self.header_number = style(
            bold=True, bottom=2, bottom_color=INK, text_wrap=True, valign="bottom", align="right"
        )
        self.text = style()
        # Otherwise editing the cell, even to leave it as it is, would turn it into a formula.
        self.quoted = style(quote_prefix=True)
        self.band = style(bold=True, font_color="#FFFFFF", bg_color=INK)
        self.label, self.words = style(bold=True), style(text_wrap=True)
        self.words_right = style(text_wrap=True, align="right")
        self.sum = style(bold=True, top=2, top_color=INK, text_wrap=True)
        self.sum_right = style(bold=True, top=2, top_color=INK, text_wrap=True, align="right")
        self.sum_number = style(bold=True, top=2, top_color=INK, align="right", num_format="#,##0")
        self.figures = {name: style(num_format=form) for name, form in NUMBER_FORMATS.items()}
        self.by_shape: dict[int, Callable[[Any, int, int, Any], None]] = {
            TEXT: self.write_text,
            NUMBER: self.write_number,
            EUROS: self.write_euros,
            PERCENT: self.write_percent,
            DATE: self.write_date,
            MOMENT: self.write_moment,
        }

    def write_text(self, sheet: Any, row: int, column: int, text: str) -> None:
        if len(text) < SHORT and text[0].isalnum():  # nearly all of them
            sheet.write_string(row, column, text, self.text)
            return
        form = self.quoted if looks_like_formula(text) else self.text
        sheet.write_string(row, column, fitting(text), form)

    def write_number(self, sheet: Any, row: int, column: int, number: Any) -> None:
        self.figure(sheet, row, column, number, "whole", "decimal")

    def write_euros(self, sheet: Any, row: int, column: int, number: Any) -> None:
        self.figure(sheet, row, column, number, "euros", "cents")

    def write_percent(self, sheet: Any, row: int, column: int, number: Any) -> None:
        form = self.figures["percent" if is_whole(number) else "percent_decimal"]
        sheet.write_number(row, column, float(Decimal(str(number)) / 100), form)

    def figure(self, sheet: Any, row: int, column: int, number: Any, whole: str, other: str) -> None:
        sheet.write_number(row, column, number, self.figures[whole if is_whole(number) else other])

    def write_date(self, sheet: Any, row: int, column: int, day: dt.date) -> None:
        if day < FIRST_DAY:
            self.write_text(sheet, row, column, format_date(day))
        else:
            sheet.write_number(row, column, (day - DAY_ZERO).days, self.figures["date"])

    def write_moment(self, sheet: Any, row: int, column: int, moment: dt.datetime) -> None:
        if moment.date() < FIRST_DAY:
            self.write_text(sheet, row, column, f"{format_date(moment)} {moment:%H:%M}")
        else:
            days = (moment - dt.datetime.combine(DAY_ZERO, dt.time())) / dt.timedelta(days=1)
            sheet.write_number(row, column, days, self.figures["moment"])


class Paper:
    """A first sheet that prints: a few columns of the list, and what they add up to. Rows come as they are written."""

    def __init__(self, pen: Pen, sheet: Any, book: Book) -> None:
        self.pen, self.sheet, self.keys = pen, sheet, book.export.paper
        self.places: list[int] = []
        self.sizes: list[int] = []
        self.sums: dict[int, Any] = {}
        self.unknown: dict[int, int] = {}
        self.count = 0
        head_words = [
            clean(words).replace("&", "&&")[:100] for words in (book.export.label, book.about.perimeter)
        ]
        sheet.set_header(f"&L{head_words[0]}&R{head_words[1]}")
        sheet.set_footer("&R&P / &N")

    def start(self, columns: Sequence[ExportColumn], sizes: Sequence[int]) -> None:
        by_key = {column.key: at for at, column in enumerate(columns)}
        self.places = [by_key[key] for key in self.keys if key in by_key]
        chosen = [columns[at] for at in self.places]
        self.sizes = [min(sizes[at], WIDEST_ON_PAPER) for at in self.places]
        write_header(self.pen, self.sheet, chosen, self.sizes)
        self.sums = {at: 0 for at in self.places if columns[at].kind in SUMMED}
        self.unknown = dict.fromkeys(self.sums, 0)

    def open_row(self, row: int, texts: Sequence[str]) -> None:
        self.sheet.set_row(row, height(texts, self.sizes))

    def add(self, cells: Sequence[Cell]) -> None:
        self.count += 1
        visible = (cells[at] for at in self.places)
        self.open_row(self.count, [fitting(content) if shape == TEXT else "" for shape, content in visible])
        for index, at in enumerate(self.places):
            shape, content = cells[at]
            if shape == TEXT:
                form = self.pen.quoted if looks_like_formula(content) else self.pen.words
                if at in self.sums:
                    form = self.pen.words_right
                self.sheet.write_string(self.count, index, fitting(content), form)
            elif shape:
                self.pen.by_shape[shape](self.sheet, self.count, index, content)
            if at in self.sums:
                known = shape in (NUMBER, EUROS)
                self.sums[at] += content if known else 0
                self.unknown[at] += not known

    def end(self) -> None:
        """A sum that lacks a row says so: « ≥ 1 204 (3 inconnus) »."""
        row = self.count + 1
        words = [self.sum_words(index, at) for index, at in enumerate(self.places)]
        self.open_row(row, words)
        for index, at in enumerate(self.places):
            if at in self.sums and not self.unknown[at]:
                self.sheet.write_number(row, index, self.sums[at], self.pen.sum_number)
            else:
                form = self.pen.sum_right if at in self.sums else self.pen.sum
                self.sheet.write_string(row, index, words[index], form)

    def sum_words(self, index: int, at: int) -> str:
        if at not in self.sums:
            words = f"Total\u00a0: {format_number(self.count)} {plural(self.count, 'ligne', 'lignes')}"
            return "" if index else words
        if not self.unknown[at]:
            return ""
        if self.unknown[at] == self.count:
            return "ND"
        lacking = plural(self.unknown[at], "inconnu", "inconnus")
        return f"≥\u00a0{format_number(self.sums[at])} ({self.unknown[at]} {lacking})"


def fitting(text: str) -> str:
    """The text as XlsxWriter may write it: not longer than a cell, and never taken for its own markup.

    In constant memory it copies a text « <r>…</r> » into the file as XML: anybody could then write formulas.
    """
    if text.startswith("<r>") and text.endswith("</r>"):
        text += " "
    if len(text) >= SHORT and len(text.encode("utf-16-le")) // 2 > LONGEST_TEXT:
        room = 2 * (LONGEST_TEXT - len(CUT))
        return text.encode("utf-16-le")[:room].decode("utf-16-le", errors="ignore") + CUT
    return text


def height(texts: Sequence[str], sizes: Sequence[int]) -> int:
    """Of a row, in points, as its words need: not every program makes the room by itself."""
    lines = (len(wrap(text, int(size * LETTERS))) for text, size in zip(texts, sizes, strict=True) if text)
    return LINE_HEIGHT * max(lines, default=1)


def write_sheets(
    pen: Pen, sheets: Mapping[str, Any], book: Book, table: Table, paper: Paper | None = None
) -> None:
    """The whole and its parts at once: a row is read once. `sheets` by title."""
    columns = book.columns(table)
    sample, rows = peeked(cells_of(book, table, columns))
    sizes = widths(columns, sample)
    above = {title: table.lines_above(title, columns) for title in sheets}
    tops = {title: len(lines) for title, lines in above.items()}
    for title, sheet in sheets.items():
        write_above(pen, sheet, above[title])
        write_header(pen, sheet, columns, sizes, top=tops[title])
    if paper is not None:
        paper.start(columns, sizes)
    written = dict.fromkeys(sheets, 0)
    for part, cells in rows:
        if paper is not None:
            paper.add(cells)
        for title in (table.title, part) if part else (table.title,):
            written[title] += 1
            if tops[title] + written[title] > MOST_ROWS:
                raise ValueError(f"{title}: more than {MOST_ROWS} rows")
            write_row(pen, sheets[title], tops[title] + written[title], cells)
    if paper is not None:
        paper.end()
    last = max(len(columns) - 1, 0)
    for title, sheet in sheets.items():
        sheet.autofilter(tops[title], 0, tops[title] + max(written[title], 1), last)
        sheet.ignore_errors({"number_stored_as_text": xl_range(0, 0, tops[title] + written[title], last)})


def write_row(pen: Pen, sheet: Any, number: int, cells: Sequence[Cell]) -> None:
    by_shape = pen.by_shape
    for index, (shape, content) in enumerate(cells):
        if shape:
            by_shape[shape](sheet, number, index, content)


def write_above(pen: Pen, sheet: Any, lines: Sequence[Sequence[str]]) -> None:
    """The lines over the header; the last, that of the groups, is a band."""
    for row, line in enumerate(lines):
        form = pen.band if row == len(lines) - 1 else pen.label
        for column, words in enumerate(line):
            if words:
                sheet.write_string(row, column, fitting(clean(words)), form)
            else:
                sheet.write_blank(row, column, None, form)


def write_header(
    pen: Pen, sheet: Any, columns: Sequence[ExportColumn], sizes: Sequence[int], *, top: int = 0
) -> None:
    """`top`: how many rows stand above it."""
    figures = ("integer", "decimal", "euros", "percent", "value")
    sheet.set_row(top, height([column.header for column in columns], sizes))
    for index, (column, size) in enumerate(zip(columns, sizes, strict=True)):
        form = pen.header_number if column.kind in figures else pen.header
        sheet.write_string(top, index, fitting(clean(column.header)), form)
        sheet.set_column(index, index, size, pen.text)
    sheet.freeze_panes(top + 1, 1 if len(columns) > 6 else 0)
    sheet.repeat_rows(0, top)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(0)


def write_about(pen: Pen, sheet: Any, book: Book) -> None:
    sheet.set_column(0, 0, 24, pen.label)
    sheet.set_column(1, 1, 90, pen.words)
    for number, (label, words) in enumerate(about_lines(book)):
        sheet.write_string(number, 0, fitting(clean(label)), pen.label)
        sheet.write_string(number, 1, fitting(clean(words)), pen.words)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
