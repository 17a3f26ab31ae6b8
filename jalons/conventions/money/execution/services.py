"""Writing what was committed and spent on the lines of the budgets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from jalons.conventions.alerts.after_write import touched
from jalons.conventions.dossier.dates import cell_day
from jalons.conventions.enums import AlertScope
from jalons.conventions.models import BudgetAmount, BudgetLine, Convention
from jalons.core.values import Value
from jalons.history.services import Actor, Stale, correct_all, enter_all


@dataclass(frozen=True, slots=True)
class Spent:
    """What is typed of one part of a line at one stage. `seen`: the version under the eyes, None without one.

    Several absences are told apart: empty, « ND », « / », « – »; 0 is a number.
    """

    line: BudgetLine
    part: str
    stage: str
    value: Value
    seen: int | None = None


@transaction.atomic
def set_execution(*, convention: Convention, amounts: Sequence[Spent], by: Actor, reason: str = "") -> int:
    """Enter, correct or withdraw amounts; what says the same writes nothing. Answers how many were written.

    Raises `Stale` when somebody wrote one of those that change since `seen`; then nothing is written.
    """
    lines = {spent.line.pk: spent.line for spent in amounts}
    # Lines are locked first: of two people who enter the same amount, the second sees that of the first.
    list(BudgetLine.objects.select_for_update().filter(pk__in=list(lines)).order_by("pk").values("pk"))
    stages = {spent.stage for spent in amounts}
    known = BudgetAmount.objects.known().filter(line__in=list(lines), stage__in=stages)
    current = {(fact.line_id, fact.part, fact.stage): fact for fact in known}
    new: list[BudgetAmount] = []
    changed: list[tuple[BudgetAmount, dict[str, Any]]] = []
    touched_lines: dict[int, BudgetLine] = {}
    for spent in amounts:
        stands = current.get((spent.line.pk, spent.part, spent.stage))
        if says_the_same(stands, spent.value):
            continue
        if (stands.pk if stands else None) != spent.seen:
            raise Stale(stands)
        touched_lines[spent.line.pk] = spent.line
        if stands is None:
            new.append(fact_of(spent, convention))
        elif is_empty(spent.value):
            changed.append((stands, {"withdrawn": True}))
        else:
            changed.append((stands, columns_of(spent.value)))
    enter_all(facts=new, by=by)
    correct_all(changes=changed, by=by, reason=reason)
    if new or changed:
        sheets = {line.commitment_id: line.commitment for line in touched_lines.values()}
        touched(convention=convention, sheets=list(sheets.values()), scopes=[AlertScope.MONEY])
    return len(new) + len(changed)


def is_empty(value: Value) -> bool:
    return value == Value.empty()


def says_the_same(stands: BudgetAmount | None, value: Value) -> bool:
    return is_empty(value) if stands is None else stands.value == value


def columns_of(value: Value) -> dict[str, Any]:
    if value.number is None:
        return {"amount": None, "raw": value.to_text()}
    return {"amount": value.number, "raw": str(value)}


def fact_of(spent: Spent, convention: Convention) -> BudgetAmount:
    return BudgetAmount(
        line=spent.line,
        part=spent.part,
        stage=spent.stage,
        valid_on=cell_day(spent.line, otherwise=convention.year),
        **columns_of(spent.value),
    )
