"""Writing what an assembly voted: the deliberation, the amounts it authorises, its accounting lines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from jalons.conventions.alerts.after_write import touched
from jalons.conventions.enums import AlertScope
from jalons.conventions.models import AccountingLine, AuthorisedAmount, Convention, Deliberation
from jalons.conventions.models.printed import euros
from jalons.conventions.votes.arithmetic import SIDES, GroupVote, groups_of
from jalons.core.values import Number, format_euros
from jalons.history.services import Actor, save_record

SCOPES = (AlertScope.DELIBERATION, AlertScope.MONEY, AlertScope.DATES)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is authorised for one convention, named by its identifier in Jalons or by any words."""

    convention_key: str
    amount: Number | None
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Accounted:
    """`amounts`: by column of the exchange format (`autorises`, `deja_contractes`, `proposes`)."""

    operation: str
    envelope: str
    amounts: Mapping[str, Number | None]


@transaction.atomic
def save_deliberation(
    *,
    deliberation: Deliberation,
    columns: Mapping[str, Any],
    groups: Sequence[GroupVote],
    allowed: Sequence[Allowed],
    accounted: Sequence[Accounted],
    conventions: Iterable[Convention],
    by: Actor,
    expected_version: int | None = None,
    reason: str = "",
) -> Deliberation:
    """Create or change a deliberation, whole. Raises `Stale`.

    In `columns`, an object (`membership`, `vote`…) holds only the keys that were asked: what the file said beside
    stays. `conventions`: those that it approves, in place of the former ones.
    """
    for name, value in columns.items():
        if name in OBJECTS:
            value = merged(getattr(deliberation, name), value)
        setattr(deliberation, name, value)
    deliberation.vote = with_groups(deliberation.vote, groups)
    is_new = deliberation.pk is None
    save_record(record=deliberation, by=by, reason=reason, expected_version=expected_version)
    concerned = set() if is_new else set(deliberation.conventions.all())
    after = set(conventions)
    deliberation.conventions.set(after)
    set_amounts(deliberation, allowed, by, reason)
    set_lines(deliberation, accounted, by, reason)
    for convention in sorted(concerned | after, key=lambda item: item.pk):
        touched(convention=convention, scopes=SCOPES)
    return deliberation


OBJECTS = frozenset(["committee", "receipt", "membership", "quorum", "vote"])


def merged(known: Any, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """An object of the file with what was typed; what was emptied goes, what was never asked stays."""
    whole = dict(known or {})
    for key, value in values.items():
        if value not in (None, ""):
            whole[key] = value
        elif whole.get(key) not in (None, ""):
            del whole[key]
    return whole or None


def with_groups(vote: Mapping[str, Any] | None, groups: Sequence[GroupVote]) -> dict[str, Any] | None:
    if list(groups) == groups_of(vote):
        return None if vote is None else dict(vote)
    whole = {key: value for key, value in (vote or {}).items() if key not in SIDES}
    for group in groups:
        name = group.name if group.number is None else {"label": group.name, "number": group.number}
        whole.setdefault(group.side, []).append(name)
    return whole or None


def figure(amount: Number | None, known: Any) -> dict[str, Any] | None:
    """An amount of the exchange format; as it was printed when it is still the same."""
    if known is not None and euros(known) == amount:
        return dict(known)
    if amount is None:
        return None
    return {"raw": format_euros(amount), "amount": amount if isinstance(amount, int) else float(amount)}


def set_amounts(deliberation: Deliberation, allowed: Sequence[Allowed], by: Actor, reason: str) -> None:
    known = list(deliberation.authorised_amounts.all())
    for position, allowed_amount in enumerate(allowed):
        row = known[position] if position < len(known) else AuthorisedAmount(deliberation=deliberation)
        values = {
            "position": position,
            "convention_key": allowed_amount.convention_key,
            "meaning": allowed_amount.meaning,
            "figure": figure(allowed_amount.amount, row.figure) or {},
        }
        save_if_changed(row, values, by, reason)
    remove(known[len(allowed) :], by, reason)


def set_lines(deliberation: Deliberation, accounted: Sequence[Accounted], by: Actor, reason: str) -> None:
    known = list(deliberation.accounting_lines.all())
    for position, accounted_line in enumerate(accounted):
        row = known[position] if position < len(known) else AccountingLine(deliberation=deliberation)
        figures = {
            name: figure(amount, row.figures.get(name)) for name, amount in accounted_line.amounts.items()
        }
        whole = {name: figure for name, figure in row.figures.items() if name not in figures}
        whole |= {name: figure for name, figure in figures.items() if figure is not None}
        values = {
            "position": position,
            "operation": accounted_line.operation,
            "envelope": accounted_line.envelope,
            "figures": whole,
        }
        save_if_changed(row, values, by, reason)
    remove(known[len(accounted) :], by, reason)


def save_if_changed(row: Any, values: Mapping[str, Any], by: Actor, reason: str) -> None:
    if row.pk is not None and all(getattr(row, name) == value for name, value in values.items()):
        return
    for name, value in values.items():
        setattr(row, name, value)
    save_record(record=row, by=by, reason=reason)


def remove(rows: Iterable[Any], by: Actor, reason: str) -> None:
    for row in rows:
        row.changed_by, row.changed_for = by.user, by.organisation
        row._change_reason = reason
        row.delete()
