"""The columns, sections and rows of the indicators of a sheet. What bears figures is taken out, never deleted."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction

from jalons.conventions.alerts.after_write import touched
from jalons.conventions.dossier.dropping import drop
from jalons.conventions.enums import AlertScope, ColumnMeasure
from jalons.conventions.models import Commitment, Convention, MatrixColumn, MatrixGroup, MatrixRow
from jalons.conventions.models.sheets import new_key
from jalons.editing.refusals import Refused
from jalons.history.models import Record
from jalons.history.services import Actor, save_record
from jalons.indicators.enums import AcrossTime, Nature, ValueType
from jalons.indicators.models import Indicator

SCOPES = (AlertScope.INDICATORS, AlertScope.STRUCTURE)
# As sheets print them.
MONTHS = (
    *("JANVIER", "FEVRIER", "MARS", "AVRIL", "MAI", "JUIN"),
    *("JUILLET", "AOUT", "SEPTEMBRE", "OCTOBRE", "NOVEMBRE", "DECEMBRE"),
)
# Of an indicator, what is told with a row; its label is that of the row.
IDENTITY = ("value_type", "unit", "counted", "direction", "nature")


# Columns -----------------------------------------------------------------------------------------------------


@transaction.atomic
def set_column(
    *,
    commitment: Commitment,
    column: MatrixColumn | None,
    values: Mapping[str, Any],
    after: MatrixColumn | None,
    by: Actor,
    expected_version: int | None = None,
) -> MatrixColumn:
    """Add a column (`column` None) or change one; it stands after `after`, or first. Raises `Stale`."""
    saved = write_column(commitment, column, values, after, by, expected_version)
    touched(convention=commitment.convention, sheets=[commitment], scopes=SCOPES)
    return saved


def write_column(
    commitment: Commitment,
    column: MatrixColumn | None,
    values: Mapping[str, Any],
    after: MatrixColumn | None,
    by: Actor,
    expected_version: int | None = None,
) -> MatrixColumn:
    """The same, for who runs the rules once for several."""
    piece = column or MatrixColumn(commitment=commitment, key=new_key("colonne"))
    assign(piece, values)
    saved = save_record(record=piece, by=by, expected_version=expected_version)
    place(saved, after, list(commitment.columns.filter(dropped=False)), by)
    return saved


@transaction.atomic
def drop_column(*, column: MatrixColumn, by: Actor, expected_version: int | None = None) -> None:
    """Take a column out of the page: its figures stay in the base, and in the history of each cell."""
    commitment = column.commitment
    take_out(column, by, expected_version)
    touched(convention=commitment.convention, sheets=[commitment], scopes=SCOPES)


@transaction.atomic
def add_actual(*, commitment: Commitment, on: dt.date, by: Actor) -> tuple[MatrixColumn, bool]:
    """« Réalisé à date »: a column under the header of the year, after its objective, as of the month of `on`.

    Once the year is over it covers it whole. Answers the column and whether it is new: asked twice, it is the same.
    Raises `Refused` before the year begins.
    """
    column, is_new = actual_column(commitment, on, by)
    if is_new:
        touched(convention=commitment.convention, sheets=[commitment], scopes=SCOPES)
    return column, is_new


@transaction.atomic
def add_to_all(
    *,
    convention: Convention,
    commitments: Sequence[Commitment],
    measure: ColumnMeasure,
    on: dt.date,
    by: Actor,
) -> int:
    """One column more in the indicators of each of these sheets: « réalisé » as of `on`, or the account of the year.

    Those that have it already are left as they are. Answers how many were added. Raises `Refused`.
    """
    added = 0
    for commitment in commitments:
        commitment.convention = convention
        make = actual_column if measure == ColumnMeasure.ACTUAL else account_column
        added += make(commitment, on, by)[1]
    if added:
        touched(convention=convention, sheets=commitments, scopes=SCOPES)
    return added


def account_column(commitment: Commitment, on: dt.date, by: Actor) -> tuple[MatrixColumn, bool]:
    """« Bilan » of the year of the convention, after its other columns."""
    hold(commitment)
    columns = list(commitment.columns.filter(dropped=False))
    year = commitment.convention.year or on.year
    for column in columns:
        if column.year == year and column.measure == ColumnMeasure.ACCOUNT and not column.partial:
            return column, False
    header, subheader, last = headed(columns, year, f"BILAN {year}")
    values = {"header": header, "subheader": subheader, "year": year, "measure": ColumnMeasure.ACCOUNT}
    return write_column(commitment, None, values, last, by), True


def hold(commitment: Commitment) -> None:
    """Two people who ask at once make one column."""
    list(Commitment.objects.filter(pk=commitment.pk).select_for_update(no_key=True).values("pk"))


def headed(columns: list[MatrixColumn], year: int, words: str) -> tuple[str, str, MatrixColumn | None]:
    """Header and sub-header of one more column of a year, and the column that it follows."""
    of_year = [column for column in columns if column.year == year]
    last = next((column for column in reversed(of_year) if column.measure), None)
    last = last or (of_year[-1] if of_year else columns[-1] if columns else None)
    two_levels = next((column for column in of_year if column.subheader), None)
    header, subheader = (two_levels.header, words) if two_levels else (words, "")
    return header, subheader, last


def actual_column(commitment: Commitment, on: dt.date, by: Actor) -> tuple[MatrixColumn, bool]:
    hold(commitment)
    columns = list(commitment.columns.filter(dropped=False))
    year = commitment.convention.year or on.year
    if on.year < year:
        raise Refused(f"L’année {year} n’est pas commencée.")
    over = on >= dt.date(year, 12, 31)
    as_of = "" if over else f"{year}-{on.month:02}"
    words = f"REALISE {year}" if over else f"REALISE {MONTHS[on.month - 1]} {year}"
    for column in columns:
        if column.year == year and column.measure == ColumnMeasure.ACTUAL and column.as_of == as_of:
            return column, False
    header, subheader, last = headed(columns, year, words)
    values = {
        "header": header,
        "subheader": subheader,
        "year": year,
        "measure": ColumnMeasure.ACTUAL,
        "as_of": as_of,
        "partial": None if over else True,
    }
    return write_column(commitment, None, values, last, by), True


# Sections and rows -------------------------------------------------------------------------------------------


@transaction.atomic
def set_group(
    *,
    commitment: Commitment,
    group: MatrixGroup | None,
    label: str,
    by: Actor,
    expected_version: int | None = None,
) -> MatrixGroup:
    piece = group or MatrixGroup(
        commitment=commitment, key=new_key("section"), position=next_place(commitment.groups)
    )
    piece.label = label
    saved = save_record(record=piece, by=by, expected_version=expected_version)
    touched(convention=commitment.convention, sheets=[commitment], scopes=SCOPES)
    return saved


@transaction.atomic
def remove_group(*, group: MatrixGroup, by: Actor) -> None:
    """Its rows stay, without a section."""
    commitment = group.commitment
    for row in group.rows.all():
        row.group = None
        save_record(record=row, by=by)
    group.changed_by, group.changed_for = by.user, by.organisation
    group.delete()
    touched(convention=commitment.convention, sheets=[commitment], scopes=SCOPES)


@transaction.atomic
def set_row(
    *,
    commitment: Commitment,
    row: MatrixRow | None,
    values: Mapping[str, Any],
    after: MatrixRow | None,
    by: Actor,
    expected_version: int | None = None,
) -> MatrixRow:
    """Add a row (`row` None) or change one. `values`: columns of the row, and those of its indicator (`IDENTITY`).

    Another label is another wording of the same indicator: the former stays in its history. `after`: the row that it
    follows among those of the same parent; None: first. Raises `Stale`.
    """
    piece = row or MatrixRow(commitment=commitment, key=new_key("ligne"))
    assign(piece, {name: value for name, value in values.items() if name not in IDENTITY})
    piece.indicator = identity_of(piece, values, by)
    saved = save_record(record=piece, by=by, expected_version=expected_version)
    saved.commitment = commitment
    place(saved, after, list(commitment.rows.filter(dropped=False)), by, in_order=families)
    touched(convention=commitment.convention, sheets=[commitment], scopes=SCOPES)
    return saved


def identity_of(row: MatrixRow, values: Mapping[str, Any], by: Actor) -> Indicator:
    """The indicator of a row, as the row now words it."""
    indicator = row.indicator
    if indicator is None:
        indicator = Indicator(departement_id=row.commitment.convention.departement_id, shared=False)
    label = (row.label or row.breakdown or row.key)[:400]
    wanted: dict[str, Any] = {"label": label, **{name: values[name] for name in IDENTITY if name in values}}
    if indicator.pk and all(getattr(indicator, name) == value for name, value in wanted.items()):
        return indicator
    assign(indicator, wanted)
    if not indicator.pk:
        flows = indicator.nature == Nature.FLOW and indicator.value_type == ValueType.NUMBER
        indicator.across_time = AcrossTime.SUM if flows else AcrossTime.NONE
    return save_record(record=indicator, by=by)


@transaction.atomic
def drop_row(*, row: MatrixRow, by: Actor, expected_version: int | None = None) -> None:
    """Take a row and its details out of the page: their figures stay in the base."""
    commitment = row.commitment
    rows = list(commitment.rows.filter(dropped=False))
    going = [row]
    for dropped_row in going:
        going += [other for other in rows if other.parent_id == dropped_row.pk]
    take_out(row, by, expected_version)
    for dropped_row in going[1:]:
        take_out(dropped_row, by)
    touched(convention=commitment.convention, sheets=[commitment], scopes=SCOPES)


# -------------------------------------------------------------------------------------------------------------


def assign(record: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(record, name, value)


def take_out(piece: Any, by: Actor, expected_version: int | None = None) -> None:
    if expected_version is not None:
        piece.version = expected_version  # what `save_record` compares with what is stored
    drop(piece, by, reason="Ôtée du tableau")


def next_place(related: Any) -> int:
    last = related.order_by("position").last()
    return last.position + 1 if last else 0


def place(
    piece: Any,
    after: Any | None,
    all_of_them: Sequence[Any],
    by: Actor,
    in_order: Callable[[list[Any]], list[Any]] = list,
) -> None:
    """Puts a piece after another, and saves those whose place changes."""
    others = [other for other in all_of_them if other.pk != piece.pk]
    at = next((n + 1 for n, other in enumerate(others) if after is not None and other.pk == after.pk), 0)
    ordered = in_order([*others[:at], piece, *others[at:]])
    for position, item in enumerate(ordered):
        if item.position != position:
            item.position = position
            record: Record = item
            save_record(record=record, by=by)


def families(rows: list[MatrixRow]) -> list[MatrixRow]:
    """Sections together, each row followed by its details."""
    children: dict[int | None, list[MatrixRow]] = {}
    known = {row.pk for row in rows}
    for row in rows:
        children.setdefault(row.parent_id if row.parent_id in known else None, []).append(row)
    groups = list(dict.fromkeys(row.group_id for row in children.get(None, ())))
    ordered: list[MatrixRow] = []

    def add(row: MatrixRow) -> None:
        ordered.append(row)
        for child in children.get(row.pk, ()):
            add(child)

    for group in groups:
        for row in children.get(None, ()):
            if row.group_id == group:
                add(row)
    return ordered
