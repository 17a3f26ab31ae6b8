"""« Copie annotée »: the workbook that was given, each judged cell with its colour and its remark."""

import base64
import binascii
import datetime as dt
import io
import re
from typing import Any

from django.db.models import Q
from django.utils import timezone

from jalons.core.confined import Reason, UnreadFile, read_confined
from jalons.core.values import french_spaces
from jalons.imports.enums import CellVerdict
from jalons.imports.models import ImportBatch, ImportLine
from jalons.imports.reading.annotating import packed
from jalons.imports.services.drafts import chosen_of

MOST_CELLS = 200_000
SILENCE = dt.timedelta(minutes=10)  # far longer than any copy takes
TASK = "jalons.imports.reading.annotating:annotated"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def may_be_annotated(batch: ImportBatch) -> bool:
    """A workbook of Excel, not too large, whose rows were judged."""
    return batch.file_kind == "xlsx" and batch.has_file and batch.lines.exists()


def ask_for_copy(*, batch: ImportBatch) -> bool:
    """Takes the copy for the worker: once, whoever asks twice; again when the worker was silent for too long."""
    asked = {"copy_asked_at": timezone.now(), "copy_failure": "", "annotated": b""}
    free = Q(copy_asked_at__isnull=True) | Q(copy_asked_at__lt=timezone.now() - SILENCE)
    return bool(ImportBatch.objects.filter(free, pk=batch.pk).update(**asked))


def is_being_made(batch: ImportBatch) -> bool:
    asked = batch.copy_asked_at
    return asked is not None and timezone.now() - asked <= SILENCE


def annotate_now(*, batch: ImportBatch) -> None:
    """Makes the copy, or says why it is none."""
    outcome: dict[str, Any] = {"copy_asked_at": None}
    try:
        outcome["annotated"] = annotated_copy(batch)
    except UnreadFile as error:
        outcome["copy_failure"] = str(error)
    ImportBatch.objects.filter(pk=batch.pk).update(**outcome)


def annotated_copy(batch: ImportBatch) -> bytes:
    chosen = chosen_of(batch)
    grid = chosen.table.grid
    if grid.height * grid.width > MOST_CELLS:
        raise UnreadFile(Reason.OVERSIZED)
    file = io.BytesIO(packed(grid.sheet.title, marks_of(batch), bytes(batch.content)))
    try:
        return b"".join(base64.b64decode(part, validate=True) for part in read_confined(TASK, file))
    except (TypeError, ValueError, binascii.Error):
        raise UnreadFile(Reason.DAMAGED) from None


def marks_of(batch: ImportBatch) -> list[list[Any]]:
    """[row, column, verdict, remark] of each cell; why a row waits is said on its first cell."""
    marks: list[list[Any]] = []
    for line in batch.lines.order_by("line").iterator(chunk_size=500):
        if line.why and line.verdict in (CellVerdict.DOUBTFUL, CellVerdict.REFUSED):
            marks.append([*place_of(line), line.verdict, f"{line.get_verdict_display()} : {line.why}"])
        for cell in line.cells:
            match = _REFERENCE.fullmatch(cell["reference"])
            if match and cell["verdict"] != CellVerdict.SAME:
                marks.append([int(match[2]), column_of(match[1]), cell["verdict"], remark_of(cell)])
    return marks


def place_of(line: ImportLine) -> tuple[int, int]:
    """Its first cell; of a row set upright, the first that is written in the file."""
    matches = (_REFERENCE.fullmatch(cell["reference"]) for cell in line.cells) if line.where else ()
    match = next(filter(None, matches), None)
    return (int(match[2]), column_of(match[1])) if match else (line.line, 1)


def column_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def remark_of(cell: dict[str, Any]) -> str:
    """« Changé : 40 → 42. valeur actuelle : … »."""
    words = [
        f"{CellVerdict(cell['verdict']).label} : {cell['before'] or 'rien'} → {cell['after'] or cell['raw']}"
    ]
    words += [cell["rule"]] if cell["rule"] else []
    words += [f"valeur actuelle : {cell['who']}"] if cell["who"] else []
    return french_spaces("\n".join(words))
