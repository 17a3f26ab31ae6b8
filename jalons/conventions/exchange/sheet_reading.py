"""The sheets of a convention, read from a file."""

from typing import Any

from jalons.conventions.dossier.content import BudgetRow, Dossier, File, Sheet, Tracking
from jalons.conventions.exchange import shapes
from jalons.conventions.exchange.codec import EMPTY
from jalons.conventions.exchange.guessing import family_of
from jalons.conventions.exchange.items import LONGEST_NAME, ItemReader
from jalons.conventions.models import BudgetAmount, Commitment, MatrixRow, SubBudget
from jalons.core.values import Kind


class FileSheetReader(ItemReader):
    """The sheets of the conventions of a file."""

    def sheets(self, node: dict[str, Any], file: File) -> None:
        parents: list[tuple[str, Sheet, Dossier, Any]] = []
        names: list[tuple[str, str]] = []
        for path, item in self.items(node, "fiches"):
            dossier = self.dossier_of(item, path, file)
            if dossier is None:
                continue
            sheet = self.sheet(item, path, dossier)
            names.append((f"{path}.id", sheet.key))
            parents.append((path, sheet, dossier, item.get("parent")))
            dossier.sheets.append(sheet)
        self.unique(names)
        # By the key that the file gives; of two sheets with one key, refused above, the first.
        mothers = {
            (id(dossier), sheet.key): sheet for dossier in file.dossiers for sheet in reversed(dossier.sheets)
        }
        for path, sheet, dossier, parent in parents:
            if parent in EMPTY:
                continue
            mother = mothers.get((id(dossier), parent)) if isinstance(parent, str) else None
            if mother is None or mother is sheet:
                self.log.wrong(f"{path}.parent", "l’identifiant d’une autre fiche de la convention", parent)
                continue
            sheet.parent_key = mother.key
            sheet.commitment.parent = mother.commitment
        ends: set[int] = set()
        for path, sheet, _dossier, parent in parents:
            if turns_round(sheet.commitment, ends):
                self.log.wrong(f"{path}.parent", "une fiche mère qui n’est pas sous celle-ci", parent)
                return

    def sheet(self, node: dict[str, Any], path: str, dossier: Dossier) -> Sheet:
        commitment = shapes.SHEET.read(node, path, self.log)
        self.named(
            commitment, "key", "id", node, f"{dossier.convention.slug}-fiche-{len(dossier.sheets) + 1}"
        )
        if node.get("convention") in EMPTY:
            commitment.kept = {**commitment.kept, "@convention": None}
        commitment.family = family_of(commitment.family_words)
        self.placed(commitment, dossier.sheets, dossier.convention)
        sheet = Sheet(commitment)
        self.pieces(shapes.RESUME, node, "resume", path, sheet.resume, commitment=commitment)
        self.pieces(shapes.SUB_ACTION, node, "sub_actions", path, sheet.sub_actions, commitment=commitment)
        for here, item in self.items(node, "budget", path):
            sheet.budget.append(self.budget(item, here, sheet))
        for here, item in self.items(node, "sub_budgets", path):
            self.sub_budget(item, here, sheet, None)
        MatrixReader(self.log).table(node, path, sheet)
        for here, item in self.items(node, "tracking_tables", path):
            sheet.tracking.append(self.tracking(item, here, sheet))
        return sheet

    def budget(self, node: dict[str, Any], path: str, sheet: Sheet) -> BudgetRow:
        line = shapes.BUDGET.read(node, path, self.log)
        line.commitment = sheet.commitment
        row = BudgetRow(self.placed(line, sheet.budget))
        for name, value in node.items():
            if shapes.is_part(name, value) and isinstance(value, dict):
                amount: BudgetAmount = shapes.AMOUNT.read(value, f"{path}.{name}", self.log)
                if len(name) > LONGEST_NAME:
                    self.log.wrong(path, f"des parts nommées en {LONGEST_NAME} caractères au plus", name)
                amount.line, amount.part = line, name[:LONGEST_NAME]
                row.amounts[amount.part, amount.stage] = amount
        return row

    def sub_budget(self, node: dict[str, Any], path: str, sheet: Sheet, parent: SubBudget | None) -> None:
        sub_budget = shapes.SUB_BUDGET.read(node, path, self.log)
        sub_budget.commitment, sub_budget.parent = sheet.commitment, parent
        sheet.sub_budgets.append(self.placed(sub_budget, sheet.sub_budgets))
        for here, item in self.items(node, "dont", path):
            self.sub_budget(item, here, sheet, sub_budget)

    def tracking(self, node: dict[str, Any], path: str, sheet: Sheet) -> Tracking:
        table = shapes.TRACKING.read(node, path, self.log)
        table.commitment = sheet.commitment
        tracking = Tracking(self.placed(table, sheet.tracking))
        self.pieces(shapes.TRACKING_ROW, node, "rows", path, tracking.rows, table=table)
        for here, _ in self.items(node, "columns", path):
            del here  # each column is an object
        return tracking


