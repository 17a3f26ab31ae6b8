"""The indicators of a sheet as printed: heads on two levels, section rows, details, parts under their number."""

from collections.abc import Iterator, Sequence

from jalons.conventions.documents.changed import Updated
from jalons.conventions.documents.words import cell_lines, runs_of, typeset
from jalons.conventions.dossier.content import Dossier, Sheet
from jalons.conventions.dossier.matrix_layout import head_groups, printed_lines
from jalons.conventions.models import MatrixColumn, MatrixGroup, MatrixRow
from jalons.core.values import missing_from_text
from jalons.exports.acts import BLANK, ActLine, ActRow, NewPage, Ruled, Slot, line, ruled, slot
from jalons.exports.document import Heading, Note

LABEL_WEIGHT = 2.4
ORDINARY = 40  # letters of a cell that fit in a narrow column; a longer one reads better from the left
WIDEST = 9  # columns of figures on one table: the next ones make another
DEFAULT_HEAD = "INDICATEURS"


def matrix_blocks(dossier: Dossier, updated: Updated, *, level: int = 1) -> list[object]:
    """The indicators of every sheet, on pages on their side."""
    blocks: list[object] = []
    for sheet in dossier.sheets:
        blocks.append(Heading(sheet.commitment.heading, level))
        tables = indicator_tables(sheet, updated, landscape=True)
        blocks.extend(tables or [Note("Cette fiche n’a pas d’indicateur.")])
    return blocks or [Note("La convention n’a pas encore de fiche.")]


def landscape(blocks: Sequence[object]) -> list[object]:
    return [NewPage(landscape=True), *blocks]


def indicator_tables(sheet: Sheet, updated: Updated, *, landscape: bool = False) -> list[Ruled]:
    """One table; several when the columns of its owner are too many for a page."""
    if not sheet.rows and not sheet.groups:
        return []
    if not sheet.columns:
        return [table_of(sheet, [], updated, landscape=landscape)]
    starts = range(0, len(sheet.columns), WIDEST)
    return [
        table_of(sheet, sheet.columns[start : start + WIDEST], updated, landscape=landscape)
        for start in starts
    ]


def table_of(sheet: Sheet, columns: list[MatrixColumn], updated: Updated, *, landscape: bool) -> Ruled:
    rows = [row for entry in printed_lines(sheet) for row in row_of(sheet, columns, entry, updated)]
    widths = [LABEL_WEIGHT, *(weight(sheet, column) for column in columns)]
    return ruled(widths, heads(sheet, columns), rows, landscape=landscape)


def weight(sheet: Sheet, column: MatrixColumn) -> float:
    """A column in which somebody wrote sentences is wider."""
    longest = max((len(cell.raw) for (_, key), cell in sheet.cells.items() if key == column.key), default=0)
    return 1.0 + min(max(longest - ORDINARY, 0) / 150, 1.5)


def heads(sheet: Sheet, columns: Sequence[MatrixColumn]) -> list[ActRow]:
    """Two rows when a column has a sub-head; neighbours under one head share it."""
    first = sheet.commitment.row_header or DEFAULT_HEAD
    if not any(column.subheader for column in columns):
        return [
            ActRow(
                (slot(first, tone="head"), *(head_slot(column.header or column.words) for column in columns))
            )
        ]
    above, below = [slot(first, tone="head", rows=2)], list[Slot]()
    for head, group in head_groups(columns):
        if len(group) == 1 and not group[0].subheader:
            above.append(head_slot(head or group[0].words, rows=2))
            continue
        above.append(head_slot(head, columns=len(group)))
        below.extend(head_slot(column.subheader or column.words) for column in group)
    return [ActRow(tuple(above)), ActRow(tuple(below))]


def head_slot(words: str, *, columns: int = 1, rows: int = 1) -> Slot:
    return slot(words or "–", tone="head", centre=True, columns=columns, rows=rows)


def row_of(
    sheet: Sheet, columns: Sequence[MatrixColumn], entry: MatrixRow | MatrixGroup, updated: Updated
) -> Iterator[ActRow]:
    if isinstance(entry, MatrixGroup):
        yield group_row(entry, columns)
        return
    if entry.parent is not None and silent(sheet, entry):
        return  # said in the cell of the row above: see `label_lines`
    cells = [
        slot(
            cell_lines(sheet.cell(entry, column), bold=updated.cell(sheet, entry, column)),
            centre=len(words_in(sheet, entry, column)) <= ORDINARY,
        )
        for column in columns
    ]
    yield ActRow((Slot(tuple(label_lines(sheet, entry)), bold=False), *cells))


def words_in(sheet: Sheet, row: MatrixRow, column: MatrixColumn) -> str:
    cell = sheet.cell(row, column)
    return cell.raw if cell is not None else ""


def silent(sheet: Sheet, row: MatrixRow) -> bool:
    """A detail without any value of its own, nor details that have one: the row above says its figures."""
    if any(key == row.key for key, _ in sheet.cells):
        return False
    return all(silent(sheet, child) for child in sheet.children(row))


def group_row(group: MatrixGroup, columns: Sequence[MatrixColumn]) -> ActRow:
    words = [str((group.cells or {}).get(column.key) or "") for column in columns]
    label = line(group.label or "–", bold=True)
    if not any(words):
        return ActRow((Slot((label,), columns=1 + len(columns), tone="section"),), with_next=True)
    cells = [Slot((line(typeset(word)) if word else BLANK,), centre=True, tone="section") for word in words]
    return ActRow((Slot((label,), tone="section"), *cells), with_next=True)


def label_lines(sheet: Sheet, row: MatrixRow) -> Iterator[ActLine]:
    """Its label, indented under the row it details; then the details that have no row of their own."""
    depth = min(sheet.depth(row), 3)
    label = typeset(" ".join(row.label.split())) or row.breakdown
    yield ActLine(runs_of(label or "Indicateur sans intitulé"), level=depth, bullet="–" if depth else "")
    children = sheet.children(row)
    if children and row.children_relation and missing_from_text(row.children_relation) is None:
        yield ActLine(runs_of(f"{row.children_relation} :"), level=depth)
    for child in children:
        if silent(sheet, child):
            words = " ".join(child.label.split()) or child.breakdown
            yield ActLine(runs_of(words or "Détail sans intitulé"), level=depth + 1, bullet="–")
