"""The indicators of a sheet as a page shows them: headers on two levels, sections, details, composites, notes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from jalons.conventions.dossier.content import Sheet
from jalons.conventions.dossier.matrix_layout import head_groups, printed_lines
from jalons.conventions.models import Cell, MatrixColumn, MatrixGroup, MatrixRow
from jalons.conventions.models.printed import raw_of
from jalons.core.values import (
    Emptiness,
    Kind,
    Value,
    fold,
    format_long_date,
    format_number,
    format_value,
    parse_partial_date,
)

# The space between thousands, as printed.
TOGETHER = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
MAIN_WORDS = {"inferred": "chiffre principal déduit", "doubtful": "chiffre principal douteux"}


@dataclass(frozen=True, slots=True)
class MatrixHead:
    words: str
    span: int = 1
    tall: bool = False  # no sub-header: it takes both lines
    partial: str = ""  # what it covers, when it does not cover the year
    objective: bool = False


@dataclass(frozen=True, slots=True)
class PartView:
    words: str
    depth: int


@dataclass(frozen=True, slots=True)
class CellView:
    """`main`: the figure or the words; `counted`: of what; `missing`: why there is no figure, in words."""

    main: str = ""
    counted: str = ""
    missing: str = ""
    parts: Sequence[PartView] = ()
    mark: str = ""
    notes: Sequence[int] = ()
    numeric: bool = False
    who: str = ""
    label: str = ""  # of its column, for a screen that shows a row as a block
    objective: bool = False


@dataclass(frozen=True, slots=True)
class RowView:
    label: str
    depth: int = 0
    relation: str = ""
    breakdown: str = ""
    notes: Sequence[int] = ()
    cells: Sequence[CellView] = ()
    section: bool = False
    above: str = ""  # its figures are printed with those of this row


@dataclass
class Notes:
    """Numbered as they come; the same words have one number."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, words: Any) -> list[int]:
        notes = words if isinstance(words, list) else [words]
        texts = [note.strip() for note in notes if isinstance(note, str) and note.strip()]
        return [self.numbers.setdefault(text, len(self.numbers) + 1) for text in texts]


@dataclass(frozen=True, slots=True)
class MatrixView:
    corner: str
    top: Sequence[MatrixHead]
    bottom: Sequence[MatrixHead]  # empty: one level
    rows: Sequence[RowView]
    notes: Sequence[tuple[int, str]]
    count: int
    columns: int


def matrix_view(sheet: Sheet, who: Mapping[int, str] | None = None) -> MatrixView:
    """`who`: who said each cell, by primary key, when the reader asked for it."""
    notes = Notes()
    top, bottom = heads(sheet.columns)
    rows: list[RowView] = []
    for line in printed_lines(sheet):
        if isinstance(line, MatrixGroup):
            rows += section_of(sheet, line, notes)
        else:
            rows.append(row_view(sheet, line, notes, who or {}))
    return MatrixView(
        sheet.commitment.row_header,
        top,
        bottom,
        rows,
        [(number, words) for words, number in notes.numbers.items()],
        len(sheet.rows),
        len(sheet.columns),
    )


# --- headers ---------------------------------------------------------------------------------------------------


def heads(columns: Sequence[MatrixColumn]) -> tuple[list[MatrixHead], list[MatrixHead]]:
    """Two lines of headers; the second is empty when no column has a sub-header."""
    bottom = [head(column, column.subheader) for column in columns if column.subheader]
    top = [
        MatrixHead(words, len(group))
        if group[0].subheader
        else head(group[0], words or group[0].key, tall=bool(bottom))
        for words, group in head_groups(columns)
    ]
    return top, bottom


def head(column: MatrixColumn, words: str, *, tall: bool = False) -> MatrixHead:
    return MatrixHead(words, tall=tall, partial=partial_words(column), objective=column.is_objective)


def partial_words(column: MatrixColumn) -> str:
    """« année incomplète, arrêté à mai 2022 »."""
    if not column.partial:
        return ""
    as_of = column.as_of or column.period_end
    read = parse_partial_date(as_of) if as_of else None
    if read is None or read.end is None:
        return "année incomplète"
    return f"année incomplète, au {format_long_date(read.end)}"


# --- rows ------------------------------------------------------------------------------------------------------


