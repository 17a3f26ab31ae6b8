"""The rows that are ready become facts: all of them, or none."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from jalons.core.progress import Tell, ignore
from jalons.core.values import french_spaces
from jalons.editing.refusals import Refused
from jalons.history.services import Actor, Stale
from jalons.imports.enums import BatchState
from jalons.imports.judging.absents import absent_plans
from jalons.imports.judging.verdicts import JudgedLine
from jalons.imports.models import ImportBatch, ImportedFact
from jalons.imports.progress import taken
from jalons.imports.services.drafts import chosen_of, judged_lines, write_lines
from jalons.imports.services.turns import take_turn
from jalons.imports.services.writing import write_plans
from jalons.imports.services.writing.absents import write_absents

MOVED = "Quelqu’un a écrit entre-temps sur {count} : rien n’a été enregistré. Relisez-les, puis recommencez."


def ask_to_apply(*, batch: ImportBatch) -> bool:
    """Takes the batch for the worker: once, whoever asks twice."""
    ready = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.READY, rehearsal=False)
    told = {"state": BatchState.APPLYING, "pulse_at": timezone.now(), "attempts": 0, "done": 0, "failure": ""}
    return taken(batch, bool(ready.update(**told)))


def apply_now(*, batch: ImportBatch, by: Actor, tell: Tell = ignore) -> bool:
    """Everything in one transaction, after judging again; False when rows moved: they are shown, nothing is written.

    `tell`: how far it is, until the last instant before the commit; what it raises leaves nothing written.
    """
    with transaction.atomic():
        locked = take_turn(batch)
        if locked.state != BatchState.APPLYING:
            return True  # another worker ended it
        chosen = chosen_of(locked)
        lines = judged_lines(locked, chosen, by)
        moved = moved_lines(locked, lines)
        if not moved:
            try:
                with transaction.atomic():
                    absents = absent_plans(locked, chosen, by)
                    facts = write_plans(locked, [line.plan for line in lines if line.plan], by, tell)
                    facts += write_absents(locked, absents, by)
                ImportedFact.objects.bulk_create(facts, batch_size=500)
                locked.state, locked.applied_at = BatchState.APPLIED, timezone.now()
                locked.done = sum(1 for line in lines if line.plan) + len(absents)
                locked.save(update_fields=["state", "applied_at", "done"])
                return True
            except (Refused, Stale) as error:
                failure = str(error)
        else:
            rows = f"{len(moved)} lignes" if len(moved) > 1 else "une ligne"
            failure = french_spaces(MOVED.format(count=rows))
        write_lines(locked, lines, chosen.table.places, frozenset(moved))
        locked.state, locked.failure = BatchState.READY, failure[:500]
        locked.save(update_fields=["state", "failure"])
        return False


def moved_lines(batch: ImportBatch, lines: Sequence[JudgedLine]) -> set[int]:
    """The rows that would not be written, or not upon the same facts, as when they were shown."""
    told = {
        line: (basis, is_written)
        for line, basis, is_written in batch.lines.values_list("line", "basis", "is_written")
    }
    return {line.line for line in lines if told.get(line.line) != (line.basis, line.plan is not None)}
