"""How far the writing, or the undoing, of a batch is."""

from jalons.core.progress import JobProgress
from jalons.imports.models import ImportBatch


def progress_of(batch: ImportBatch) -> JobProgress:
    return JobProgress(f"imports-{batch.public_id}")


def taken(batch: ImportBatch, is_taken: bool) -> bool:
    """What was told of an earlier work on this batch goes when a new one begins."""
    if is_taken:
        progress_of(batch).forget()
    return is_taken