def section_of(sheet: Sheet, group: Any, notes: Notes) -> list[RowView]:
    """A row that heads a section, with the words printed in its columns."""
    cells = [
        CellView(main=raw_of(group.cells.get(column.key)), label=column.words) for column in sheet.columns
    ]
    has_words = any(cell.main for cell in cells)
    own = notes.number(group.kept.get("notes"))
    return [RowView(group.label or group.key, notes=own, cells=cells if has_words else (), section=True)]


def row_view(sheet: Sheet, row: MatrixRow, notes: Notes, who: Mapping[int, str]) -> RowView:
    label = row.label or row.breakdown or row.key
    own = notes.number(row.kept.get("notes")) + notes.number(row.kept.get("note"))
    relation = ""
    if row.parent is not None:
        first = next(iter(sheet.children(row.parent)), None)
        relation = (row.parent.children_relation or "Dont") if first is row else ""
    row_cells = [cell for _, cell in sheet.cells_of(row)]
    printed_above = row.parent is not None and all(cell is None or cell_raw(cell) for cell in row_cells)
    above = (row.parent.label or row.parent.breakdown) if printed_above and row.parent is not None else ""
    cells = [cell_view(cell, column, row, notes, who) for column, cell in sheet.cells_of(row)]
    return RowView(
        label,
        sheet.depth(row),
        relation,
        breakdown_words(row, label),
        own,
        cells,
        above=above if all(cell is None for cell in row_cells) else "",
    )


def breakdown_words(row: MatrixRow, label: str) -> str:
    """« territoire : DTML » unless the label already says it."""
    if not row.breakdown or fold(row.breakdown) in fold(label):
        return ""
    return f"{row.dimension}\u00a0: {row.breakdown}" if row.dimension else row.breakdown


def cell_raw(cell: Cell) -> str:
    """What a detail says in the cell of its row."""
    cell_raw = cell.kept.get("cell_raw")
    return str(cell_raw) if cell_raw and not cell.kind else ""


def cell_view(
    cell: Cell | None, column: MatrixColumn, row: MatrixRow, notes: Notes, who: Mapping[int, str]
) -> CellView:
    shared: dict[str, Any] = {"label": column.words, "objective": column.is_objective}
    if cell is None:
        return CellView(missing=Emptiness.EMPTY.words, **shared)
    shared["who"] = who.get(cell.pk, "")
    shared["notes"] = notes.number(cell.note) + notes.number(
        f"Source\u00a0: {cell.source}" if cell.source else ""
    )
    if raw_text := cell_raw(cell):
        return CellView(main=raw_text, mark="imprimé dans la ligne au-dessus", **shared)
    value = cell.value
    if value.emptiness:
        return CellView(missing=value.emptiness.words, **shared)
    if value.kind is Kind.COMPOSITE:
        return composite(cell, shared)
    if value.number is None:
        return CellView(main=value.words, **shared)
    return CellView(main=measure(value), counted=value.qualifier, numeric=True, **shared)


def composite(cell: Cell, shared: dict[str, Any]) -> CellView:
    """The main number first, what it is made of below; without a main one, its parts as printed."""
    value = cell.value
    parts = [*parts_of(value.parts, 0)]
    if value.number is None:
        if not parts:
            return CellView(main=cell.raw, **shared)
        return CellView(parts=parts, **shared)
    return CellView(
        main=format_number(value.number),
        counted=value.qualifier,
        parts=parts,
        numeric=True,
        mark=MAIN_WORDS.get(cell.main, ""),
        **shared,
    )


def measure(value: Value) -> str:
    """The figure and its unit; what is counted is told apart, since it may be long."""
    return format_value(replace(value, qualifier=""))


def parts_of(parts: Sequence[Any], depth: int) -> list[PartView]:
    views = []
    for part in parts:
        views.append(PartView(part_words(part), depth))
        views += parts_of(part.parts, depth + 1)
    return views


def part_words(part: Any) -> str:
    """As printed; else « CAPEP : 680 »."""
    if part.raw.strip():
        return TOGETHER.sub("\u00a0", " ".join(part.raw.split()))
    figure = format_value(part.value)
    if not part.label:
        return figure
    if part.relation == "dont":
        return f"dont {figure} {part.label}"
    return f"{part.label}\u00a0: {figure}"
