"""Excel: a first sheet that prints, then all the figures with their definitions, each table, each curve."""

import datetime as dt
import io
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from jalons.core.charts import data_table
from jalons.core.values import Emptiness, Ratio, Sum, Value, format_date
from jalons.editions.blocks import (
    KeyFigures,
    PeopleWords,
    ReportChart,
    ReportContent,
    ReportFigure,
    ReportTable,
    SlideMessage,
)
from jalons.editions.enums import ReportLanguage
from jalons.editions.making.content import opening_notes
from jalons.editions.making.english import english
from jalons.exports.document import Grid, Note, Paragraph, Said, blank_if_none, cell_words
from jalons.exports.docx import steady
from jalons.exports.writers.cells import looks_like_formula, sheet_names
from jalons.exports.writers.xlsx import DAY_ZERO, FIRST_DAY, PAPER, Pen, fitting

COLUMNS = 10
# « 1 240 », « 1,240 », « 12 € »; neither « ≥ 7 » nor « 62 % ».
WHOLE = re.compile("[−\\d\\s.,€]+")
WIDTHS = (34, *(15,) * (COLUMNS - 1))
FIGURE_HEADS = (
    "Partie", "Clé", "Chiffre", "Valeur", "En toutes lettres",
    "Période d’avant", "Évolution", "Ce qui est compté",
    "Définition",
)  # fmt: skip


def write_xlsx(content: ReportContent) -> bytes:
    file = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    workbook = xlsxwriter.Workbook(file, options)
    workbook.set_properties(
        {
            "title": content.title,
            "subject": content.perimeter,
            "author": "Jalons",
            "created": content.known_at.astimezone(dt.UTC).replace(tzinfo=None),
        }
    )
    charts = [(s, b) for s in content.sections for b in s.blocks if isinstance(b, ReportChart)]
    titles = [
        PAPER,
        "Chiffres",
        *(table.grid.caption or section.title for section, table in content.tables),
        *(chart.chart.title for _, chart in charts),
        *(table.grid.caption for table in content.data),
        "À propos",
    ]
    say = english if content.language == ReportLanguage.ENGLISH else str
    pen, names = ReportPen(workbook, say), iter(sheet_names([say(title) for title in titles]))
    pen.paper(workbook.add_worksheet(next(names)), content)
    pen.all_figures(workbook.add_worksheet(next(names)), content)
    for _, table in content.tables:
        pen.grid(workbook.add_worksheet(next(names)), 0, table.grid, alone=True)
    for _, chart in charts:
        pen.drawn(workbook.add_worksheet(next(names)), chart, content.language)
    for table in content.data:
        pen.grid(workbook.add_worksheet(next(names)), 0, table.grid, alone=True)
    pen.about(workbook.add_worksheet(next(names)), content)
    workbook.close()
    return steady(file.getvalue())


