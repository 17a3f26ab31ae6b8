"""Saving the rows of a page as its forms left them: changed, added, put in order, removed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jalons.conventions.dossier.dropping import drop
from jalons.conventions.models.base import Droppable
from jalons.history.services import Actor, Stale, create_records, save_record


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row as somebody wants it: `record` None for a new one, `values` only what changes."""

    record: Any
    values: Mapping[str, Any]
    removed: bool = False


def save_rows(
    model: Any, owner: Mapping[str, Any], rows: Sequence[RowChange], by: Actor, reason: str = ""
) -> bool:
    """Save rows in the order given. `owner`: columns of the new ones. Returns whether anything changed.

    Raises `Stale` when one of them changed meanwhile: all or nothing is for the caller's transaction.
    """
    changed, new, position = False, [], 0
    for row in rows:
        if row.removed:
            if row.record is not None:
                take_out(row.record, by, reason)
                changed = True
            continue
        values = {**row.values, "position": position}
        position += 1
        if row.record is None:
            new.append(model(**owner, **values))
        else:
            changed |= save_changes(row.record, values, by, reason)
    create_records(records=new, by=by, reason=reason)
    return changed or bool(new)


def save_changes(record: Any, values: Mapping[str, Any], by: Actor, reason: str) -> bool:
    """Save what differs, if anything does. Raises `Stale`."""
    changes = {name: value for name, value in values.items() if getattr(record, name) != value}
    if not changes:
        return False
    for name, value in changes.items():
        setattr(record, name, value)
    save_record(record=record, by=by, reason=reason)
    return True


def take_out(record: Any, by: Actor, reason: str = "") -> None:
    """Remove a piece with its line of history; what bears facts is set aside instead. Raises `Stale`."""
    if isinstance(record, Droppable):
        drop(record, by, reason)
        return
    manager = type(record)._default_manager
    stands = manager.select_for_update().filter(pk=record.pk).first()
    if stands is None or stands.version != record.version:
        raise Stale(stands)
    record.changed_by, record.changed_for = by.user, by.organisation
    record._change_reason = reason
    record.delete()
