"""What changes in the sheets of a convention: words, money, figures, tracking."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from jalons.conventions.changes.change import Area, Change, ChangePlace, cut
from jalons.conventions.changes.describing import DescribedPart, amount_said, cell_said, plain_cell, said_of
from jalons.conventions.changes.matching import ListOf, came_or_went, compare, compare_each, pairs
from jalons.conventions.dossier.content import TOTAL, BudgetRow, Dossier, Sheet
from jalons.conventions.enums import ColumnMeasure, Stage
from jalons.conventions.models.printed import objects_in
from jalons.core.values import fold

# Sheets ------------------------------------------------------------------------------------------------------


def sheet_changes(before: Dossier, after: Dossier) -> Iterator[Change]:
    for was, now in pairs(before.sheets, after.sheets, lambda sheet: sheet.key):
        key = (now or was).key
        place = ChangePlace(Area.SHEET, key)
        if was is None or now is None:
            yield came_or_went(place.at("Fiche"), was is None)
        yield from one_sheet(place, was or empty_sheet(now), now or empty_sheet(was))


def empty_sheet(like: Sheet) -> Sheet:
    return Sheet(type(like.commitment)(key=like.key))


def one_sheet(place: ChangePlace, was: Sheet, now: Sheet) -> Iterator[Change]:
    yield from compare_each(place.at("Budget"), was, now, BUDGET)
    yield from budget_changes(place, was, now)
    yield from compare_each(place.at("Sous-budget"), was, now, SUB_BUDGETS)
    for change in compare(place.at("Fiche"), head(was), head(now)):
        yield replace(change, follow_up=change.what.startswith(WRITTEN_ACCOUNT))
    yield from compare_each(place, was, now, RESUME, SUB_ACTIONS)
    yield from matrix_changes(place, was, now)
    yield from tracking_changes(place, was, now)


WRITTEN_ACCOUNT = "Bilan rédigé"  # the narrative of a sheet, told once the year is over


def is_followed(column: Any) -> bool:
    """What a column holds is followed up, unless it is what was agreed: an objective, or no one knows what."""
    return column.measure in (ColumnMeasure.ACCOUNT, ColumnMeasure.ACTUAL)


def head(sheet: Sheet) -> dict[str, DescribedPart]:
    return said_of(sheet.commitment) | (
        {"fiche mère": DescribedPart(sheet.parent_key)} if sheet.parent_key else {}
    )


def budget_changes(place: ChangePlace, was: Sheet, now: Sheet) -> Iterator[Change]:
    """Amount by amount, the parts first and the printed total last."""
    for before, after in pairs(was.budget, now.budget, BUDGET.name):
        here = place.at(f"Budget, {cut((after or before).line.label)}")
        yield from compare(here, amounts_of(before), amounts_of(after), parts=True)


def amounts_of(row: BudgetRow | None) -> dict[str, DescribedPart]:
    if row is None:
        return {}
    planned = {part: amount for (part, stage), amount in row.amounts.items() if stage == Stage.PLANNED}
    ordered = sorted(planned, key=lambda part: part == TOTAL)
    return {part: described for part in ordered if (described := amount_said(planned[part]))}


def matrix_changes(place: ChangePlace, was: Sheet, now: Sheet) -> Iterator[Change]:
    yield from compare_each(place, was, now, COLUMNS, GROUPS, ROWS)
    rows = {row.key: row for sheet in (was, now) for row in sheet.rows}
    was_columns, now_columns = ({column.key: column for column in sheet.columns} for sheet in (was, now))
    columns = {**was_columns, **now_columns}
    for keys in dict.fromkeys([*now.cells, *was.cells]):
        before, after = cell_said(was.cells.get(keys)), cell_said(now.cells.get(keys))
        if before != after:
            row, column = rows[keys[0]], columns[keys[1]]
            stood = [
                stood_column
                for stood_column in (was_columns.get(keys[1]), now_columns.get(keys[1]))
                if stood_column is not None
            ]
            here = place.at(f"{column.words}, « {cut(row.label)} »", follow_up=all(map(is_followed, stood)))
            yield from compare(here, before, after)


def row_said(row: Any) -> dict[str, DescribedPart]:
    above = {
        "détail de": DescribedPart(cut(row.parent.label or row.parent.key) if row.parent else ""),
        "section": DescribedPart(cut(row.group.label or row.group.key) if row.group else ""),
    }
    return said_of(row) | {name: part for name, part in above.items() if part}


def tracking_changes(place: ChangePlace, was: Sheet, now: Sheet) -> Iterator[Change]:
    place = place.at(place.where, follow_up=True)
    yield from compare_each(place, was, now, TRACKING)
    for before, after in pairs(was.tracking, now.tracking, TRACKING.name):
        yield from compare_each(place.at(TRACKING.title(after or before)), before, after, TRACKING_ROWS)


def tracking_row_said(row: Any) -> dict[str, DescribedPart]:
    headers = {
        str(column.get("key")): str(column.get("header") or column.get("key"))
        for column in objects_in(row.table.columns)
    }
    cells = {headers.get(key, key): plain_cell(cell) for key, cell in (row.cells or {}).items()}
    return {"ligne imprimée": DescribedPart(row.raw.strip()), **cells} if row.raw.strip() else cells


BUDGET = ListOf(
    "budget",
    lambda row: (row.line.number, fold(row.line.label)),
    lambda row: cut(row.line.label),
    lambda row: said_of(row.line),
)
SUB_BUDGETS = ListOf(
    "sub_budgets",
    lambda part: (fold(part.parent.label) if part.parent else None, fold(part.label)),
    lambda part: cut(part.label),
)
RESUME = ListOf("resume", lambda row: row.position, lambda row: f"Résumé, ligne {row.position + 1}")
SUB_ACTIONS = ListOf(
    "sub_actions",
    lambda action: action.key or fold(action.action),
    lambda action: f"Action « {cut(action.action, 60)} »",
)
COLUMNS = ListOf(
    "columns",
    lambda column: column.key,
    lambda column: f"Colonne « {cut(column.words)} »",
    is_follow_up=is_followed,
)
GROUPS = ListOf("groups", lambda group: group.key, lambda group: f"Section « {cut(group.label)} »")
ROWS = ListOf("rows", lambda row: row.key, lambda row: f"Indicateur « {cut(row.label)} »", row_said)
TRACKING = ListOf(
    "tracking",
    lambda tracking: tracking.table.key or fold(tracking.table.title),
    lambda tracking: f"Tableau « {cut(tracking.table.title)} »",
    lambda tracking: said_of(tracking.table),
)
TRACKING_ROWS = ListOf(
    "rows",
    lambda row: row.key or row.position,
    lambda row: f"ligne {row.position + 1}",
    tracking_row_said,
)
