"""Funding lines and teams."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction

from jalons.accounts.models import Organisation
from jalons.actions.enums import FundingType, Job
from jalons.actions.models import Action, FundingLine, StaffLine
from jalons.core.values import Value, to_columns
from jalons.history.services import Actor, Stale, correct, enter, enter_all, withdraw


@dataclass(frozen=True, slots=True)
class Money:
    """One line of funding: amounts in euros, or why there is none. `line` is the version that the writer saw."""

    year: int
    kind: FundingType | str
    funder: Organisation | None = None
    note: str = ""
    amounts: Mapping[str, Value] = field(default_factory=dict)
    line: FundingLine | None = None

    def columns(self) -> dict[str, Any]:
        numbers, blanks = to_columns(self.amounts)
        decimals = {name: None if number is None else Decimal(number) for name, number in numbers.items()}
        amounts = {**dict.fromkeys(FundingLine.AMOUNTS), **decimals}
        return {
            "year": self.year,
            "kind": str(self.kind),
            "funder": self.funder,
            "note": self.note,
            "blanks": blanks,
            **amounts,
        }


@dataclass(frozen=True, slots=True)
class Worker:
    """One job of a team: a number of full-time equivalents, or None for « ponctuel »."""

    job: Job | str
    fte: Decimal | None = None
    job_note: str = ""


@transaction.atomic
def set_money(
    *,
    action: Action,
    lines: Sequence[Money],
    by: Actor,
    on: dt.date,
    reason: str = "",
    source: str = "",
) -> list[tuple[FundingLine, FundingLine | None]]:
    """The lines given: new ones enter, those that say something else than the version seen replace it.

    Lines left out are untouched. Returns what was written, each with the version that it replaced. `source`: where
    new lines come from, when nobody typed them. Raises `Stale` when a line was changed by someone else meanwhile.
    """
    written: list[tuple[FundingLine, FundingLine | None]] = []
    for money in lines:
        columns = money.columns()
        if money.line is None:
            fact = FundingLine(action=action, valid_on=on, reason=source, **columns)
            written.append((enter(fact=fact, by=by), None))
        elif any(getattr(money.line, name) != value for name, value in columns.items()):
            written.append((correct(fact=money.line, by=by, reason=reason or source, **columns), money.line))
    return written


def remove_money(*, line: FundingLine, by: Actor, reason: str) -> FundingLine:
    return withdraw(fact=line, by=by, reason=reason)


def last_staff_line(action: Action, reporter: Organisation) -> int:
    """The primary key of the last line told of the team of an operator; 0 when nothing was."""
    staff_lines = StaffLine.objects.known().filter(action=action, reporter=reporter)
    return max(staff_lines.values_list("pk", flat=True), default=0)


@transaction.atomic
def set_team(
    *,
    action: Action,
    reporter: Organisation,
    on: dt.date,
    team: Sequence[Worker],
    by: Actor,
    reason: str = "",
    seen: int | None = None,
) -> None:
    """The whole team of an operator on a date. What was told of the same date is replaced.

    `seen`: the last line of that operator that the writer saw, 0 for none. Raises `Stale` when there is another.
    """
    Action.objects.select_for_update(no_key=True).get(pk=action.pk)
    if seen is not None and seen != last_staff_line(action, reporter):
        raise Stale(None)
    before = StaffLine.objects.known().filter(action=action, reporter=reporter, valid_on=on).order_by("pk")
    old = list(before)
    same = [(line.job, line.fte, line.job_note) for line in old]
    if same == [(str(worker.job), worker.fte, worker.job_note) for worker in team]:
        return
    for line in old:
        withdraw(fact=line, by=by, reason=reason)
    facts = [
        StaffLine(
            action=action,
            reporter=reporter,
            valid_on=on,
            job=worker.job,
            job_note=worker.job_note,
            fte=worker.fte,
            occasional=worker.fte is None,
        )
        for worker in team
    ]
    enter_all(facts=facts, by=by)
