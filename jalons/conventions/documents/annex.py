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
from jalons.conventions.dossier.content import TOTAL, AnnexContent, Dossier, Sheet, TableContent
from jalons.conventions.dossier.ledger import (
    COUNCIL,
    Addition,
    Amounts,
    amounts_of,
    blanks_of,
    share_of,
    shares_without_total,
    total_of,
)
from jalons.conventions.enums import Family, LineKind
from jalons.conventions.models import Annex, AnnexLine, AnnexTable
from jalons.core.values import Number, fold, format_euros
from jalons.core.values.numbers import add
from jalons.exports.document import said

SUMS = (LineKind.SUBTOTAL, LineKind.TOTAL, LineKind.FAMILY_TOTAL, LineKind.GRAND_TOTAL)
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
class AnnexRow:
    line: AnnexLine
    cells: list[AnnexCell] = field(default_factory=list)


@dataclass
class AnnexGrid:
    """A table of the annex. `columns[0]` is that of the labels."""

    title: str
    columns: list[MoneyColumn]
    rows: list[AnnexRow] = field(default_factory=list)

    @property
    def texts(self) -> list[list[str]]:
        return [[cell.words for cell in row.cells] for row in self.rows]


@dataclass
class Computed:
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
    known = {
        id(line): sheet_amounts(line, parts_of(table), dossier)
        for table in annex.tables
        for line in table.lines
    }
    return [grid_of(table, annex, known, dossier) for table in annex.tables]


def parts_of(table: TableContent) -> list[str]:
    """Its columns of money, in the order in which its lines say them."""
    return list(dict.fromkeys(part for line in table.lines for part in line.figures))


def grid_of(
    table: TableContent, annex: AnnexContent, known: dict[int, Computed], dossier: Dossier
) -> AnnexGrid:
    parts = parts_of(table)
    columns = arranged(table.table.headers or [], parts, dossier, notes=False)
    if any(line.recall for line in table.lines) and not any(column.part == RECALL for column in columns):
        columns.insert(len(columns) - 1 if len(columns) > 1 else 1, MoneyColumn("", RECALL))
    grid = AnnexGrid(table.table.title, columns)
    for at, line in enumerate(table.lines):
        computed = (
            summed(line, summands(at, table, annex), known, parts) if line.kind in SUMS else known[id(line)]
        )
        grid.rows.append(AnnexRow(line, [cell_of(line, column, computed) for column in columns]))
    return grid


def cell_of(line: AnnexLine, column: MoneyColumn, computed: Computed) -> AnnexCell:
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
    told = said(figure_words(figure))
    return AnnexCell(told.words, money=True, missing=told.missing)


# What the sheets say -------------------------------------------------------------------------------------


def sheet_amounts(line: AnnexLine, parts: Sequence[str], dossier: Dossier) -> Computed:
    """Of a line that names a sheet: its budget; the printed amounts when no sheet says any."""
    if line.kind in (*SUMS, LineKind.SECTION):
        return Computed({})
    sheet = sheet_of(line, dossier)
    amounts = amounts_of(sheet, dossier, line.number or None) if sheet is not None else {}
    if not any(amount is not None for amount in amounts.values()):
        printed: Found = {part: line.euros(part) for part in parts}
        return Computed(printed, frozenset(part for part in parts if printed[part] is not None))
    return Computed({part: share_amount(part, parts, amounts, dossier, sheet) for part in parts})


def share_amount(
    part: str, parts: Sequence[str], amounts: Amounts, dossier: Dossier, sheet: Sheet | None
) -> Number | None:
    """What a sheet brings under one column. A share that its total leaves nothing for is 0 €."""
    shares = shares_without_total(amounts)
    brought = total_of(shares.values())
    if part == TOTAL:
        return amounts.get(TOTAL) if brought is None else brought
    share = share_of(part, dossier, None)
    if share == COUNCIL:
        found = total_of(amount for name, amount in shares.items() if name.startswith(COUNCIL))
    else:
        found = shares.get(share)
    if found is None and share.startswith(COUNCIL) and lone_council(parts, dossier):
        found = total_of(amount for name, amount in shares.items() if name.startswith(COUNCIL))
    if found is None and amounts.get(TOTAL) == (brought or 0):
        return 0
    return found


def lone_council(parts: Sequence[str], dossier: Dossier) -> bool:
    """Is there one column for a Département only, so that all that any of them brings stands there?"""
    return sum(share_of(part, dossier).startswith(COUNCIL) for part in parts) == 1