class ReportPen(Pen):
    """`say`: our own words in the language of the report."""

    def __init__(self, workbook: Any, say: Callable[[str], str]) -> None:
        super().__init__(workbook)
        self.say = say
        base = {"font_name": "Calibri", "font_color": "#1C2B33"}
        self.title = workbook.add_format({**base, "bold": True, "font_size": 16})
        self.heading = workbook.add_format({**base, "bold": True, "font_size": 13, "font_color": "#08454A"})
        self.line = workbook.add_format({**base, "font_size": 11, "text_wrap": True, "valign": "top"})
        self.muted = workbook.add_format({**base, "font_size": 11, "italic": True, "font_color": "#51616A"})

    def paper(self, sheet: Any, content: ReportContent) -> None:
        """What prints: the whole report, ten columns wide, each section under its title."""
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        sheet.set_footer("&L" + content.perimeter.replace("&", "&&")[:100] + "&R&P / &N")
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        if content.logo:
            scale = min(1, 60 / content.logo.height)
            sheet.set_row(0, 50)
            place = {"x_offset": 4, "y_offset": 2, "x_scale": scale, "y_scale": scale}
            picture = {"image_data": io.BytesIO(content.logo.png), "description": content.logo.alt}
            sheet.insert_image(0, COLUMNS - 3, "logo.png", {**picture, **place})
        sheet.write_string(0, 0, fitting(content.title), self.title)
        sheet.write_string(1, 0, fitting(f"{content.perimeter} · {content.subtitle}"), self.text)
        row = self.sentences(sheet, 3, opening_notes(content))
        for section in content.sections:
            sheet.write_string(row, 0, fitting(section.title), self.heading)
            row += 1
            for block in section.blocks:
                if isinstance(block, KeyFigures):
                    row = self.some_figures(sheet, row, block)
                elif isinstance(block, ReportTable):
                    row = self.grid(sheet, row, block.grid) + 1
                else:
                    row = self.sentences(sheet, row, [block])
            row += 1

    def sentences(self, sheet: Any, row: int, blocks: Sequence[Any]) -> int:
        for block in blocks:
            if isinstance(block, Note | Paragraph | PeopleWords | SlideMessage) and block.text.strip():
                sheet.merge_range(row, 0, row, COLUMNS - 1, "", self.line)
                sheet.write_string(row, 0, fitting(block.text), self.line)
                sheet.set_row(row, 15 * (1 + len(block.text) // 150 + block.text.count("\n")))
                row += 1
        return row

    def some_figures(self, sheet: Any, row: int, block: KeyFigures) -> int:
        heads = block.heads
        for column, head in enumerate(heads):
            sheet.write_string(
                row, column, head, self.header_number if 0 < column < len(heads) - 1 else self.header
            )
        for figure in block.rows:
            row += 1
            sheet.write_string(row, 0, figure.label, self.text)
            self.value(sheet, row, 1, figure)
            for column, words in enumerate(block.past(figure), start=2):
                sheet.write_string(row, column, words, self.words_right)
            sheet.write_string(row, len(heads) - 1, figure.coverage, self.text)
        return row + 2

    def value(self, sheet: Any, row: int, column: int, figure: ReportFigure) -> None:
        """A number where it is known whole; its words where they say more than it (« ≥ 7 », « ND », « 62 % »)."""
        if figure.number is not None and WHOLE.fullmatch(figure.text):
            shapes = ("euros", "cents") if "€" in figure.text else ("whole", "decimal")
            self.figure(sheet, row, column, figure.number, *shapes)
        else:
            sheet.write_string(row, column, figure.words, self.words_right if figure.text else self.muted)

    def all_figures(self, sheet: Any, content: ReportContent) -> None:
        for column, head in enumerate(FIGURE_HEADS):
            sheet.write_string(0, column, self.say(head), self.header_number if column == 3 else self.header)
        for column, width in enumerate((24, 24, 34, 12, 14, 16, 16, 40, 60)):
            sheet.set_column(column, column, width)
        row = 0
        for section, figure in content.figures:
            row += 1
            words = (section.title, figure.key, figure.label)
            for column, text in enumerate(words):
                sheet.write_string(row, column, text, self.text)
            if figure.number is not None:
                self.figure(sheet, row, 3, figure.number, "whole", "decimal")
            more = (figure.words, figure.before, figure.change, figure.coverage, figure.sentence)
            for column, text in enumerate(more, start=4):
                sheet.write_string(row, column, text, self.text)
        self.for_print(sheet, row, len(FIGURE_HEADS))

    def grid(self, sheet: Any, row: int, grid: Grid, *, alone: bool = False) -> int:
        """The row after its last."""
        first = row
        for column, head in enumerate(grid.columns):
            sheet.write_string(
                row, column, fitting(head.label), self.header_number if head.numeric else self.header
            )
            if alone:
                sheet.set_column(column, column, 14 if head.numeric else min(14 + 12 * head.weight, 48))
        for cells in grid.rows:
            row += 1
            for column, cell in enumerate(cells):
                self.cell(sheet, row, column, cell, grid.columns[column].numeric)
        for cells in grid.sums:
            row += 1
            for column, cell in enumerate(cells):
                self.sum_cell(sheet, row, column, blank_if_none(cell), grid.columns[column].numeric)
        if alone:
            self.for_print(sheet, row - first, len(grid.columns))
        return row + 1

    def cell(self, sheet: Any, row: int, column: int, cell: object, numeric: bool) -> None:
        if isinstance(cell, dt.date) and not isinstance(cell, dt.datetime) and cell >= FIRST_DAY:
            sheet.write_number(row, column, (cell - DAY_ZERO).days, self.figures["date"])
        elif (number := number_of(cell)) is not None:
            self.figure(sheet, row, column, number, "whole", "decimal")
        else:
            words = cell_words(cell)
            form = self.muted if words.missing else self.words_right if numeric else self.line
            form = self.quoted if looks_like_formula(words.words) else form
            sheet.write_string(row, column, fitting(words.words), form)

    def sum_cell(self, sheet: Any, row: int, column: int, cell: object, numeric: bool) -> None:
        number = number_of(cell)
        if number is not None:
            sheet.write_number(row, column, number, self.sum_number)
        else:
            sheet.write_string(
                row, column, fitting(cell_words(cell).words), self.sum_right if numeric else self.sum
            )

    def drawn(self, sheet: Any, block: ReportChart, language: str) -> None:
        """What a drawing shows: every value is a line of its table. It is told when nothing is known."""
        table = data_table(block.chart)
        for column, head in enumerate(table.heads):
            sheet.write_string(
                0, column, fitting(self.say(head)), self.header_number if column else self.header
            )
            sheet.set_column(column, column, 22)
        for place, line in enumerate(table.rows, start=1):
            sheet.write_string(place, 0, fitting(self.say(line.label)), self.text)
            for column, cell in enumerate(line.cells, start=1):
                text = self.say(cell.text)
                words = f"{text} ({cell.note})" if cell.note else text
                sheet.write_string(
                    place, column, fitting(words), self.muted if cell.missing else self.words_right
                )
        if not block.shows_something:
            sheet.write_string(len(table.rows) + 1, 0, fitting(block.nothing_words(language)), self.muted)
        self.for_print(sheet, len(table.rows), len(table.heads))

    def about(self, sheet: Any, content: ReportContent) -> None:
        sheet.set_column(0, 0, 24, self.label)
        sheet.set_column(1, 1, 90, self.words)
        lines = [
            ("Rapport", content.title),
            ("Territoire", content.perimeter),
            ("Période", content.subtitle),
            ("Situation au", self.say(format_date(content.at))),
            ("Telle que connue le", self.say(format_date(content.known_at))),
            ("Demandé par", content.author),
            *(
                ("À savoir", note.text)
                for note in opening_notes(content)
                if isinstance(note, Note | PeopleWords)
            ),
        ]
        for row, (label, words) in enumerate(lines):
            sheet.write_string(row, 0, self.say(label), self.label)
            sheet.write_string(row, 1, fitting(words), self.words)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def for_print(self, sheet: Any, rows: int, columns: int) -> None:
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        if rows:
            sheet.autofilter(0, 0, rows, columns - 1)


def number_of(cell: object) -> Any:
    """What Excel adds up; None for words and for what is not known whole."""
    if isinstance(cell, bool | Emptiness):
        return None
    if isinstance(cell, Said):
        return cell.number
    if isinstance(cell, int | float | Decimal):
        return cell
    if isinstance(cell, Ratio):
        return None
    if isinstance(cell, Sum):
        return cell.total if cell.is_known and not cell.missing else None
    if isinstance(cell, Value):
        return cell.number if not cell.emptiness else None
    return None
