"""Writing the money of a fiche: lines, amounts that are facts, sub-budgets that stand under one another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from jalons.conventions.alerts.after_write import touched
from jalons.conventions.dossier.dates import cell_day
from jalons.conventions.dossier.row_changes import save_changes, take_out
from jalons.conventions.enums import AlertScope, Stage
from jalons.conventions.models import BudgetAmount, BudgetLine, Commitment, SubBudget
from jalons.history.services import Actor, correct_all, create_records, enter_all, save_record


@dataclass(frozen=True, slots=True)
class AmountTold:
    """What one funder brings. `stands`: the version that was under the eyes; without words, it is withdrawn."""

    part: str
    raw: str
    amount: Decimal | None
    stands: BudgetAmount | None = None


@dataclass(frozen=True, slots=True)
class LineTold:
    """A line of the budget: `values` and `amounts` only what changes."""

    line: BudgetLine | None
    values: Mapping[str, Any]
    amounts: Sequence[AmountTold] = ()
    removed: bool = False


@dataclass(frozen=True, slots=True)
class PartTold:
    """A sub-budget at its `level` (0: of the fiche; 1: « dont » of the one above…)."""

    record: SubBudget | None
    level: int
    values: Mapping[str, Any]
    removed: bool = False


@transaction.atomic
def write_budget(
    *,
    commitment: Commitment,
    lines: Sequence[LineTold],
    by: Actor,
    headers: Mapping[str, Any] | None = None,
    reason: str = "",
) -> bool:
    """Change the lines, in the order given. Only the amounts that change make a version.

    Raises `Stale` when a line or an amount changed meanwhile; then nothing is written.
    """
    changed = save_changes(commitment, headers or {}, by, reason)
    position = 0
    written: list[tuple[BudgetLine, LineTold]] = []
    for typed_line in lines:
        if typed_line.removed:
            if typed_line.line is not None:
                take_out(typed_line.line, by, reason)
                changed = True
            continue
        values = {**typed_line.values, "position": position}
        position += 1
        line = typed_line.line or BudgetLine(commitment=commitment)
        if typed_line.line is None:
            for name, value in values.items():
                setattr(line, name, value)
            create_records(records=[line], by=by, reason=reason)
            changed = True
        else:
            changed |= save_changes(line, values, by, reason)
        written.append((line, typed_line))
    changed |= write_amounts(commitment, written, by, reason)
    if changed:
        touched(
            convention=commitment.convention,
            sheets=[commitment],
            scopes=[AlertScope.MONEY, AlertScope.STRUCTURE],
        )
    return changed


def write_amounts(
    commitment: Commitment, lines: Sequence[tuple[BudgetLine, LineTold]], by: Actor, reason: str
) -> bool:
    new: list[BudgetAmount] = []
    changes: list[tuple[BudgetAmount, dict[str, Any]]] = []
    for line, typed_line in lines:
        for amount in typed_line.amounts:
            if amount.stands is None and amount.raw:
                new.append(first_version(commitment, line, amount))
            elif amount.stands is not None and not amount.raw:
                changes.append((amount.stands, {"withdrawn": True}))
            elif amount.stands is not None and differs(amount):
                changes.append((amount.stands, {"raw": amount.raw, "amount": amount.amount}))
    enter_all(facts=new, by=by)
    correct_all(changes=changes, by=by, reason=reason)
    return bool(new or changes)


def differs(amount_told: AmountTold) -> bool:
    return amount_told.stands is None or (amount_told.stands.raw, amount_told.stands.amount) != (
        amount_told.raw,
        amount_told.amount,
    )


def first_version(commitment: Commitment, line: BudgetLine, amount_told: AmountTold) -> BudgetAmount:
    return BudgetAmount(
        line=line,
        part=amount_told.part,
        stage=Stage.PLANNED,
        raw=amount_told.raw,
        amount=amount_told.amount,
        valid_on=cell_day(line, otherwise=commitment.convention.year, start=True),
    )


# --- sub-budgets -----------------------------------------------------------------------------------------------


@transaction.atomic
def write_sub_budgets(
    *, commitment: Commitment, parts: Sequence[PartTold], by: Actor, reason: str = ""
) -> bool:
    """Change what the money of the fiche is divided into, in the order given.

    A part is under the nearest one above it that is of a lower level. Raises `Stale`.
    """
    changed = False
    above: list[SubBudget] = []
    for position, part in enumerate(part for part in parts if not part.removed):
        del above[part.level :]
        parent = above[-1] if above else None
        record = part.record or SubBudget(commitment=commitment)
        values = {**part.values, "position": position, "parent": parent}
        if part.record is None:
            for name, value in values.items():
                setattr(record, name, value)
            save_record(record=record, by=by, reason=reason)
            changed = True
        else:
            changed |= save_changes(record, values, by, reason)
        above.append(record)
    changed |= remove_parts(
        [part.record for part in parts if part.removed and part.record is not None], by, reason
    )
    if changed:
        touched(convention=commitment.convention, sheets=[commitment], scopes=[AlertScope.MONEY])
    return changed


def remove_parts(gone: Sequence[SubBudget], by: Actor, reason: str) -> bool:
    """The inner ones first."""
    left = list(gone)
    while left:
        parents = {part.parent_id for part in left}
        leaf = next(part for part in left if part.pk not in parents)
        take_out(leaf, by, reason)
        left.remove(leaf)
    return bool(gone)
