"""A convention, whole, in memory: read from the base, from a file, or from a frozen edition.

Checks, reconciliation, documents and exports work on it and nothing else, so that what is frozen is read exactly as
what is being written. Its objects are models, saved or not; relations are found by `key`, never by primary key.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from jalons.conventions.enums import Stage
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
from jalons.core.values import Number

TOTAL = "total"


@dataclass
class BudgetRow:
    """A line of the budget of a sheet and what each funder brings to it, by (part, stage)."""

    line: BudgetLine
    amounts: dict[tuple[str, str], BudgetAmount] = field(default_factory=dict)

    def euros(self, part: str, stage: str = Stage.PLANNED) -> Number | None:
        amount = self.amounts.get((part, stage))
        return amount.euros if amount else None

    @property
    def parts(self) -> list[str]:
        """Its funders, as written, the total left aside."""
        return list(dict.fromkeys(part for part, _ in self.amounts if part != TOTAL))


@dataclass
class Tracking:
    table: TrackingTable
    rows: list[TrackingRow] = field(default_factory=list)


@dataclass
class Sheet:
    """A commitment with everything printed on it. `cells` by (key of row, key of column).

    When several Départements sign (`owners.give_owners`): `owner_party`: whose sheet it is; `departement`: its code;
    `owner`: its name, given by the checks.
    """

    commitment: Commitment
    parent_key: str = ""
    owner: str = ""
    owner_party: Party | None = None
    departement: str = ""
    resume: list[ResumeRow] = field(default_factory=list)
    sub_actions: list[SubAction] = field(default_factory=list)
    budget: list[BudgetRow] = field(default_factory=list)
    sub_budgets: list[SubBudget] = field(default_factory=list)  # nested ones follow theirs
    columns: list[MatrixColumn] = field(default_factory=list)
    groups: list[MatrixGroup] = field(default_factory=list)
    rows: list[MatrixRow] = field(default_factory=list)  # details follow their row
    cells: dict[tuple[str, str], Cell] = field(default_factory=dict)
    tracking: list[Tracking] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.commitment.key

    def cell(self, row: MatrixRow, column: MatrixColumn) -> Cell | None:
        return self.cells.get((row.key, column.key))

    def cells_of(self, row: MatrixRow) -> Iterator[tuple[MatrixColumn, Cell | None]]:
        for column in self.columns:
            yield column, self.cells.get((row.key, column.key))

    def depth(self, row: MatrixRow) -> int:
        depth, above = 0, row.parent
        while above is not None:
            depth, above = depth + 1, above.parent
        return depth

    def children(self, row: MatrixRow) -> list[MatrixRow]:
        return [child for child in self.rows if child.parent is not None and child.parent.key == row.key]


@dataclass
class TableContent:
    table: AnnexTable
    lines: list[AnnexLine] = field(default_factory=list)


@dataclass
class AnnexContent:
    annex: Annex
    tables: list[TableContent] = field(default_factory=list)

    @property
    def lines(self) -> Iterator[AnnexLine]:
        for table in self.tables:
            yield from table.lines


@dataclass
class DeliberationContent:
    deliberation: Deliberation
    amounts: list[AuthorisedAmount] = field(default_factory=list)
    lines: list[AccountingLine] = field(default_factory=list)


@dataclass
class Dossier:
    """One convention with all that belongs to it."""

    convention: Convention
    parties: list[Party] = field(default_factory=list)
    references: list[LegalReference] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)
    actions: list[PlannedAction] = field(default_factory=list)  # of the article on payment, then the lists
    sheets: list[Sheet] = field(default_factory=list)
    missing: list[MissingSheet] = field(default_factory=list)
    annexes: list[AnnexContent] = field(default_factory=list)
    deliberations: list[DeliberationContent] = field(default_factory=list)
    council_codes: dict[int, str] = field(default_factory=dict)  # by id of a party that signs: see `owners`

    @property
    def planned(self) -> list[PlannedAction]:
        """The actions of the article on payment."""
        return [action for action in self.actions if not action.listed]

    @property
    def listed(self) -> list[PlannedAction]:
        return [action for action in self.actions if action.listed]

    @cached_property
    def by_key(self) -> dict[str, Sheet]:
        return {sheet.key: sheet for sheet in self.sheets}

    @property
    def mothers(self) -> list[Sheet]:
        """The sheets whose money counts: a theme is part of its mother's."""
        return [sheet for sheet in self.sheets if not sheet.parent_key]

    def themes(self, sheet: Sheet) -> list[Sheet]:
        return [theme for theme in self.sheets if theme.parent_key == sheet.key]

    def clause(self, name: str) -> Clause | None:
        return next((clause for clause in self.clauses if clause.name == name), None)

    @property
    def year(self) -> int | None:
        return self.convention.year


@dataclass
class File:
    """An exchange file: its conventions, and what belongs to none of them (`kept`)."""

    dossiers: list[Dossier] = field(default_factory=list)
    deliberations: list[DeliberationContent] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)

    def dossier(self, slug: str) -> Dossier | None:
        return next((dossier for dossier in self.dossiers if dossier.convention.slug == slug), None)


def with_sheet(dossier: Dossier) -> set[str]:
    return {str(number) for sheet in dossier.sheets for number in sheet.commitment.numbers}


def without_sheet(dossier: Dossier) -> set[str]:
    """Numbers that the annexes name and that no sheet bears."""
    named = {missing.number for missing in dossier.missing if missing.number}
    named |= {line.number for annex in dossier.annexes for line in annex.lines if line.number}
    return named - with_sheet(dossier)


# Where the transcription read what it wrote: of no use to Jalons, and given back.
TRACES = frozenset(["source_line", "source_lines", "header_source_lines", "notes_transcription"])
