"""Which figures were updated since another version: they are printed in bold."""

from dataclasses import dataclass

from jalons.conventions.dossier.content import BudgetRow, Dossier, Sheet
from jalons.conventions.models import BudgetAmount, Cell, MatrixColumn, MatrixRow


@dataclass(frozen=True)
class Updated:
    """Compares with `before`; without it nothing is updated, and what was printed in bold stays so."""

    before: Dossier | None = None

    def former(self, sheet: Sheet) -> Sheet | None:
        return self.before.by_key.get(sheet.key) if self.before is not None else None

    def cell(self, sheet: Sheet, row: MatrixRow, column: MatrixColumn) -> bool:
        now = sheet.cells.get((row.key, column.key))
        if self.before is None:
            return now is not None and bool(now.kept.get("gras"))
        former = self.former(sheet)
        was = former.cells.get((row.key, column.key)) if former is not None else None
        return printed_identity(now) != printed_identity(was)

    def amount(self, sheet: Sheet, row: BudgetRow, part: str, stage: str) -> bool:
        if self.before is None:
            return False
        former = self.former(sheet)
        was = budget_like(former, row) if former is not None else None
        return money(row.amounts.get((part, stage))) != money(was.amounts.get((part, stage)) if was else None)


def printed_identity(cell: Cell | None) -> tuple[object, ...]:
    if cell is None or (cell.is_missing and not cell.raw):
        return ()
    return cell.kind, " ".join(cell.raw.split()), cell.figure


def money(amount: BudgetAmount | None) -> object:
    if amount is None:
        return None
    return amount.raw.strip() if amount.euros is None else amount.euros


def budget_like(sheet: Sheet, row: BudgetRow) -> BudgetRow | None:
    """The same line in another version: its number, its year and its label."""
    wanted = (row.line.number, row.line.year, row.line.label)
    for candidate in sheet.budget:
        if (candidate.line.number, candidate.line.year, candidate.line.label) == wanted:
            return candidate
    return None
