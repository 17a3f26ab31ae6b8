"""The list of sites that left to be filled in, and comes back."""

import datetime as dt
from typing import Any

from jalons.core.values import Value, french_spaces
from jalons.history.services import Actor
from jalons.imports.choices import ChosenTable
from jalons.imports.enums import CellVerdict, RowOutcome
from jalons.imports.judging.known import sites_named
from jalons.imports.judging.replies import LEAVE, Replies
from jalons.imports.judging.returned import EXPORTED_ROW, GONE, CellsThatMoved
from jalons.imports.judging.site_plans import SitePlan
from jalons.imports.judging.sites import SiteJudge
from jalons.imports.judging.values import ANSWERS, judge_answer, judge_count
from jalons.imports.judging.verdicts import JudgedLine, worst
from jalons.imports.reading.typed import Meaning
from jalons.imports.targets.records import PARTS, TableRecord
from jalons.imports.trips.back import ReturnedTable
from jalons.imports.trips.sites import contents
from jalons.sites.models import LivingConditions, Survey

TO_WRITE = (CellVerdict.NEW, CellVerdict.CHANGED)


class ReturnedSiteJudge(SiteJudge):
    """A row that left is known by its key, and only what was changed in it is written; one without a key is judged as
    that of any table.
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
        self.sites |= sites_named(by.user, returned.keys.values())

    def answered(self) -> list[TableRecord]:
        return self.cells.records()

    def recognised(self, record: TableRecord) -> JudgedLine:
        key = self.cells.key(record)
        if not key:
            return super().recognised(record)
        line = JudgedLine(record.line, record.words("name")[:200], place=record.words("commune")[:120])
        if self.reply(record).decision == LEAVE:
            line.outcome, line.verdict = RowOutcome.LEFT, CellVerdict.SAME
            line.why = french_spaces("laissée de côté, comme vous l’avez choisi")
        elif not self.cells.left(record) or key not in self.sites:
            line.outcome, line.why = RowOutcome.LEFT, french_spaces(GONE)
        elif record.row in self.cells.returned.strays:
            header, before = self.cells.returned.strays[record.row]
            line.outcome = RowOutcome.LEFT
            line.why = french_spaces(
                f"« {header} » n’est plus celui de cette ligne (« {before or 'rien'} ») : il se change sur la fiche du "
                "site ; si les lignes ont été mêlées, reprenez l’export"
            )
        else:
            line.site, line.outcome = self.sites[key], RowOutcome.THIS
            line.why = french_spaces(EXPORTED_ROW)
        return line

    def judge(self, line: JudgedLine, record: TableRecord, day: dt.date | None) -> None:
        if not self.cells.key(record):
            super().judge(line, record, day)
            return
        if line.outcome is RowOutcome.LEFT:
            return
        if day is not None:
            self.judge_values(line, record, day)
        if not self.is_dated(record) and all(cell.verdict is CellVerdict.SAME for cell in line.cells):
            line.verdict = CellVerdict.SAME  # a row that nobody changed asks for no right
            return
        refusal = self.refusal(line, record, day)
        if refusal or day is None:
            line.verdict, why = refusal or (CellVerdict.DOUBTFUL, "la date n’est pas dite")
            line.why = french_spaces(why)
            return
        line.verdict = worst(cell.verdict for cell in line.cells)
        if any(cell.key == "people" and cell.verdict is CellVerdict.DOUBTFUL for cell in line.cells):
            return  # the number of people is what a count is about: the row waits
        plan = self.plan(line, record, day)
        if plan.counts or plan.answers is not None:
            line.plan, line.basis = plan, self.basis(line, day)

    def is_dated(self, record: TableRecord) -> bool:
        observed_on = record.cells.get("observed_on")
        return observed_on is not None and not observed_on.cell.is_empty

    def judge_values(self, line: JudgedLine, record: TableRecord, day: dt.date | None) -> None:
        if not self.cells.left(record) or line.site is None or day is None:
            super().judge_values(line, record, day)
            return
        figure, state = self.facts.figure(line.site, day), self.facts.state(line.site, day)
        now = contents(figure, state)
        for key, told in record.cells.items():
            if key not in now:
                continue
            label = self.chosen.target.fields[key].label
            cell = self.cells.untouched(told, record, label, now[key])
            if cell is None:
                fact = (
                    judge_count(told, label, figure)
                    if key in Survey.COUNTS
                    else judge_answer(told, label, state)
                )
                cell = self.cells.asked(fact, record, now[key])
            line.cells.append(cell)
        self.doubt_parts(line, record)

    def doubt_parts(self, line: JudgedLine, record: TableRecord) -> None:
        """A part that nobody changed, and that is more than what its whole became: said, not refused."""
        judged = {cell.key: cell for cell in line.cells}
        for part, whole in PARTS:
            if part in judged and judged[part].verdict is CellVerdict.SAME and whole in judged:
                told = record.cells[part].cell
                if told.ask and judged[whole].verdict in TO_WRITE:
                    judged[whole].rule = told.reason

    def plan(self, line: JudgedLine, record: TableRecord, day: dt.date) -> SitePlan:
        plan = super().plan(line, record, day)
        if line.site is None or not self.cells.left(record):
            return plan
        figure, mine = self.facts.figure(line.site, day), self.facts.mine(line.site, day)
        written = {cell.key for cell in line.cells if cell.verdict in TO_WRITE}
        changed = {key: record.cells[key].cell.value for key in Survey.COUNTS if key in written}
        whole: dict[str, Value] = {}
        if mine is None and figure is not None and (changed or self.is_dated(record)):
            whole = {key: figure.value(key) for key in Survey.COUNTS if figure.value(key) != Value.empty()}
        plan.counts, plan.again = {**whole, **changed}, None if changed else figure
        plan.answers = self.changed_answers(record, self.facts.state(line.site, day), written)
        return plan

    def changed_answers(
        self, record: TableRecord, state: LivingConditions | None, written: set[str]
    ) -> dict[str, dict[str, Any]] | None:
        """The assessment in force with what was changed; None when nothing was."""
        changed = {
            key: record.cells[key].cell.meaning
            for key in ANSWERS
            if key in written and record.cells[key].cell.meaning in (Meaning.YES, Meaning.NO)
        }
        if not changed:
            return None
        answers = {theme: dict(given) for theme, given in (state.answers if state else {}).items()}
        for key, meaning in changed.items():
            theme, question = ANSWERS[key]
            answers.setdefault(theme, {})[question] = meaning.value
        return answers
