"""What a batch wrote, as it is kept for the undo."""

from django.db.models import Model

from jalons.core.values import format_long_date, french_spaces, local_day
from jalons.imports.enums import ImportAct
from jalons.imports.models import ImportBatch, ImportedFact


def imported(batch: ImportBatch, line: int, fact: Model, previous: Model | None) -> ImportedFact:
    """`previous`: the version that `fact` replaced."""
    return ImportedFact(
        batch=batch,
        line=line,
        kind=type(fact).__name__,
        fact=fact.pk,
        previous=previous.pk if previous is not None else None,
        act=ImportAct.CORRECTED if previous is not None else ImportAct.ENTERED,
    )


def source_words(batch: ImportBatch, line: int) -> str:
    """« tableau du 3 mars 2026, ligne 14 »."""
    day = format_long_date(local_day(batch.created_at))
    return french_spaces(f"tableau du {day}, {batch.source_of(line)}")
