"""The rows of a list of dispositifs that came back: other dates, other words."""

from collections.abc import Sequence

from jalons.actions.models import Action
from jalons.actions.services import set_dates, update_action
from jalons.core.progress import Steps, Tell
from jalons.history.services import Actor
from jalons.imports.enums import ImportAct
from jalons.imports.judging.returned_descriptions import DescriptionPlan
from jalons.imports.models import ImportBatch, ImportedFact
from jalons.imports.services.writing.kept import imported, source_words


def write_descriptions(
    batch: ImportBatch, plans: Sequence[DescriptionPlan], by: Actor, tell: Tell
) -> list[ImportedFact]:
    """Raises `Stale` and `Refused` as the page of a dispositif does."""
    facts, steps = [], Steps(tell, len(plans))
    for plan in plans:
        reason = source_words(batch, plan.line)
        if plan.dates and plan.run is not None:
            run = set_dates(
                action=plan.action,
                by=by,
                starts_on=plan.dates.get("valid_on", plan.run.valid_on),
                planned_end=plan.dates.get("planned_end", plan.run.planned_end),
                reason=reason,
                seen=plan.run,
            )
            facts.append(imported(batch, plan.line, run, plan.run))
        if plan.words:
            before = version_of(plan.action)
            update_action(
                action=plan.action, by=by, expected_version=plan.action.version, reason=reason, **plan.words
            )
            facts.append(record_kept(batch, plan.line, plan.action, before))
        steps.add()
    return facts


def version_of(action: Action) -> int:
    """The primary key of its last line of history."""
    return int(action.history.latest("pk").pk)


def record_kept(batch: ImportBatch, line: int, action: Action, before: int) -> ImportedFact:
    """Of a record, the line of history is what is written."""
    return ImportedFact(
        batch=batch,
        line=line,
        kind=Action.__name__,
        fact=version_of(action),
        previous=before,
        act=ImportAct.CORRECTED,
    )
