"""The financial annex made again from the sheets: each cell is computed from their budgets, under the printed labels.

A printed amount that says something else is told beside the computed one, never corrected.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from jalons.conventions.documents.columns import (
    LABEL,
    NOTES,
    OTHER,
    RECALL,
    MoneyColumn,
    arranged,
    kept_words,
)
from jalons.conventions.documents.words import figure_words
from jalons.conventions.dossier.additions import Addition, blanks_of
from jalons.conventions.dossier.annex_model import NO_SHEET, SUMS, AnnexModel, annex_model
from jalons.conventions.dossier.content import TOTAL, AnnexContent, Dossier, Sheet, TableContent
from jalons.conventions.dossier.ledger import COUNCIL, share_of
from jalons.conventions.enums import Family, LineKind
from jalons.conventions.models import Annex, AnnexLine, AnnexTable
from jalons.core.values import Number, fold, format_euros
from jalons.core.values.numbers import add
from jalons.exports.document import cell_words

Found = dict[str, Number | None]


@dataclass(frozen=True, slots=True)
class AnnexCell:
    """`words` as printed now; `gap`: computed minus printed, None when they agree or one of them is not known.

    `copied`: no budget says it, the printed amount was taken again. `lacks`: names of the lines that a sum leaves out.
    """

    words: str
    euros: Number | None = None
    printed: Number | None = None
    copied: bool = False
    money: bool = False
    missing: bool = False
    lacks: Sequence[str] = ()

    @property
    def gap(self) -> Number | None:
        if self.euros is None or self.printed is None or self.euros == self.printed:
            return None
        return add(self.euros, -self.printed)


@dataclass
class PrintedAnnexRow:
    line: AnnexLine
    cells: list[AnnexCell] = field(default_factory=list)


@dataclass
class AnnexGrid:
    """A table of the annex. `columns[0]` is that of the labels."""

    title: str
    columns: list[MoneyColumn]
    rows: list[PrintedAnnexRow] = field(default_factory=list)

    @property
    def texts(self) -> list[list[str]]:
        return [[cell.words for cell in row.cells] for row in self.rows]


@dataclass
class ComputedRow:
    """What the sheets say of a line, by part. `sums`: of a sum, with what it lacks."""

    amounts: Found
    copied: frozenset[str] = frozenset()
    sums: Addition | None = None


def regenerated(dossier: Dossier) -> list[AnnexGrid]:
    """Every table of every annex; those that its sheets call for when it has none."""
    return [grid for annex in annexes_of(dossier) for grid in grids_of(annex, dossier)]


def annexes_of(dossier: Dossier) -> list[AnnexContent]:
    printed = [annex for annex in dossier.annexes if any(table.lines for table in annex.tables)]
    return printed or [made_from_sheets(dossier)]


def grids_of(annex: AnnexContent, dossier: Dossier) -> list[AnnexGrid]:
    model = annex_model(dossier)
    known = {
        id(line): sheet_amounts(line, parts_of(table), model)
        for table in annex.tables
        for line in table.lines
    }
    return [grid_of(table, annex, known, model) for table in annex.tables]


def parts_of(table: TableContent) -> list[str]:
    """Its columns of money, in the order in which its lines say them."""
    return list(dict.fromkeys(part for line in table.lines for part in line.figures))


def grid_of(
    table: TableContent, annex: AnnexContent, known: dict[int, ComputedRow], model: AnnexModel
) -> AnnexGrid:
    parts = parts_of(table)
    columns = arranged(table.table.headers or [], parts, model.dossier, notes=False)
    if any(line.recall for line in table.lines) and not any(column.part == RECALL for column in columns):
        columns.insert(len(columns) - 1 if len(columns) > 1 else 1, MoneyColumn("", RECALL))
    grid = AnnexGrid(table.table.title, columns)
    for line in table.lines:
        computed = known[id(line)]
        if line.kind in SUMS:
            computed = summed(line, model.terms(line, table, annex), known, parts)
        grid.rows.append(PrintedAnnexRow(line, [cell_of(line, column, computed) for column in columns]))
    return grid


def cell_of(line: AnnexLine, column: MoneyColumn, computed: ComputedRow) -> AnnexCell:
    if column.part == LABEL:
        return AnnexCell(line.label)
    if column.part == RECALL:
        return AnnexCell(line.recall)
    if column.part in (OTHER, NOTES):
        return AnnexCell(kept_words(column.head, line.kept))
    euros, printed = computed.amounts.get(column.part), line.euros(column.part)
    lacks = computed.sums.lacks.get(column.part, ()) if computed.sums is not None else ()
    if euros is not None:
        copied = column.part in computed.copied
        return AnnexCell(format_euros(euros), euros, printed, copied, money=True, lacks=lacks)
    if lacks and computed.sums is not None and (least := computed.sums.least_words(column.part)):
        return AnnexCell(least, money=True, lacks=lacks)
    figure = line.figures.get(column.part)
    if line.kind == LineKind.SECTION and figure is None:
        return AnnexCell("")
    printed_figure = cell_words(figure_words(figure))
    return AnnexCell(printed_figure.words, money=True, missing=printed_figure.missing)


# What the sheets say -------------------------------------------------------------------------------------


def sheet_amounts(line: AnnexLine, parts: Sequence[str], model: AnnexModel) -> ComputedRow:
    """Of a line that names a sheet: its budget; the printed amounts when no sheet says any."""
    if line.kind in NO_SHEET:
        return ComputedRow({})
    amounts = model.brought(line, parts)
    if amounts is not None:
        return ComputedRow(amounts)
    printed: Found = {part: line.euros(part) for part in parts}
    return ComputedRow(printed, frozenset(part for part in parts if printed[part] is not None))


# Sums ----------------------------------------------------------------------------------------------------


def summed(
    line: AnnexLine, lines: Iterable[AnnexLine], known: dict[int, ComputedRow], parts: Sequence[str]
) -> ComputedRow:
    """A sum that lacks a line is what the annex prints for it; « at least » when it prints nothing."""
    sums = Addition(parts)
    for term in lines:
        sums.add(known[id(term)].amounts, line_name(term), blanks_of(term))
    whole = {part: sums.complete(part) for part in parts}
    copied = frozenset(part for part in parts if whole[part] is None and line.euros(part) is not None)
    amounts = {part: line.euros(part) if part in copied else whole[part] for part in parts}
    return ComputedRow(amounts, copied, sums)


def line_name(line: AnnexLine) -> str:
    return f"fiche {line.number}" if line.number else f"« {line.label} »"


# Without a printed annex ---------------------------------------------------------------------------------


def made_from_sheets(dossier: Dossier) -> AnnexContent:
    """Recap by family, then a table for each family, by axis with sub-totals."""
    annex = Annex(key="annexe", label="", title="Annexe financière", year=dossier.year)
    parts = all_parts(dossier)
    families: dict[str, list[Sheet]] = {}
    for sheet in dossier.mothers:
        families.setdefault(family_words(sheet), []).append(sheet)
    recap = TableContent(AnnexTable(annex=annex, key="recapitulatif", title="Récapitulatif"))
    tables = [recap]
    for family, sheets in families.items():
        title = f"Tableau des engagements : {family.lower()}"
        recap.lines.append(blank_line(LineKind.FAMILY_TOTAL, f"Total : {family.lower()}", parts))
        tables.append(family_table(AnnexTable(annex=annex, key=fold(family), title=title), sheets, parts))
    recap.lines.append(blank_line(LineKind.GRAND_TOTAL, "Total général", parts))
    return AnnexContent(annex, tables)


def family_table(table: AnnexTable, sheets: list[Sheet], parts: list[str]) -> TableContent:
    content = TableContent(table)
    sections: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        sections.setdefault(sheet.commitment.axis_annex or sheet.commitment.axis_theme, []).append(sheet)
    for section, section_sheets in sections.items():
        if section and len(sections) > 1:
            content.lines.append(blank_line(LineKind.SECTION, section, ()))
        content.lines.extend(line for sheet in section_sheets for line in lines_of_sheet(sheet, parts))
        if section and len(sections) > 1:
            content.lines.append(blank_line(LineKind.SUBTOTAL, "Sous-total", parts))
    content.lines.append(blank_line(LineKind.TOTAL, "Total", parts))
    return content


def lines_of_sheet(sheet: Sheet, parts: list[str]) -> Iterator[AnnexLine]:
    numbers = [str(number) for number in sheet.commitment.numbers] or [""]
    alone = len(numbers) < 2 or not any(row.line.number for row in sheet.budget)
    for number in numbers if not alone or len(numbers) == 1 else [""]:
        words = f"Fiche {number}" if number else sheet.commitment.number_words
        title = f"{words} – {sheet.commitment.title}" if sheet.commitment.title else words
        line = blank_line(LineKind.SHEET, title, parts)
        line.number, line.kept = number, {"fiche_id": sheet.key}
        yield line


def blank_line(kind: LineKind, label: str, parts: Iterable[str]) -> AnnexLine:
    return AnnexLine(kind=kind, label=label, figures=dict.fromkeys(parts))


def all_parts(dossier: Dossier) -> list[str]:
    """One key for each share: two sheets may name the same one differently."""
    part_by_share: dict[str, str] = {}
    for sheet in dossier.mothers:
        for budget in sheet.budget:
            for part in budget.parts:
                share = share_of(part, dossier, sheet)
                name = share.replace(f"{COUNCIL}:", "cd") if share.startswith(COUNCIL) else share
                part_by_share.setdefault(share, f"part_{name}")
    order = sorted(part_by_share, key=lambda share: (share != "etat", not share.startswith(COUNCIL)))
    return [*(part_by_share[share] for share in order), TOTAL]


def family_words(sheet: Sheet) -> str:
    return sheet.commitment.family_words or Family(sheet.commitment.family or Family.OTHER).label
