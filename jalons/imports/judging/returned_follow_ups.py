"""The follow-up of a dispositif that left to be filled in, and comes back."""

import datetime as dt

from jalons.core.values import Value, french_spaces
from jalons.history.services import Actor
from jalons.imports.choices import ChosenTable
from jalons.imports.enums import CellVerdict, RowOutcome
from jalons.imports.judging.dispositifs import Filled
from jalons.imports.judging.follow_ups import FollowUpJudge
from jalons.imports.judging.replies import LEAVE, Replies, Reply
from jalons.imports.judging.returned import EXPORTED_ROW, GONE, CellsThatMoved
from jalons.imports.judging.verdicts import JudgedCell, JudgedLine
from jalons.imports.targets.mapping import ColumnGuess
from jalons.imports.targets.records import TableRecord
from jalons.imports.trips.back import ReturnedTable
from jalons.imports.trips.contents import content_of
from jalons.imports.trips.follow_ups import parts_of_key
from jalons.indicators.models import Indicator


class ReturnedFollowUpJudge(FollowUpJudge):
    """A row that left is known by its key: whose follow-up, which indicator. One without a key is judged as that of any
    table.
    """

    def __init__(
        self,
        chosen: ChosenTable,
        by: Actor,
        replies: Replies,
        *,
        returned: ReturnedTable,
        rehearsal: bool = False,
    ) -> None:
        self.cells = CellsThatMoved(chosen, returned, replies)
        super().__init__(chosen, by, replies, rehearsal=rehearsal)

    def answered(self) -> list[TableRecord]:
        return self.cells.records()

    def ground(self, record: TableRecord) -> tuple[Filled | None, JudgedLine]:
        key = self.cells.key(record)
        if not key or self.replies.get(record.line, Reply()).decision == LEAVE:
            return super().ground(record)
        filled = self.filled.get(parts_of_key(key)[0]) if self.cells.left(record) else None
        line = JudgedLine(record.line, record.words("indicator")[:200])
        line.outcome = RowOutcome.THIS if filled else RowOutcome.LEFT
        line.verdict, line.why = CellVerdict.REFUSED, "" if filled else french_spaces(GONE)
        line.place = filled.action.name if filled else ""
        return filled, line

    def indicator(
        self, record: TableRecord, line: JudgedLine, filled: Filled, above: dict[str, str]
    ) -> Indicator | None:
        key = self.cells.key(record)
        if not key:
            return super().indicator(record, line, filled, above)
        if record.row in self.cells.returned.strays:
            header, before = self.cells.returned.strays[record.row]
            line.outcome = RowOutcome.LEFT
            line.why = french_spaces(
                f"« {header} » n’est plus celui de cette ligne (« {before or 'rien'} ») : reprenez l’export"
            )
            return None
        wanted = parts_of_key(key)[1]
        followed = self.followed[filled.action.pk]
        found = next(
            (one for one in followed if one.public_id == wanted and one.block in filled.blocks), None
        )
        line.outcome = RowOutcome.THIS if found else RowOutcome.LEFT
        line.why = french_spaces(
            EXPORTED_ROW if found else f"{filled.reporter} ne remplit plus cet indicateur"
        )
        return found

    def compared(
        self, record: TableRecord, cell: JudgedCell, value: Value | None, now: Value
    ) -> tuple[JudgedCell, Value | None]:
        if not self.cells.left(record):
            return cell, value
        content = content_of(now)
        untouched = self.cells.untouched(record.cells[cell.key], record, cell.label, content)
        if untouched is not None:
            return untouched, None
        asked = self.cells.asked(cell, record, content)
        return asked, value if asked.verdict in (CellVerdict.NEW, CellVerdict.CHANGED) else None

    def since(self, guess: ColumnGuess) -> dt.date | None:
        """That of the next report of each structure: the columns are those of several."""
        return None
