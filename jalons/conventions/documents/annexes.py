"""The financial annex to print: the tables made again from the sheets, and what they do not say."""

from collections.abc import Iterable

from jalons.conventions.documents.annex import (
    SUMS,
    AnnexCell,
    AnnexGrid,
    PrintedAnnexRow,
    annexes_of,
    grids_of,
    line_name,
)
from jalons.conventions.documents.columns import RECALL
from jalons.conventions.documents.words import typeset
from jalons.conventions.dossier.content import Dossier
from jalons.conventions.enums import LineKind
from jalons.core.values import fold, format_euros, join_and
from jalons.exports.acts import BLANK, ActLine, ActRow, Ruled, Run, Slot, Text, head, line, ruled, slot
from jalons.exports.document import Heading, Note


def annex_blocks(dossier: Dossier, *, level: int = 1) -> list[object]:
    """Gaps with the printed annex are told under their table, never corrected."""
    blocks: list[object] = []
    for annex in annexes_of(dossier):
        title = " – ".join(filter(None, (annex.annex.label, annex.annex.title)))
        if title and fold(title) != "annexe financiere":
            blocks.append(Heading(title, level))
        if annex.annex.subtitle:
            blocks.append(Text((line(annex.annex.subtitle),)))
        for grid in grids_of(annex, dossier):
            if grid.title:
                blocks.append(Heading(grid.title, level + 1))
            blocks.append(grid_table(grid))
            blocks.extend(notes_of(grid))
    return blocks


def grid_table(grid: AnnexGrid) -> Ruled:
    widths = [
        8.0 if not at else 1.8 if column.part == RECALL else 2.6 for at, column in enumerate(grid.columns)
    ]
    money = [at for at, column in enumerate(grid.columns) if column.is_money]
    heads = head(*[ActLine((Run(column.head),)) for column in grid.columns], right=money)
    return ruled(widths, [heads], [grid_row(row) for row in grid.rows])


def grid_row(row: PrintedAnnexRow) -> ActRow:
    if row.line.kind == LineKind.SECTION and not any(cell.words for cell in row.cells[1:]):
        return ActRow((slot(row.line.label or "–", columns=len(row.cells), tone="section"),), with_next=True)
    tone = "sum" if row.line.kind in SUMS else "section" if row.line.kind == LineKind.SECTION else ""
    return ActRow(tuple(cell_slot(cell, tone) for cell in row.cells))


def cell_slot(cell: AnnexCell, tone: str) -> Slot:
    if not cell.words:
        return Slot((BLANK,), tone=tone)
    if not cell.money:
        return slot(typeset(cell.words), tone=tone)
    lines = [ActLine((Run(cell.words, missing=cell.missing),))]
    if cell.gap is not None and cell.printed is not None:
        sign = "+" if cell.gap > 0 else ""
        words = f"annexe : {format_euros(cell.printed)}\nécart : {sign}{format_euros(cell.gap)}"
        lines.append(ActLine((Run(words, missing=True),), remark=True))
    return Slot(tuple(lines), right=True, tone=tone)


def notes_of(grid: AnnexGrid) -> Iterable[object]:
    copied = [
        row for row in grid.rows if row.line.kind not in SUMS and any(cell.copied for cell in row.cells)
    ]
    if copied:
        names = [line_name(row.line) for row in copied]
        words = f"Montants repris de l’annexe, faute de budget sur une fiche : {join_and(names)}."
        yield Text((ActLine((Run(words, missing=True),)),), remark=True)
    lacks = dict.fromkeys(name for row in grid.rows for cell in row.cells for name in cell.lacks)
    if lacks:
        words = f"Sommes qui ne peuvent pas être refaites, faute d’un montant : {join_and(list(lacks))}."
        yield Text((ActLine((Run(words, missing=True),)),), remark=True)
    if any(cell.gap is not None for row in grid.rows for cell in row.cells):
        yield Note(
            "Les montants de ce tableau sont calculés d’après les fiches. Là où l’annexe imprimée en disait un autre, "
            "les deux sont écrits.",
            warning=True,
        )
