"""What a person answered about a row, and the rows read again with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from jalons.imports.choices import ChosenTable
from jalons.imports.targets.records import TableRecord

NEW, LEAVE = "new", "leave"


@dataclass(frozen=True, slots=True)
class Reply:
    """`decision`: which site or which indicator the row speaks of. `fixes`: what to read in place of the file."""

    decision: str = ""
    fixes: Mapping[str, str] = field(default_factory=dict)


Replies = Mapping[int, Reply]


def answered_records(chosen: ChosenTable, replies: Replies) -> list[TableRecord]:
    """The rows of the table, with what was typed in place of what stands in the file."""
    records = chosen.records()
    for record in records:
        for key, typed in replies.get(record.line, Reply()).fixes.items():
            if key in record.cells:
                chosen.fix(record, key, typed)
    return records