class MatrixReader(ItemReader):
    """The indicators of one sheet."""

    def table(self, node: dict[str, Any], path: str, sheet: Sheet) -> None:
        if not (table := self.object_in(node, "indicator_table", path)):
            return
        here = f"{path}.indicator_table"
        shapes.TABLE.read(table, here, self.log, into=sheet.commitment)
        for where, item in self.items(table, "columns", here):
            column = shapes.COLUMN.read(item, where, self.log)
            column.commitment = sheet.commitment
            self.named(column, "key", "key", item, f"colonne-{len(sheet.columns) + 1}")
            sheet.columns.append(self.placed(column, sheet.columns))
        self.unique([(f"{here}.columns[{n}].key", column.key) for n, column in enumerate(sheet.columns)])
        for where, item in self.items(table, "groups", here):
            group = shapes.GROUP.read(item, where, self.log)
            group.commitment = sheet.commitment
            self.named(group, "key", "key", item, f"section-{len(sheet.groups) + 1}")
            sheet.groups.append(self.placed(group, sheet.groups))
        self.unique([(f"{here}.groups[{n}].key", group.key) for n, group in enumerate(sheet.groups)])
        names: list[tuple[str, str]] = []
        for where, item in self.items(table, "indicators", here):
            self.row(item, where, sheet, None, names)
        self.unique(names)

    def row(
        self,
        node: dict[str, Any],
        path: str,
        sheet: Sheet,
        parent: MatrixRow | None,
        names: list[tuple[str, str]],
    ) -> None:
        log = self.log
        row: MatrixRow = shapes.ROW.read(node, path, log)
        row.commitment, row.parent = sheet.commitment, parent
        self.named(row, "key", "id", node, f"{sheet.key}-i{len(sheet.rows) + 1}")
        names.append((f"{path}.id", row.key))
        if breakdown := self.object_in(node, "breakdown", path, "un objet {dimension, value}"):
            shapes.BREAKDOWN.read(breakdown, f"{path}.breakdown", log, into=row)
        if node.get("group") is not None:
            row.group = next((group for group in sheet.groups if group.key == node["group"]), None)
            if row.group is None:
                log.drop(f"{path}.group", "une section de ce tableau", node["group"])
        sheet.rows.append(self.placed(row, sheet.rows))
        self.values(node, path, sheet, row)
        for here, item in self.items(node, "children", path):
            self.row(item, here, sheet, row, names)

    def values(self, node: dict[str, Any], path: str, sheet: Sheet, row: MatrixRow) -> None:
        nothing: dict[str, Any] = {}
        for key, value in self.object_in(node, "values", path, "un objet {colonne: cellule}").items():
            column = next((column for column in sheet.columns if column.key == key), None)
            if column is None:
                keys = ", ".join(column.key for column in sheet.columns)
                self.log.drop(f"{path}.values.{key}", f"une colonne de ce tableau ({keys})", key)
            elif value in EMPTY:
                nothing[key] = value
            elif not isinstance(value, dict):
                self.log.drop(f"{path}.values.{key}", "une cellule {raw, kind…}", value)
            else:
                cell = shapes.CELL.read(value, f"{path}.values.{key}", self.log)
                if not cell.kind and cell.raw and value.get("kind") not in EMPTY:
                    cell.kind = Kind.TEXT.value  # an unknown kind: what is printed is kept as it stands
                cell.row, cell.column = row, column
                sheet.cells[row.key, key] = cell
        if nothing:
            row.kept = {**row.kept, "@values": nothing}


def turns_round(commitment: Commitment, ends: set[int]) -> bool:
    """Is a sheet under itself, however far? `ends` keeps those known not to be, so that each is walked once."""
    above, seen = commitment.parent, {id(commitment)}
    while above is not None and id(above) not in ends:
        if id(above) in seen:
            return True
        seen.add(id(above))
        above = above.parent
    ends |= seen
    return False
