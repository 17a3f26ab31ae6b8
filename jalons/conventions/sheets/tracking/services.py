"""Writing the tracking tables of a fiche."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from jalons.conventions.alerts.after_write import touched
from jalons.conventions.dossier.row_changes import RowChange, save_changes, save_rows
from jalons.conventions.enums import AlertScope
from jalons.conventions.models import Commitment, TrackingRow, TrackingTable
from jalons.conventions.models.sheets import new_key
from jalons.history.services import Actor, save_record

SCOPES = (AlertScope.INDICATORS, AlertScope.STRUCTURE)


@transaction.atomic
def add_tracking(
    *,
    commitment: Commitment,
    title: str,
    columns: Sequence[Mapping[str, Any]],
    checks: Sequence[Mapping[str, Any]],
    by: Actor,
) -> TrackingTable:
    """A new table, without rows. `columns`: `{"key", "header", "kind"}`; `checks` as in the exchange format."""
    last = commitment.tracking_tables.aggregate(last=Max("position"))["last"]
    table = TrackingTable(
        commitment=commitment,
        key=new_key(f"{commitment.key[:80]}-tt"),
        title=title,
        columns=[dict(column) for column in columns],
        checks=[dict(check) for check in checks],
        position=0 if last is None else last + 1,
    )
    save_record(record=table, by=by)
    touched(convention=commitment.convention, sheets=[commitment], scopes=SCOPES)
    return table


@transaction.atomic
def write_tracking(
    *,
    table: TrackingTable,
    values: Mapping[str, Any],
    rows: Sequence[RowChange],
    by: Actor,
    reason: str = "",
) -> bool:
    """Change the table (`values`) and its rows, in the order given. Raises `Stale`."""
    changed = save_changes(table, values, by, reason)
    changed |= save_rows(TrackingRow, {"table": table}, rows, by, reason)
    if changed:
        commitment = table.commitment
        touched(convention=commitment.convention, sheets=[commitment], scopes=SCOPES)
    return changed