def sheet_of(line: AnnexLine, dossier: Dossier) -> Sheet | None:
    """The sheet of a line. Two Départements may number theirs alike: its own key, then its money, then its label."""
    named = line.kept.get("fiche_id")
    if isinstance(named, str) and named in dossier.by_key:
        return dossier.by_key[named]
    if not line.number:
        return None
    found = [sheet for sheet in dossier.mothers if line.number in map(str, sheet.commitment.numbers)]
    if len(found) < 2:
        return found[0] if found else None
    codes = {sheet.key: code_of(sheet) for sheet in found}
    paid = {part for part, figure in line.figures.items() if part != TOTAL and line.euros(part)}
    shares = {share_of(part, dossier).partition(":")[2] for part in paid}
    by_money = [sheet for sheet in found if codes[sheet.key] and codes[sheet.key] in shares]
    if len(by_money) == 1:
        return by_money[0]
    label = fold(line.label)
    by_label = [sheet for sheet in found if sheet.commitment.title and fold(sheet.commitment.title) in label]
    return by_label[0] if len(by_label) == 1 else None


def code_of(sheet: Sheet) -> str:
    party = sheet.commitment.party
    return (party.departement_id or "") if party is not None else ""


# Sums ----------------------------------------------------------------------------------------------------


def summed(
    line: AnnexLine, lines: Iterable[AnnexLine], known: dict[int, Computed], parts: Sequence[str]
) -> Computed:
    """A sum that lacks a line is what the annex prints for it; « at least » when it prints nothing."""
    sums = Addition(parts)
    for each in lines:
        sums.add(known[id(each)].amounts, line_name(each), blanks_of(each))
    whole = {part: sums.complete(part) for part in parts}
    copied = frozenset(part for part in parts if whole[part] is None and line.euros(part) is not None)
    amounts = {part: line.euros(part) if part in copied else whole[part] for part in parts}
    return Computed(amounts, copied, sums)


def line_name(line: AnnexLine) -> str:
    return f"fiche {line.number}" if line.number else f"« {line.label} »"


def bears_money(line: AnnexLine) -> bool:
    return line.kind not in (*SUMS, LineKind.SECTION)


def summands(at: int, table: TableContent, annex: AnnexContent) -> Iterator[AnnexLine]:
    """The lines that a sum adds."""
    line = table.lines[at]
    if line.kind == LineKind.SUBTOTAL:
        for each in reversed(table.lines[:at]):
            if each.kind in (LineKind.SECTION, *SUMS):
                return
            yield each
    elif line.kind == LineKind.TOTAL:
        mine = [each for each in table.lines if bears_money(each)]
        yield from mine or every_line(annex)
    elif line.kind == LineKind.FAMILY_TOTAL:
        found = table_of_family(line, table, annex)
        yield from (each for each in (found.lines if found else ()) if bears_money(each))
    else:
        yield from every_line(annex)


def every_line(annex: AnnexContent) -> Iterator[AnnexLine]:
    return (each for table in annex.tables for each in table.lines if bears_money(each))


def table_of_family(line: AnnexLine, own: TableContent, annex: AnnexContent) -> TableContent | None:
    """The table of a family: the one whose title has most of the words of the label, and of no other."""
    words = set(fold(line.label).split())
    others = [table for table in annex.tables if table is not own and any(map(bears_money, table.lines))]
    scores = [
        (len(words & set(fold(table.table.title or table.table.key).split())), table) for table in others
    ]
    best = max((score for score, _ in scores), default=0)
    found = [table for score, table in scores if score == best and score]
    return found[0] if len(found) == 1 else None


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
    for section, found in sections.items():
        if section and len(sections) > 1:
            content.lines.append(blank_line(LineKind.SECTION, section, ()))
        content.lines.extend(line for sheet in found for line in lines_of_sheet(sheet, parts))
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
    found: dict[str, str] = {}
    for sheet in dossier.mothers:
        for budget in sheet.budget:
            for part in budget.parts:
                share = share_of(part, dossier, sheet)
                name = share.replace(f"{COUNCIL}:", "cd") if share.startswith(COUNCIL) else share
                found.setdefault(share, f"part_{name}")
    order = sorted(found, key=lambda share: (share != "etat", not share.startswith(COUNCIL)))
    return [*(found[share] for share in order), TOTAL]


def family_words(sheet: Sheet) -> str:
    return sheet.commitment.family_words or Family(sheet.commitment.family or Family.OTHER).label
