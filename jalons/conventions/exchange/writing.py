"""Dossiers → a file of the exchange format. What was imported and not changed comes out as it came in."""

import json
from typing import Any

from jalons.conventions.dossier.content import (
    AnnexContent,
    BudgetRow,
    DeliberationContent,
    Dossier,
    File,
    Sheet,
    Tracking,
)
from jalons.conventions.dossier.ledger import councils
from jalons.conventions.dossier.owners import named_party, said_owner
from jalons.conventions.dossier.places import owner_words
from jalons.conventions.enums import Stage
from jalons.conventions.exchange import shapes
from jalons.conventions.exchange.beside_reading import DELIBERATIONS_LISTED
from jalons.conventions.exchange.codec import INSIDE
from jalons.conventions.exchange.reading import SCHEMA
from jalons.conventions.models import MatrixRow, PlannedAction, SubBudget

Json = dict[str, Any]


def write_file(file: File) -> Json:
    """The whole file. `meta` says the schema when the file has none of its own."""
    document: Json = {"meta": {"schema": SCHEMA, "language": "fr", "encoding": "UTF-8"}}
    document |= {name: value for name, value in file.kept.items() if not name.startswith(INSIDE)}
    deliberations = [deliberation_of(deliberation) for deliberation in file.deliberations]
    listed = file.kept.get(DELIBERATIONS_LISTED, len(deliberations) != 1)
    parts: dict[str, list[Json]] = {
        "conventions": [convention_of(dossier) for dossier in file.dossiers],
        "fiches": [sheet_of(sheet, dossier) for dossier in file.dossiers for sheet in dossier.sheets],
        "annexes_financieres": [
            annex_of(annex, dossier) for dossier in file.dossiers for annex in dossier.annexes
        ],
        "fiches_without_sheet": [
            missing_of(missing, dossier) for dossier in file.dossiers for missing in dossier.missing
        ],
    }
    document |= {name: part for name, part in parts.items() if part}
    if deliberations:
        document["deliberation"] = deliberations if listed or len(deliberations) > 1 else deliberations[0]
    return document


def naming(value: Any, dossier: Dossier) -> Json:
    """« convention »: …, unless the file left it unsaid."""
    return {} if "@convention" in value.kept else {"convention": dossier.convention.slug}


def convention_of(dossier: Dossier) -> Json:
    convention = dossier.convention
    payment = dict(convention.payment)
    if dossier.planned:
        payment["actions"] = [planned_of(action) for action in dossier.planned]
    nested = {
        "parties": [shapes.PARTY.write(party) for party in dossier.parties],
        "legal_references": [shapes.REFERENCE.write(reference) for reference in dossier.references],
        "clauses": {clause.name: shapes.CLAUSE.write(clause) for clause in dossier.clauses},
        "payment": payment,
        "signature": shapes.SIGNATURE.write(convention),
        "articles": [shapes.ARTICLE.write(article) for article in dossier.articles],
        "actions": [shapes.LISTED.write(action) for action in dossier.listed],
    }
    return shapes.CONVENTION.write(convention, nested)


def planned_of(action: PlannedAction) -> Json:
    return shapes.PLANNED.write(action, action.codes)


def sheet_of(sheet: Sheet, dossier: Dossier) -> Json:
    nested = {
        **naming(sheet.commitment, dossier),
        "parent": sheet.parent_key,
        "resume": [shapes.RESUME.write(row) for row in sheet.resume],
        "sub_actions": [shapes.SUB_ACTION.write(sub_action) for sub_action in sheet.sub_actions],
        "budget": [budget_of(row) for row in sheet.budget],
        "sub_budgets": [
            sub_budget_of(sub_budget, sheet) for sub_budget in sheet.sub_budgets if sub_budget.parent is None
        ],
        "indicator_table": table_of(sheet),
        "tracking_tables": [tracking_of(table) for table in sheet.tracking],
    }
    return shapes.SHEET.write(sheet.commitment, nested) | owner_of(sheet, dossier)


def owner_of(sheet: Sheet, dossier: Dossier) -> Json:
    """Whose sheet it is, unless the words of the file say it already: a frozen version knows it too."""
    own = sheet.owner_party
    if own is None or named_party(said_owner(sheet, dossier), councils(dossier)) is own:
        return {}
    return {"departement": owner_words(sheet)}


def budget_of(row: BudgetRow) -> Json:
    amounts = {
        part: shapes.AMOUNT.write(amount)
        for (part, stage), amount in row.amounts.items()
        if stage == Stage.PLANNED
    }
    return shapes.BUDGET.write(row.line, amounts)


def sub_budget_of(parent: SubBudget, sheet: Sheet) -> Json:
    inner = [sub_budget for sub_budget in sheet.sub_budgets if sub_budget.parent is parent]
    return shapes.SUB_BUDGET.write(parent, {"dont": [sub_budget_of(child, sheet) for child in inner]})


def table_of(sheet: Sheet) -> Json:
    nested = {
        "columns": [shapes.COLUMN.write(column) for column in sheet.columns],
        "groups": [shapes.GROUP.write(group) for group in sheet.groups],
        "indicators": [row_of(row, sheet) for row in sheet.rows if row.parent is None],
    }
    return shapes.TABLE.write(sheet.commitment, nested)


def row_of(row: MatrixRow, sheet: Sheet) -> Json:
    values = {column.key: shapes.CELL.write(cell) for column, cell in sheet.cells_of(row) if cell is not None}
    nothing = {key: value for key, value in row.kept.get("@values", {}).items() if key not in values}
    nested = {
        "group": row.group.key if row.group else None,
        "breakdown": shapes.BREAKDOWN.write(row),
        "values": {**nothing, **values},
        "children": [row_of(child, sheet) for child in sheet.children(row)],
    }
    return shapes.ROW.write(row, nested)


def tracking_of(tracking: Tracking) -> Json:
    rows = [shapes.TRACKING_ROW.write(row) for row in tracking.rows]
    return shapes.TRACKING.write(tracking.table, {"rows": rows})


def missing_of(value: Any, dossier: Dossier) -> Json:
    return shapes.MISSING.write(value, naming(value, dossier))


def annex_of(content: AnnexContent, dossier: Dossier) -> Json:
    tables = [
        shapes.ANNEX_TABLE.write(
            table.table, {"rows": [shapes.ANNEX_LINE.write(line) for line in table.lines]}
        )
        for table in content.tables
    ]
    return shapes.ANNEX.write(content.annex, {**naming(content.annex, dossier), "tables": tables})


def deliberation_of(content: DeliberationContent) -> Json:
    deliberation = content.deliberation
    accounting = shapes.ACCOUNTING.write(
        deliberation, {"lines": [shapes.ACCOUNTING_LINE.write(line) for line in content.lines]}
    )
    amounts = [shapes.AUTHORISED.write(amount, amount.figure) for amount in content.amounts]
    return shapes.DELIBERATION.write(deliberation, {"authorised_amounts": amounts, "accounting": accounting})


def canonical(value: Any) -> str:
    """One way to write the same JSON: sorted keys, no space."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
