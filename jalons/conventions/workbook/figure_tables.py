"""Tables of figures: values, matrices, marks."""

from collections.abc import Iterator, Sequence

from jalons.conventions.dossier.content import Dossier, Sheet
from jalons.conventions.enums import ColumnMeasure
from jalons.conventions.workbook import layout, unread
from jalons.conventions.workbook.cells import mark, parts_in_words, spreadsheet_value, words_of
from jalons.conventions.workbook.row_tables import (
    NUMBER,
    TEXT,
    VALUE,
    Heads,
    Names,
    Row,
    numbers_of,
    plain_table,
    printed_label,
    years,
)
from jalons.core.values import exact
from jalons.exports.contract import About, Table

# One row per value ------------------------------------------------------------------------------------------

VALUES: Heads = [
    (layout.SHEET, TEXT),
    ("Numéros", TEXT),
    ("Intitulé de la fiche", TEXT),
    (layout.ROW, TEXT),
    (layout.LABEL, TEXT),
    ("Section", TEXT),
    ("Ventilation", TEXT),
    (layout.COLUMN, TEXT),
    (layout.HEADER, TEXT),
    ("Année", TEXT),
    ("Mesure", TEXT),
    ("Arrêté au", TEXT),
    ("Nature", TEXT),
    (layout.WORDS, TEXT),
    ("Nombre", NUMBER),
    ("Unité", TEXT),
    ("Ce qui est compté", TEXT),
    ("Parties", TEXT),
    ("Note", TEXT),
    ("Source", TEXT),
    ("Dit par", TEXT),
]


def values(dossier: Dossier, about: About, names: Names) -> Table:
    """What the columns say of the rows: a detail printed in the cell of its row is not a value of its own."""

    def rows() -> Iterator[Row]:
        for sheet, row, column, header in layout.every_cell(dossier):
            cell = sheet.cell(row, column)
            if cell is None or not cell.kind:
                continue
            yield (
                sheet.key,
                numbers_of(sheet),
                sheet.commitment.title,
                row.key,
                row.label,
                row.group.label if row.group else "",
                " : ".join(filter(None, (row.dimension, row.breakdown))),
                column.key,
                header,
                years(column.year),
                ColumnMeasure(column.measure).label if column.measure else "",
                column.as_of or column.period_end,
                cell.kind,
                words_of(cell),
                None if cell.number is None else exact(cell.number),
                cell.unit,
                cell.qualifier,
                parts_in_words(cell.parts),
                cell.note,
                cell.source,
                names.get(cell.organisation_id or 0, ""),
            )

    return plain_table(layout.VALUES, VALUES, rows, about)


def matrices(dossier: Dossier, about: About) -> list[Table]:
    """One sheet for each fiche that has indicators, laid out as printed."""
    return [matrix(sheet, about) for sheet in dossier.sheets if sheet.columns and sheet.rows]


def matrix(sheet: Sheet, about: About) -> Table:
    heads: Heads = [
        (layout.SHEET, TEXT),
        (layout.ROW, TEXT),
        (layout.LABEL, TEXT),
        *((header, VALUE) for header in layout.headers_of(sheet)),
    ]

    def rows() -> Iterator[Row]:
        group = None
        for row in sheet.rows:
            if row.group is not None and row.group is not group:
                words = [row.group.cells.get(column.key) or "" for column in sheet.columns]
                yield sheet.key, layout.SECTION, row.group.label, *map(str, words)
            group = row.group or group
            figures = [spreadsheet_value(sheet.cell(row, column)) for column in sheet.columns]
            yield sheet.key, row.key, printed_label(sheet, row), *figures

    return plain_table(layout.matrix_title(sheet), heads, rows, about)


MARKS: Heads = [
    (layout.CONVENTION, TEXT),
    (layout.SHEET, TEXT),
    (layout.ROW, TEXT),
    (layout.COLUMN, TEXT),
    (layout.HEADER, TEXT),
    (layout.SHOWN, VALUE),
    (layout.RAW, TEXT),
    (layout.MARK, TEXT),
]


def marks(dossier: Dossier, about: About, others: Sequence[Table] = ()) -> Table:
    """What every cell said when the workbook left: without it nobody could tell what was changed, and by whom. Then a
    digest of each row of the `others` that is not read back (`unread`).
    """

    def rows() -> Iterator[Row]:
        for sheet, row, column, header in layout.every_cell(dossier):
            cell = sheet.cell(row, column)
            known = (dossier.convention.slug, sheet.key, row.key, column.key, header)
            yield *known, spreadsheet_value(cell), words_of(cell), mark(cell)
        slug = dossier.convention.slug
        for title, row_mark in unread.marks_of(others, about):
            yield (
                slug,
                unread.UNREAD,
                "",
                title,
                str(row_mark.place),
                "",
                " ".join(row_mark.cells),
                row_mark.digest,
            )

    return plain_table(layout.MARKS, MARKS, rows, about)
