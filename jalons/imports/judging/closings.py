"""A row whose column says that its site is closed: when, and why."""

import datetime as dt
from dataclasses import dataclass

from jalons.core.values import fold, format_date, french_spaces
from jalons.imports.enums import CellVerdict
from jalons.imports.judging.replies import Reply
from jalons.imports.judging.verdicts import JudgedCell
from jalons.imports.reading.typed import Meaning
from jalons.imports.targets.records import TableRecord
from jalons.sites.enums import ClosingReason

CLOSED_ON, REASON, RESORBED, NOTE = "closed_on", "closing_reason", "resorbed", "closing_note"
CLOSING = (CLOSED_ON, REASON, RESORBED, NOTE)
LONGEST_NOTE = 1000
REASONS = {fold(reason.label): reason for reason in ClosingReason}


@dataclass(frozen=True, slots=True)
class RowClosing:
    """`reason` None: it is asked."""

    on: dt.date
    reason: ClosingReason | None
    note: str = ""

    @property
    def eve(self) -> dt.date:
        """The last day on which people were there to be counted."""
        return self.on - dt.timedelta(days=1)


def closing_of(record: TableRecord, reply: Reply) -> RowClosing | None:
    """What the columns say; a remark that tells a closing says nothing here."""
    column = record.cells.get(CLOSED_ON)
    if column is None or column.cell.day is None or column.cell.ask:
        return None
    note = record.words(NOTE)[:LONGEST_NOTE]
    words = fold(reply.fixes.get(REASON) or record.words(REASON))
    reason = REASONS.get(words)
    resorbed = record.cells.get(RESORBED)
    if reason is None and not words and resorbed is not None and resorbed.cell.meaning is Meaning.YES:
        reason = ClosingReason.RESORBED
    return RowClosing(column.cell.day, reason, note)


def closing_cells(record: TableRecord, closing: RowClosing, before: str) -> list[JudgedCell]:
    column = record.cells[CLOSED_ON]
    after = french_spaces(f"fermé le {format_date(closing.on)}")
    told = JudgedCell(
        CLOSED_ON, "Fermeture", column.reference, column.raw.text, CellVerdict.NEW, before, after
    )
    if closing.reason is not None:
        told.after = f"{after}, {closing.reason.label.lower()}"
        return [told]
    cause = record.cells.get(REASON)
    reference, raw = (cause.reference, cause.raw.text) if cause else ("", "")
    asked = JudgedCell(REASON, "Cause de la fermeture", reference, raw or "non écrite", CellVerdict.DOUBTFUL)
    asked.rule = french_spaces("pourquoi ce site est-il fermé ?")
    asked.options = [reason.label for reason in ClosingReason]
    return [told, asked]


def closing_refusal(
    closing: RowClosing, installed_on: dt.date | None, today: dt.date, *, may_close: bool
) -> tuple[CellVerdict, str] | None:
    """Why such a row is not written; None when it may be."""
    if not may_close:
        return CellVerdict.REFUSED, "vous ne pouvez pas fermer de site ici"
    if closing.on > today:
        return CellVerdict.REFUSED, f"la fermeture du {format_date(closing.on)} est à venir"
    if installed_on and installed_on > closing.on:
        return CellVerdict.REFUSED, f"fermé le {format_date(closing.on)}, avant son installation"
    if closing.reason is None:
        return CellVerdict.DOUBTFUL, f"fermé le {format_date(closing.on)} : pourquoi ?"
    return None
