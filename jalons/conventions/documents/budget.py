"""The money of a sheet: its printed table, its named sub-budgets, its themes, and what none of them says."""

from jalons.conventions.documents.changed import Updated
from jalons.conventions.documents.columns import NOTES, MoneyColumn, arranged
from jalons.conventions.documents.words import amount_words, euros_or_words, runs_of, typeset
from jalons.conventions.dossier.additions import sum_of
from jalons.conventions.dossier.content import TOTAL, BudgetRow, Dossier, Sheet
from jalons.conventions.dossier.ledger import amounts_of, whole_of
from jalons.conventions.enums import Stage
from jalons.conventions.models import SubBudget
from jalons.core.values import Emptiness, Number, Sum, format_euros
from jalons.core.values.numbers import add
from jalons.exports.acts import BLANK, ActLine, ActRow, Ruled, Run, Slot, Text, head, line, ruled, slot
from jalons.exports.document import Heading


def budget_blocks(
    sheet: Sheet, dossier: Dossier, updated: Updated, *, partial: bool, title: str
) -> list[object]:
    """The budget, its parts and the unallocated remainder. A theme without budget says nothing of it."""
    blocks: list[object] = [Heading(title, 3)]
    if sheet.budget:
        blocks.append(budget_table(sheet, dossier, updated))
    elif partial and not sheet.sub_budgets:
        return []
    else:
        blocks.append(Text((ActLine((Run(Emptiness.EMPTY.words, missing=True),)),)))
    whole = whole_of(amounts_of(sheet, dossier))
    if sheet.sub_budgets:
        blocks.append(sub_budget_table(sheet, whole))
    themes = dossier.themes(sheet)
    if any(theme.budget for theme in themes):
        blocks.append(theme_table(themes, dossier, whole))
    return blocks


def budget_table(sheet: Sheet, dossier: Dossier, updated: Updated) -> Ruled:
    parts = list(dict.fromkeys(part for row in sheet.budget for part, _ in row.amounts))
    notes = any(row.line.notes.strip() for row in sheet.budget)
    headers = sheet.commitment.budget_headers or ["BUDGET", *(["TOTAL"] if TOTAL in parts else [])]
    columns = arranged(headers, parts, dossier, sheet, notes=notes)
    widths = [3.0 if not at else 2.0 if column.part == NOTES else 1.6 for at, column in enumerate(columns)]
    rows = [budget_row(row, columns, sheet, updated) for row in sheet.budget]
    heads = head(*[column.head or "–" for column in columns], right=range(1, len(columns)))
    return ruled(widths, [heads], rows)


def budget_row(row: BudgetRow, columns: list[MoneyColumn], sheet: Sheet, updated: Updated) -> ActRow:
    cells = [slot(typeset(row.line.label) or Emptiness.EMPTY)]
    for column in columns[1:]:
        if column.part == NOTES:
            notes = row.line.notes.strip()
            cells.append(Slot((ActLine(runs_of(notes)) if notes else BLANK,)))
        elif column.is_money:
            bold = updated.amount(sheet, row, column.part, Stage.PLANNED)
            words = amount_words(row.amounts.get((column.part, Stage.PLANNED)))
            cells.append(Slot((line(words, bold=bold),), right=True))
        else:
            cells.append(Slot((BLANK,)))
    return ActRow(tuple(cells))


# Parts of it ---------------------------------------------------------------------------------------------


def sub_budget_table(sheet: Sheet, whole: Number | None) -> Ruled:
    """Named parts, what each holds indented, then what is left."""
    rows = []
    allotted = Sum()
    for sub_budget in sheet.sub_budgets:
        depth = depth_of(sub_budget)
        label = ActLine(
            runs_of(sub_budget.label or "Sans intitulé"), level=depth, bullet="dont" if depth else ""
        )
        amount = None if sub_budget.amount is None else add(0, sub_budget.amount)
        rows.append(
            ActRow((Slot((deeper(label),)), slot(euros_or_words(amount, sub_budget.raw), right=True)))
        )
        if not depth:
            allotted += sum_of([amount])
    rows.extend(remainder_rows(allotted, whole, "Total des sous-budgets"))
    return ruled((12.0, 5.0), [head("SOUS-BUDGETS", "MONTANT", right=(1,))], rows)


def deeper(act_line: ActLine) -> ActLine:
    """« dont » is a word, wider than a bullet: it stands in the text."""
    if not act_line.bullet:
        return act_line
    return ActLine((Run("dont\u00a0: "), *act_line.runs), level=act_line.level)


def depth_of(sub_budget: SubBudget) -> int:
    depth, above = 0, sub_budget.parent
    while above is not None and depth < 3:
        depth, above = depth + 1, above.parent
    return depth


def theme_table(themes: list[Sheet], dossier: Dossier, whole: Number | None) -> Ruled:
    """What each theme of the sheet brings, and what none of them says."""
    rows, allotted = [], Sum()
    for theme in themes:
        amount = whole_of(amounts_of(theme, dossier))
        words = format_euros(amount) if amount is not None else Emptiness.EMPTY
        rows.append(
            ActRow(
                (
                    slot(typeset(theme.commitment.title) or theme.commitment.number_words),
                    slot(words, right=True),
                )
            )
        )
        allotted += sum_of([amount])
    rows.extend(remainder_rows(allotted, whole, "Total des thèmes"))
    return ruled((12.0, 5.0), [head("THÈMES", "MONTANT", right=(1,))], rows)


def remainder_rows(allotted: Sum, whole: Number | None, label: str) -> list[ActRow]:
    """The sum, « ≥ » when a part is not known, and what the known ones leave."""

    def sums(words: str, value: object, *, remark: bool = False) -> ActRow:
        return ActRow((slot(words, tone="sum"), slot(value, right=True, tone="sum")), remark=remark)

    rows = [sums(label, allotted.short(format_euros) if allotted.is_known else Emptiness.EMPTY)]
    if allotted.is_known and whole is not None:
        left = add(whole, -allotted.total)
        words = "Reste non affecté" if left >= 0 else "Dépassement du budget"
        rows.append(sums(words, format_euros(left if left >= 0 else -left), remark=True))
    return rows
