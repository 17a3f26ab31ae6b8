"""What is laid before an assembly: a blank is a blank, and nothing that Jalons remarks stands among the words voted."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from jalons.core.values import Emptiness
from jalons.exports.acts import BLANK, ActLine, ActRow, Ruled, Run, Slot, Text
from jalons.exports.document import Note


def votable(blocks: Iterable[object], *, remarks: bool) -> list[object]:
    """The blocks with their blanks left blank; without what Jalons remarks, unless asked."""
    made: list[object] = []
    for block in blocks:
        if isinstance(block, Ruled):
            rows = [row for row in block.rows if remarks or not row.remark]
            made.append(replace(block, rows=tuple(blank_row(row, remarks) for row in rows)))
        elif isinstance(block, Text):
            if block.remark and not remarks:
                continue
            lines = blank_lines(block.lines, remarks)
            if any(line.words for line in lines):
                made.append(replace(block, lines=lines))
        elif remarks or not (isinstance(block, Note) and block.warning):
            made.append(block)
    return made


def blank_row(row: ActRow, remarks: bool) -> ActRow:
    return replace(row, slots=tuple(blank_slot(slot, remarks) for slot in row.slots))


def blank_slot(slot: Slot, remarks: bool) -> Slot:
    return replace(slot, lines=blank_lines(slot.lines, remarks) or (BLANK,))


def blank_lines(lines: Sequence[ActLine], remarks: bool) -> tuple[ActLine, ...]:
    return tuple(
        replace(line, runs=tuple(blank_run(run) for run in line.runs))
        for line in lines
        if remarks or not line.remark
    )


def blank_run(run: Run) -> Run:
    return Run("") if run.missing and run.words == Emptiness.EMPTY.words else run
