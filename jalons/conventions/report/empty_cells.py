"""What is left to fill in, and who owns it. A constant number of queries, whatever the number of conventions."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from jalons.conventions.dossier.attainment import measure_of
from jalons.conventions.dossier.columns import is_midyear
from jalons.conventions.enums import ColumnMeasure, ConventionState, Stage
from jalons.conventions.models import (
    BudgetAmount,
    BudgetLine,
    Cell,
    Commitment,
    Convention,
    MatrixColumn,
    MatrixRow,
)
from jalons.conventions.report.owners import Hole, Owners, with_next
from jalons.core import clock

ACCOUNT, OBJECTIVE, SPENT = "bilan", "objectif", "execute"
KINDS = {ACCOUNT: "Bilan", OBJECTIVE: "Objectif", SPENT: "Montant exécuté"}
MISSING_KINDS = ("empty",)
SILENT = ("", "empty")


@dataclass
class Holes:
    """`without_column`: sheets with indicators where nothing yet can receive the account of the year."""

    items: list[Hole] = field(default_factory=list)
    without_column: list[Commitment] = field(default_factory=list)
    accounted: set[tuple[int, int]] = field(
        default_factory=set
    )  # (sheet, year) with a column for the account

    def of(self, *kinds: str, year: int | None = None) -> list[Hole]:
        return [hole for hole in self.items if hole.kind in kinds and year in (None, hole.year)]


def is_voted(convention: Convention, voted: Iterable[int]) -> bool:
    return convention.state != ConventionState.DRAFT or convention.pk in set(voted)


def voted_among(conventions: Sequence[Convention], today: dt.date) -> set[int]:
    """Those that an assembly has voted, by what is written of its session."""
    through = Convention.objects.filter(
        pk__in=[convention.pk for convention in conventions], deliberations__session_on__lte=today
    )
    return set(through.values_list("pk", flat=True))


def empty_cells(
    conventions: Sequence[Convention],
    *,
    user: Any = None,
    today: dt.date | None = None,
) -> Holes:
    """What is missing in conventions, in the order of their sheets. `user`: of the sheets that they see.

    - of the year of each: results (« bilan », « réalisé »), objectives until the vote, executed amounts once over;
    - of the year before, for a convention opened from another: the accounts that it left to be filled in.
    A row that only heads details, a detail printed in the cell of its total, « ND » or « sans objet » miss nothing.
    """
    today = today or clock.today()
    by_pk = {convention.pk: convention for convention in conventions}
    sheets = Commitment.objects.all() if user is None else Commitment.objects.visible_to(user)
    sheets = sheets.filter(convention__in=list(by_pk))
    commitments = {sheet.pk: sheet for sheet in sheets.select_related("party").order_by("position", "pk")}
    for commitment in commitments.values():
        commitment.convention = by_pk[commitment.convention_id]
    owners = Owners(conventions)
    holes = Holes()
    voted = voted_among(conventions, today)
    expected = asked_columns(
        commitments, {pk for pk, convention in by_pk.items() if is_voted(convention, voted)}
    )
    fill_cells(holes, commitments, expected, owners)
    spent = [
        commitment
        for commitment in commitments.values()
        if is_voted(commitment.convention, voted)
        and commitment.convention.year
        and commitment.convention.year < today.year
    ]
    holes.items += amounts_missing(spent, owners)
    order = {pk: place for place, pk in enumerate(commitments)}

    def place(hole: Hole) -> int:
        """A sheet that was opened from another stands with it."""
        before = hole.commitment.previous_id
        return order[before] if before in order else order[hole.commitment.pk]

    holes.items.sort(key=place)
    return holes


def asked_columns(
    commitments: Mapping[int, Commitment], voted: set[int]
) -> dict[int, list[tuple[str, MatrixColumn]]]:
    """By sheet: the columns to fill in, and what they are."""
    columns_by_sheet: dict[int, list[tuple[str, MatrixColumn]]] = {pk: [] for pk in commitments}
    columns = MatrixColumn.objects.filter(commitment__in=list(commitments), dropped=False)
    for column in columns.order_by("position", "pk"):
        convention = commitments[column.commitment_id].convention
        measure, year = measure_of(column), convention.year
        if measure == ColumnMeasure.OBJECTIVE:
            if column.year in (year, None) and convention.pk not in voted:
                columns_by_sheet[column.commitment_id].append((OBJECTIVE, column))
        elif year is not None and measure:
            left = convention.previous_id is not None and column.year == year - 1
            if column.year == year or left:
                columns_by_sheet[column.commitment_id].append((ACCOUNT, column))
    return {pk: without_midyear(expected) for pk, expected in columns_by_sheet.items()}


def holes_of_columns(convention: Convention, kind: str) -> list[Hole]:
    """The objectives of the year that are missing, whether the convention is voted or not."""
    commitments = {
        commitment.pk: commitment for commitment in convention.commitments.order_by("position", "pk")
    }
    for commitment in commitments.values():
        commitment.convention = convention
    expected = {
        pk: [column for column in columns if column[0] == kind]
        for pk, columns in asked_columns(commitments, set()).items()
    }
    holes = Holes()
    fill_cells(holes, commitments, expected, Owners([convention]))
    return holes.items


def without_midyear(expected: list[tuple[str, MatrixColumn]]) -> list[tuple[str, MatrixColumn]]:
    """Once there is a column for the whole year, nobody is asked that of May."""
    full = {
        column.year
        for kind, column in expected
        if kind == ACCOUNT and not is_midyear(column, column.year or 0)
    }
    return [
        (kind, column)
        for kind, column in expected
        if kind != ACCOUNT or column.year not in full or not is_midyear(column, column.year or 0)
    ]


def fill_cells(
    holes: Holes,
    commitments: Mapping[int, Commitment],
    expected: Mapping[int, Sequence[tuple[str, MatrixColumn]]],
    owners: "Owners",
) -> None:
    known = MatrixRow.objects.filter(commitment__in=list(commitments), dropped=False)
    rows = list(known.select_related("group").order_by("position", "pk"))
    by_pk = {row.pk: row for row in rows}
    of_sheet: dict[int, list[MatrixRow]] = defaultdict(list)
    for row in rows:
        row.commitment = commitments[row.commitment_id]
        row.parent = by_pk.get(row.parent_id) if row.parent_id else None
        of_sheet[row.commitment_id].append(row)
    filled, speaking = said_cells(commitments)
    heads = {row.parent_id for row in rows if row.parent_id}
    speaking |= spoke_before([by_pk[pk] for pk in heads if pk in by_pk and pk not in speaking])
    for pk, commitment in commitments.items():
        mine = [row for row in of_sheet[pk] if row.pk not in heads or row.pk in speaking]
        accounts = {column.year for kind, column in expected[pk] if kind == ACCOUNT}
        holes.accounted |= {(pk, year) for year in accounts if year}
        if mine and commitment.convention.year not in accounts:
            holes.without_column.append(commitment)
        for kind, column in expected[pk]:
            for row in mine:
                if (row.pk, column.pk) not in filled:
                    year = column.year or commitment.convention.year or 0
                    holes.items.append(Hole(kind, year, commitment, owners.of_row(row), row, column))


def spoke_before(rows: Sequence[MatrixRow]) -> set[int]:
    """Of rows without a figure here, those whose indicator has one in another year."""
    indicators = {row.indicator_id for row in rows if row.indicator_id}
    if not indicators:
        return set()
    cells = Cell.objects.known().filter(row__indicator__in=sorted(indicators)).exclude(kind__in=SILENT)
    indicator_pks = set(cells.values_list("row__indicator_id", flat=True))
    return {row.pk for row in rows if row.indicator_id in indicator_pks}


def said_cells(commitments: Mapping[int, Commitment]) -> tuple[set[tuple[int, int]], set[int]]:
    """The cells that say something, and the rows that ever had a figure of their own.

    A cell without a kind is printed in that of its total: it is not asked again.
    """
    cells = Cell.objects.known().filter(row__commitment__in=list(commitments))
    filled: set[tuple[int, int]] = set()
    speaking: set[int] = set()
    for row, column, kind in cells.values_list("row_id", "column_id", "kind"):
        if kind not in MISSING_KINDS:
            filled.add((row, column))
        if kind not in SILENT:
            speaking.add(row)
    return filled, speaking


def amounts_missing(commitments: Sequence[Commitment], owners: "Owners") -> Iterator[Hole]:
    """The lines of the year with a planned amount, of which nobody said what was executed (« ND » is said)."""
    by_pk = {commitment.pk: commitment for commitment in commitments}
    lines = BudgetLine.objects.filter(commitment__in=list(by_pk), dropped=False).order_by("position", "pk")
    amounts = BudgetAmount.objects.known().filter(
        Q(stage=Stage.PLANNED, amount__isnull=False)
        | Q(stage=Stage.EXECUTED) & (Q(amount__isnull=False) | ~Q(raw="")),
        line__commitment__in=list(by_pk),
    )
    stages: dict[int, set[str]] = defaultdict(set)
    for pk, stage in amounts.values_list("line_id", "stage"):
        stages[pk].add(stage)
    for line in lines:
        commitment = by_pk[line.commitment_id]
        year = commitment.convention.year or 0
        if line.year in (None, year) and stages[line.pk] == {Stage.PLANNED}:
            yield Hole(SPENT, year, commitment, owners.of_money(commitment), line=line)


def holes_of(convention: Convention, user: Any = None, today: dt.date | None = None) -> Holes:
    """What is to be filled in for a convention: in its sheets, and the account of its year in those opened after."""
    holes = empty_cells(with_next(convention, user), user=user, today=today)
    return of_convention(holes, convention, Commitment.objects.filter(previous__convention=convention))


def of_convention(holes: Holes, convention: Convention, after: Iterable[Commitment]) -> Holes:
    mine = [
        hole
        for hole in holes.items
        if hole.commitment.convention_id == convention.pk
        or (hole.kind == ACCOUNT and hole.year == convention.year)
    ]
    year = convention.year or 0
    opened = {commitment.previous_id for commitment in after if (commitment.pk, year) in holes.accounted}
    without = [
        commitment
        for commitment in holes.without_column
        if commitment.convention_id == convention.pk and commitment.pk not in opened
    ]
    return Holes(mine, without, holes.accounted)
