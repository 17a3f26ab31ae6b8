"""Carrying an amount of a sheet to the other places where it is written, all of them or none."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from jalons.conventions.alerts.after_write import touched
from jalons.conventions.enums import AlertScope
from jalons.conventions.models import AnnexLine, BudgetAmount, Commitment, Convention, PlannedAction
from jalons.conventions.money.carrying.selectors import Carried
from jalons.conventions.text.services import figure
from jalons.core.values import format_euros
from jalons.history.services import Actor, correct_all, save_record

REASON = "Montant reporté depuis la fiche"


@transaction.atomic
def carry_amounts(*, commitment: Commitment, chosen: Sequence[Carried], by: Actor) -> int:
    """Write the amounts chosen. Answers how many. Raises `Stale` when one of them changed meanwhile."""
    changed: dict[int, Any] = {}
    corrections = []
    for line in chosen:
        if isinstance(line.record, BudgetAmount):
            values = {"raw": format_euros(line.after), "amount": Decimal(line.after)}
            corrections.append((line.record, values))
        else:
            set_amount(line)
            changed[id(line.record)] = line.record
    correct_all(changes=corrections, by=by, reason=REASON)
    for record in changed.values():
        save_record(record=record, by=by, reason=REASON, expected_version=record.version)
    if chosen:
        touched(convention=commitment.convention, scopes=[AlertScope.MONEY, AlertScope.STRUCTURE])
    return len(chosen)


def set_amount(carried: Carried) -> None:
    """On the record in memory; what else the printed figure says stays."""
    record, part, new = carried.record, carried.part, figure(carried.after) or {}
    if isinstance(record, AnnexLine):
        record.figures = {**record.figures, part: {**(record.figures.get(part) or {}), **new}}
    elif isinstance(record, PlannedAction):
        record.amount = {**(record.amount or {}), **new}
    elif isinstance(record, Convention) and part:
        record.amounts = {**record.amounts, part: {**record.amounts[part], **new}}
    elif isinstance(record, Convention):
        record.heading_amount = {**(record.heading_amount or {}), **new}
