"""The money of a dispositif that left to be filled in, and comes back."""

import hashlib

from jalons.actions.enums import FundingType
from jalons.actions.models import Action
from jalons.core.values import Value, french_spaces
from jalons.history.services import Actor
from jalons.imports.choices import ChosenTable
from jalons.imports.enums import CellVerdict, RowOutcome
from jalons.imports.judging.money import MoneyJudge, MoneyPlan, as_money
from jalons.imports.judging.replies import LEAVE, Replies
from jalons.imports.judging.returned import EXPORTED_ROW, GONE, CellsThatMoved
from jalons.imports.judging.verdicts import JudgedLine, worst
from jalons.imports.targets.records import TableRecord
from jalons.imports.trips.back import ReturnedTable
from jalons.imports.trips.contents import content_of


class ReturnedMoneyJudge(MoneyJudge):
    """A row that left is known by its key: which line of funding. One without a key is judged as that of any table."""

    def __init__(
        self,
        chosen: ChosenTable,
        by: Actor,
        replies: Replies,
        *,
        returned: ReturnedTable,
        rehearsal: bool = False,
    ) -> None:
        super().__init__(chosen, by, replies, rehearsal=rehearsal)
        self.cells = CellsThatMoved(chosen, returned, replies)
        self.records = self.cells.records()

    def recognised(self, record: TableRecord) -> tuple[Action | None, JudgedLine]:
        key = self.cells.key(record)
        if not key or self.reply(record).decision == LEAVE:
            return super().recognised(record)
        action = self.actions.get(key.partition(" ")[0]) if self.cells.left(record) else None
        line = JudgedLine(record.line, record.words("funder")[:200], place=action.name if action else "")
        line.outcome, line.verdict = RowOutcome.THIS, CellVerdict.REFUSED
        line.why = french_spaces(EXPORTED_ROW)
        if action is None:
            line.outcome, line.why = RowOutcome.LEFT, french_spaces(GONE)
        elif record.row in self.cells.returned.strays:
            header, before = self.cells.returned.strays[record.row]
            line.outcome, action = RowOutcome.LEFT, None
            line.why = french_spaces(
                f"« {header} » n’est plus celui de cette ligne (« {before or 'rien'} ») : il se change sur la page des "
                "financements ; si les lignes ont été mêlées, reprenez l’export"
            )
        return action, line

    def judge(self, record: TableRecord, line: JudgedLine, action: Action) -> None:
        key = self.cells.key(record)
        if not key:
            super().judge(record, line, action)
            return
        lineage = key.partition(" ")[2]
        standing = next((line for line in self.standing[action.pk] if line.lineage.hex == lineage), None)
        if standing is None:
            line.why = french_spaces("ce financement a été retiré depuis l’export : rien n’est écrit")
            return
        changed: dict[str, Value] = {}
        for cells in self.by_year(record, line).values():
            for record_cell in cells:
                name = record_cell.guess.field
                content = content_of(standing.value(name))
                label = self.amount_cell(record_cell, str(standing.year)).label
                untouched = self.cells.untouched(record_cell, record, label, content)
                if untouched is not None:
                    line.cells.append(untouched)
                    continue
                amounts = self.amounts(line, [record_cell], standing.year, standing, several=False)
                line.cells[-1] = self.cells.asked(line.cells[-1], record, content)
                if line.cells[-1].verdict in (CellVerdict.NEW, CellVerdict.CHANGED):
                    changed.update(amounts)
        line.verdict = worst(cell.verdict for cell in line.cells)
        if changed:
            kind = FundingType(standing.kind)
            money = as_money(standing.year, kind, standing.funder, "", changed, standing, "")
            line.plan = MoneyPlan(line.line, action, (money,))
            content_text = f"{action.public_id} {standing.pk}"
            line.basis = hashlib.sha256(content_text.encode()).hexdigest()
