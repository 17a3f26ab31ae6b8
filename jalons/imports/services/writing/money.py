"""The rows of a table of money: lines of funding, added or said otherwise."""

from collections.abc import Sequence

from jalons.actions.services import set_money
from jalons.core import clock
from jalons.core.progress import Steps, Tell
from jalons.history.services import Actor
from jalons.imports.judging.money import MoneyPlan, true_from
from jalons.imports.models import ImportBatch, ImportedFact
from jalons.imports.services.writing.kept import imported, source_words


def write_money(batch: ImportBatch, plans: Sequence[MoneyPlan], by: Actor, tell: Tell) -> list[ImportedFact]:
    facts, steps = [], Steps(tell, len(plans))
    for plan in plans:
        source = source_words(batch, plan.line)
        for money in plan.money:
            written = set_money(
                action=plan.action,
                lines=[money],
                by=by,
                on=true_from(money.year, clock.today()),
                source=source,
            )
            facts += [imported(batch, plan.line, fact, previous) for fact, previous in written]
        steps.add()
    return facts
