"""A whole convention from the base, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from functools import partial
from itertools import chain
from operator import attrgetter
from typing import Any

from django.utils.functional import SimpleLazyObject

from jalons.conventions.dossier.content import (
    AnnexContent,
    BudgetRow,
    DeliberationContent,
    Dossier,
    File,
    Sheet,
    TableContent,
    Tracking,
)
from jalons.conventions.dossier.owners import give_owners
from jalons.conventions.models import (
    AccountingLine,
    Annex,
    AnnexLine,
    AnnexTable,
    Article,
    AuthorisedAmount,
    BudgetAmount,
    BudgetLine,
    Cell,
    Clause,
    Commitment,
    Convention,
    Deliberation,
    LegalReference,
    MatrixColumn,
    MatrixGroup,
    MatrixRow,
    MissingSheet,
    Party,
    PlannedAction,
    ResumeRow,
    SubAction,
    SubBudget,
    TrackingRow,
    TrackingTable,
)
from jalons.conventions.models.base import Droppable
from jalons.conventions.models.text import USUAL
from jalons.core.values import Spellings, spellings_of
from jalons.history.querysets import NOW, AsOf, described, read_by_keys


def convention_at(convention: Convention, at: AsOf = NOW) -> Convention | None:
    """The record as it was written then; None while Jalons did not have it. Seats are rights: those of today."""
    if at.instant is None:
        return convention
    versions = described(Convention, at, "departement", "previous", id=convention.pk)
    for then in versions:
        seats = getattr(convention, "_prefetched_objects_cache", {}).get("seats")
        if seats is not None:
            then._prefetched_objects_cache = {"seats": seats}
        then.spellings = SimpleLazyObject(partial(spellings_at, then, at))
    return versions[0] if versions else None


def spellings_at(convention: Convention, at: AsOf) -> Spellings:
    """`Convention.spellings`, of the words that were known then."""
    dossier = Dossier(convention)
    read_annexes(dossier, at)
    sheets = sheets_at(convention, at)
    rows = described(MatrixRow, at, commitment__in=[sheet.pk for sheet in sheets])
    return spellings_of(
        [
            *USUAL,
            *chain.from_iterable(article.texts for article in described(Article, at, convention=convention)),
            *(line.label for annex in dossier.annexes for line in annex.lines),
            *(sheet.title for sheet in sheets),
            *(row.label for row in rows),
        ]
    )


def read_dossier(
    convention: Convention, at: AsOf = NOW, *, sheets: Iterable[Commitment] | None = None
) -> Dossier:
    """The whole convention, as it was known at `at.known`: figures, amounts and words. See ADR 0020.

    `sheets`: only these (and nothing of the others), for a page that shows one. `convention`: see `convention_at`.
    """
    dossier = read_words(convention, at)
    dossier.references = described(LegalReference, at, convention=convention)
    dossier.articles = described(Article, at, convention=convention)
    dossier.clauses = described(Clause, at, convention=convention)
    dossier.missing = described(MissingSheet, at, convention=convention)
    owned: Any
    for owned in (*dossier.parties, *dossier.references, *dossier.clauses, *dossier.actions):
        owned.convention = convention
    read_sheets(dossier, sheets_at(convention, at, sheets), at)
    read_annexes(dossier, at)
    read_deliberations(dossier, at)
    return dossier


def sheets_alone(convention: Convention, sheets: list[Commitment]) -> Dossier:
    """Nothing but these, as they stand."""
    dossier = Dossier(convention)
    read_sheets(dossier, sheets, NOW)
    return dossier


def read_words(convention: Convention, at: AsOf) -> Dossier:
    """A dossier with its parties and its financed actions, which every page of money needs."""
    return Dossier(
        convention,
        parties=described(Party, at, "departement", "organisation", convention=convention),
        actions=described(PlannedAction, at, convention=convention),
    )


def sheets_at(
    convention: Convention, at: AsOf = NOW, visible: Iterable[Commitment] | None = None
) -> list[Commitment]:
    """The sheets of then, in order; `visible`: those of today that the reader may see, None for all of them."""
    if at.instant is None and visible is not None:
        return list(visible)
    sheets: list[Commitment] = described(Commitment, at, "parent", "party", "action", convention=convention)
    if visible is None:
        return sheets
    visible_pks = {commitment.pk for commitment in visible}
    return [commitment for commitment in sheets if commitment.pk in visible_pks]


def read_sheets(dossier: Dossier, commitments: list[Commitment], at: AsOf) -> None:
    by_pk = attach_sheets(dossier, commitments)
    read_pieces(dossier, by_pk, at)
    read_budget(dossier, by_pk, at)
    read_matrix(dossier, by_pk, at)
    read_tracking(dossier, by_pk, at)


def read_sheets_with_money(dossier: Dossier, commitments: list[Commitment], at: AsOf) -> None:
    """The same with nothing but their budget, for a page that shows many of them: no cell is read."""
    read_budget(dossier, attach_sheets(dossier, commitments), at)


def attach_sheets(dossier: Dossier, commitments: list[Commitment]) -> dict[Any, Commitment]:
    """The empty sheets of the dossier; answers them by primary key."""
    by_pk = {commitment.pk: commitment for commitment in commitments}
    parties = {party.pk: party for party in dossier.parties}
    for commitment in commitments:
        commitment.convention = dossier.convention
        mother = by_pk.get(commitment.parent_id) if commitment.parent_id else None
        if mother is not None:
            commitment.parent = mother
        if commitment.party_id in parties:
            commitment.party = parties[commitment.party_id]
        key = (commitment.parent.key if commitment.parent else "") if commitment.parent_id else ""
        dossier.sheets.append(Sheet(commitment, parent_key=key))
    return by_pk


def grouped(rows: Iterable[Any], column: str) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, column)].append(row)
    return groups


def standing(model: Any, at: AsOf, *related: str, **where: Any) -> list[Any]:
    """What was not taken out."""
    rows = described(model, at, *related, **where)
    return [row for row in rows if not row.dropped] if issubclass(model, Droppable) else rows


def of_sheets(
    model: Any, by_pk: dict[Any, Commitment], at: AsOf = NOW, *related: str
) -> dict[Any, list[Any]]:
    """Rows by sheet, each with its commitment at hand."""
    rows = standing(model, at, *related, commitment__in=list(by_pk))
    for row in rows:
        row.commitment = by_pk[row.commitment_id]
    return grouped(rows, "commitment_id")


def facts_of(model: Any, at: AsOf, name: str, keys: Iterable[int]) -> list[Any]:
    """Those known then where `name` is one of `keys`."""

    def build(keys: list[int]) -> Any:
        return model.objects.known(at).filter(**{name: keys})

    return read_by_keys((model, name), build, list(keys)) if at.instant is None else list(build(list(keys)))


def read_pieces(dossier: Dossier, by_pk: dict[Any, Commitment], at: AsOf) -> None:
    resume, actions = of_sheets(ResumeRow, by_pk, at), of_sheets(SubAction, by_pk, at)
    budgets = of_sheets(SubBudget, by_pk, at)
    for sheet in dossier.sheets:
        pk = sheet.commitment.pk
        sheet.resume, sheet.sub_actions, sheet.sub_budgets = resume[pk], actions[pk], budgets[pk]
        related_to_each_other(sheet.sub_budgets)


def related_to_each_other(rows: list[Any]) -> None:
    """Their `parent`, without asking the base for each."""
    known = {row.pk: row for row in rows}
    for row in rows:
        row.parent = known.get(row.parent_id)


def read_budget(dossier: Dossier, by_pk: dict[Any, Commitment], at: AsOf) -> None:
    lines = of_sheets(BudgetLine, by_pk, at)
    by_line = {line.pk: line for rows in lines.values() for line in rows}
    amounts: dict[Any, dict[tuple[str, str], BudgetAmount]] = defaultdict(dict)
    for amount in sorted(facts_of(BudgetAmount, at, "line__commitment__in", by_pk), key=attrgetter("pk")):
        if amount.line_id not in by_line:
            continue  # of a line taken out
        amount.line = by_line[amount.line_id]
        amounts[amount.line_id][amount.part, amount.stage] = amount
    for sheet in dossier.sheets:
        sheet.budget = [BudgetRow(line, amounts[line.pk]) for line in lines[sheet.commitment.pk]]
    give_owners(dossier)


def read_matrix(dossier: Dossier, by_pk: dict[Any, Commitment], at: AsOf) -> None:
    columns, groups = of_sheets(MatrixColumn, by_pk, at), of_sheets(MatrixGroup, by_pk, at)
    by_sheet = of_sheets(MatrixRow, by_pk, at, "indicator")
    column_of = {column.pk: column for sheet_columns in columns.values() for column in sheet_columns}
    group_of = {group.pk: group for sheet_groups in groups.values() for group in sheet_groups}
    row_of: dict[Any, tuple[Sheet, MatrixRow]] = {}
    for sheet in dossier.sheets:
        pk = sheet.commitment.pk
        sheet.columns, sheet.groups, sheet.rows = columns[pk], groups[pk], by_sheet[pk]
        related_to_each_other(sheet.rows)
        for row in sheet.rows:
            row.group = group_of.get(row.group_id)
            row_of[row.pk] = (sheet, row)
    for cell in facts_of(Cell, at, "row__commitment__in", by_pk):
        if cell.row_id not in row_of or cell.column_id not in column_of:
            continue  # of a row or a column taken out
        sheet, row = row_of[cell.row_id]
        cell.row, cell.column = row, column_of[cell.column_id]
        sheet.cells[row.key, cell.column.key] = cell


def read_tracking(dossier: Dossier, by_pk: dict[Any, Commitment], at: AsOf) -> None:
    tables = of_sheets(TrackingTable, by_pk, at)
    by_table = {table.pk: table for sheet_tables in tables.values() for table in sheet_tables}
    rows = described(TrackingRow, at, table__in=list(by_table)) if by_table else []
    for row in rows:
        row.table = by_table[row.table_id]
    found_rows = grouped(rows, "table_id")
    for sheet in dossier.sheets:
        sheet.tracking = [Tracking(table, found_rows[table.pk]) for table in tables[sheet.commitment.pk]]


def read_annexes(dossier: Dossier, at: AsOf = NOW) -> None:
    annexes = {annex.pk: annex for annex in described(Annex, at, convention=dossier.convention)}
    if not annexes:
        return
    tables = {table.pk: table for table in described(AnnexTable, at, annex__in=list(annexes))}
    lines = described(AnnexLine, at, table__in=list(tables))
    for table in tables.values():
        table.annex = annexes[table.annex_id]
    for line in lines:
        line.table = tables[line.table_id]
    of_table, of_annex = grouped(lines, "table_id"), grouped(tables.values(), "annex_id")
    for annex in annexes.values():
        contents = [TableContent(table, of_table[table.pk]) for table in of_annex[annex.pk]]
        dossier.annexes.append(AnnexContent(annex, contents))


def deliberations_at(convention: Convention, at: AsOf = NOW, *related: str) -> list[Deliberation]:
    """Those that are about it today, as they were written then: which ones are has no history."""
    return described(Deliberation, at, "party", *related, id__in=linked(convention))


def linked(convention: Convention) -> list[int]:
    through = Deliberation.conventions.through.objects.filter(convention=convention)
    return list(through.values_list("deliberation", flat=True))


def read_deliberations(dossier: Dossier, at: AsOf = NOW) -> None:
    deliberations = deliberations_at(dossier.convention, at)
    if not deliberations:
        return
    pks = [deliberation.pk for deliberation in deliberations]
    amounts = grouped(described(AuthorisedAmount, at, deliberation__in=pks), "deliberation_id")
    lines = grouped(described(AccountingLine, at, deliberation__in=pks), "deliberation_id")
    dossier.deliberations = [
        DeliberationContent(deliberation, amounts[deliberation.pk], lines[deliberation.pk])
        for deliberation in deliberations
    ]


def file_of(slug: str, at: AsOf = NOW) -> File | None:
    """One convention as a file, with what its own file said beside it. None when Jalons has none of this name."""
    convention = Convention.objects.select_related("source", "departement").filter(slug=slug).first()
    then = convention_at(convention, at) if convention is not None else None
    if convention is None or then is None:
        return None
    dossier = read_dossier(then, at)
    beside = convention.source.kept if convention.source else {}
    return File([dossier], dossier.deliberations, dict(beside))
