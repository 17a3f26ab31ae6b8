"""The list of dispositifs that left to be changed, and comes back."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jalons.accounts.enums import Right
from jalons.actions.enums import Rhythm
from jalons.actions.models import Action, Intervention
from jalons.core.values import fold, format_date, french_spaces
from jalons.history.services import Actor
from jalons.imports.choices import ChosenTable
from jalons.imports.enums import CellVerdict, RowOutcome
from jalons.imports.judging.dispositifs import runs_of, writable_actions
from jalons.imports.judging.replies import LEAVE, Replies, Reply
from jalons.imports.judging.returned import EXPORTED_ROW, GONE, CellsThatMoved
from jalons.imports.judging.verdicts import JudgedCell, JudgedLine, worst
from jalons.imports.reading.typed import Meaning
from jalons.imports.targets.described import END, LONGEST, RHYTHM, START, code_columns
from jalons.imports.targets.records import RecordCell, TableRecord
from jalons.imports.trips.back import ReturnedTable
from jalons.imports.trips.dispositifs import contents

EARLIEST = dt.date(1990, 1, 1)
FURTHEST = dt.timedelta(days=20 * 366)
TO_WRITE = (CellVerdict.NEW, CellVerdict.CHANGED)
YES_OR_NO = "écrivez « oui » ou « non »"
NO_THEME = "un dispositif garde au moins un champ d’intervention"
BACKWARDS = "la fin prévue précède le début"
ADDED = "un dispositif de plus se déclare dans Jalons : rien n’est lu de cette ligne"


@dataclass(frozen=True, slots=True)
class DescriptionPlan:
    """What a row changes: columns of `Action`, then of `Intervention`."""

    line: int
    action: Action
    run: Intervention | None
    words: Mapping[str, Any]
    dates: Mapping[str, dt.date]


class ReturnedDescriptionJudge:
    """Judges every row in a constant number of queries."""

    def __init__(
        self,
        chosen: ChosenTable,
        by: Actor,
        replies: Replies,
        *,
        returned: ReturnedTable,
        rehearsal: bool = False,
    ) -> None:
        self.chosen, self.replies = chosen, replies
        self.cells = CellsThatMoved(chosen, returned, replies)
        self.actions = writable_actions(by, Right.EDIT_ACTION, rehearsal=rehearsal)
        self.runs = runs_of(self.actions.values())

    def lines(self) -> list[JudgedLine]:
        return [self.judged(record) for record in self.cells.records()]

    def judged(self, record: TableRecord) -> JudgedLine:
        key = self.cells.key(record)
        line = JudgedLine(record.line, record.words("action")[:200], place=record.words("departement")[:120])
        action = self.actions.get(key) if self.cells.left(record) else None
        if self.replies.get(record.line, Reply()).decision == LEAVE:
            line.outcome, line.verdict = RowOutcome.LEFT, CellVerdict.SAME
            line.why = french_spaces("laissée de côté, comme vous l’avez choisi")
        elif action is None:
            line.outcome, line.why = RowOutcome.LEFT, french_spaces(GONE if key else ADDED)
        elif record.row in self.cells.returned.strays:
            header, before = self.cells.returned.strays[record.row]
            line.outcome = RowOutcome.LEFT
            line.why = french_spaces(
                f"« {header} » n’est plus celui de cette ligne (« {before or 'rien'} ») : il se change sur la fiche du "
                "dispositif ; si les lignes ont été mêlées, reprenez l’export"
            )
        else:
            line.outcome, line.why = RowOutcome.THIS, french_spaces(EXPORTED_ROW)
            self.judge(line, record, action)
        return line

    def judge(self, line: JudgedLine, record: TableRecord, action: Action) -> None:
        run = self.runs.get(action.pk)
        now = contents(action, run)
        changed: dict[str, Any] = {}
        for key, written in record.cells.items():
            if key not in now:
                continue
            label = self.chosen.target.fields[key].label
            cell = self.cells.untouched(written, record, label, now[key])
            if cell is None:
                cell, content = self.judged_cell(written, label, now[key])
                cell = self.cells.asked(cell, record, now[key])
                if cell.verdict in TO_WRITE:
                    changed[key] = content
            line.cells.append(cell)
        dates = self.dates(line, changed, run)
        words = self.words(line, changed, action)
        line.verdict = worst(cell.verdict for cell in line.cells)
        if words or dates:
            line.plan = DescriptionPlan(line.line, action, run, words, dates)
            line.basis = f"{action.public_id} {action.version} {run.pk if run else '-'}"

    def judged_cell(self, written: RecordCell, label: str, before: str) -> tuple[JudgedCell, Any]:
        """The verdict on what somebody changed, and what would be written."""
        cell = JudgedCell(
            written.key, label, written.reference, written.raw.text, CellVerdict.REFUSED, before=before
        )
        content: Any = None
        if written.key in code_columns():
            content = {Meaning.YES: True, Meaning.NO: False}.get(written.cell.meaning)
            cell.after = "" if content is None else ("oui" if content else "non")
            cell.rule = YES_OR_NO if content is None else ""
        elif written.key in (START, END):
            content, cell.rule = self.day(written)
            cell.after = format_date(content) if content else ""
        elif written.key == RHYTHM:
            content = next(
                (rhythm.value for rhythm in Rhythm if fold(rhythm.label) == fold(written.raw.text)), None
            )
            cell.after = str(Rhythm(content).label) if content else ""
            cell.rule = "" if content else "ce n’est aucun des rythmes de la liste"
        elif len(written.raw.text) > LONGEST[written.key]:
            cell.rule = f"plus de {LONGEST[written.key]} signes"
        else:
            content = cell.after = written.raw.text
        cell.rule = french_spaces(cell.rule)
        if content is not None:
            cell.verdict = CellVerdict.SAME if cell.after == before else CellVerdict.CHANGED
            cell.verdict = CellVerdict.NEW if not before and cell.after else cell.verdict
        return cell, content

    def day(self, written: RecordCell) -> tuple[dt.date | None, str]:
        day = written.cell.day
        if day is None or written.cell.ask:
            return None, written.cell.reason or "ce n’est pas une date"
        if not EARLIEST <= day <= self.chosen.today + FURTHEST:
            return None, "une date hors de ce qui se déclare"
        return day, ""

    def dates(
        self, line: JudgedLine, changed: Mapping[str, Any], run: Intervention | None
    ) -> dict[str, dt.date]:
        dates = {key: changed[key] for key in (START, END) if key in changed}
        start = dates.get(START, run.valid_on if run else None)
        end = dates.get(END, run.planned_end if run else None)
        if dates and (run is None or (start and end and end < start)):
            refuse(line, dates, BACKWARDS)
            return {}
        return dates

    def words(self, line: JudgedLine, changed: Mapping[str, Any], action: Action) -> dict[str, Any]:
        """The columns of `Action`: those of codes hold the codes that nobody changed too."""
        words = {key: content for key, content in changed.items() if key in (RHYTHM, *LONGEST)}
        columns = code_columns()
        written = {key: content for key, content in changed.items() if key in columns}
        for name in {columns[key].column for key in written}:
            mine = {
                columns[key].code: content for key, content in written.items() if columns[key].column == name
            }
            standing = set(getattr(action, name))
            codes = {code for code in standing if mine.get(code, True)} | {
                code for code, has in mine.items() if has
            }
            if name == "themes" and not codes:
                refuse(line, written, NO_THEME)
                continue
            words[name] = tuple(
                column.code for column in columns.values() if column.column == name and column.code in codes
            )
        return words


def refuse(line: JudgedLine, keys: Mapping[str, Any], rule: str) -> None:
    for cell in line.cells:
        if cell.key in keys:
            cell.verdict, cell.rule = CellVerdict.REFUSED, french_spaces(rule)
