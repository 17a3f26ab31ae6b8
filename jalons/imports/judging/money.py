"""A table of money: for each dispositif and each funder, what was planned, committed, executed, by year."""

import datetime as dt
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError

from jalons.accounts.enums import Right
from jalons.accounts.models import Organisation
from jalons.accounts.organisations import Directory, organisation_label
from jalons.actions.enums import FundingType
from jalons.actions.funders import contradicts, own_type
from jalons.actions.models import Action, FundingLine
from jalons.actions.services import Money
from jalons.core.forms import AmountField
from jalons.core.values import Value, fold, format_number, french_spaces
from jalons.history.services import Actor
from jalons.imports.choices import ChosenTable
from jalons.imports.enums import CellVerdict, RowOutcome
from jalons.imports.judging.dispositifs import NamedActions, action_candidate, writable_actions
from jalons.imports.judging.known import who_wrote
from jalons.imports.judging.replies import LEAVE, Replies, Reply, answered_records
from jalons.imports.judging.verdicts import JudgedCell, JudgedLine, worst
from jalons.imports.reading.typed import TypedCell
from jalons.imports.targets.records import RecordCell, TableRecord

KIND, FUNDER = "kind", "funder"
AS_WRITTEN = "comme écrit, sans structure"
EARLIEST, LATEST = 2000, 2100
# What the words of a funder say of its money, when Jalons knows no structure of that name.
KIND_WORDS: tuple[tuple[FundingType, re.Pattern[str]], ...] = (
    (FundingType.EUROPEAN, re.compile(r"\b(fse|feder|fami|europe\w*|react)\b")),
    (FundingType.DEDICATED, re.compile(r"\b(dihal|credits? dedies?|dedies?)\b")),
    (FundingType.DEPARTEMENT, re.compile(r"\b(conseil departemental|departement|cd ?\d\d)\b")),
    (FundingType.PRIVATE, re.compile(r"\b(fondations?|prives?|mecenat|dons?)\b")),
)


@dataclass(frozen=True, slots=True)
class MoneyPlan:
    """The lines of funding that a row adds, or says otherwise."""

    line: int
    action: Action
    money: tuple[Money, ...]


class MoneyJudge:
    """Judges every row in a constant number of queries."""

    def __init__(self, chosen: ChosenTable, by: Actor, replies: Replies, *, rehearsal: bool = False) -> None:
        self.chosen, self.replies = chosen, replies
        answers = {
            line: replace(
                reply, fixes={key: typed for key, typed in reply.fixes.items() if typed != AS_WRITTEN}
            )
            for line, reply in replies.items()
        }
        self.records = answered_records(chosen, answers)
        # What is written is compared with what stands: both rights are needed.
        read = writable_actions(by, Right.READ_FUNDING)
        written = writable_actions(by, Right.WRITE_FUNDING)
        self.actions = {key: action for key, action in read.items() if rehearsal or key in written}
        self.names = NamedActions(self.actions)
        self.directory = Directory()
        self.taken: dict[tuple[object, ...], int] = {}

    def reply(self, record: TableRecord) -> Reply:
        return self.replies.get(record.line, Reply())

    def lines(self) -> list[JudgedLine]:
        found = {record.row: self.recognised(record) for record in self.records}
        actions = {action.pk for action, _ in found.values() if action}
        lines = FundingLine.objects.known().filter(action__in=actions)
        self.standing: dict[int, list[FundingLine]] = defaultdict(list)
        for one in lines.select_related("funder", "author", "organisation").order_by("pk"):
            self.standing[one.action_id].append(one)
        for record in self.records:
            action, line = found[record.row]
            if action is not None:
                self.judge(record, line, action)
        return [line for _, line in found.values()]

    # Which dispositif ------------------------------------------------------------------------------------

    def recognised(self, record: TableRecord) -> tuple[Action | None, JudgedLine]:
        told = record.cells["action"]
        words = told.cell.text or told.raw.text
        line = JudgedLine(record.line, (record.words(FUNDER) or words)[:200], place=words[:120])
        line.outcome, line.verdict = RowOutcome.CHOOSE, CellVerdict.DOUBTFUL
        decision = self.reply(record).decision
        if decision == LEAVE:
            line.outcome, line.verdict = RowOutcome.LEFT, CellVerdict.SAME
            line.why = french_spaces("laissée de côté, comme vous l’avez choisi")
            return None, line
        if decision in self.actions:
            line.outcome, line.why = RowOutcome.THIS, french_spaces("le dispositif que vous avez choisi")
            return self.actions[decision], line
        if told.cell.ask:
            line.why = told.cell.reason
            cell = JudgedCell(told.key, "Dispositif", told.reference, told.raw.text, CellVerdict.DOUBTFUL)
            cell.rule, cell.suggest = told.cell.reason, str(told.cell.suggest or "")
            line.cells.append(cell)
            return None, line
        match = self.names.match(words)
        action = self.names.found(match)
        line.why = french_spaces(match.why)
        line.candidates = [action_candidate(self.actions[candidate.key]) for candidate in match.candidates]
        if action is not None:
            line.outcome, line.place = RowOutcome.THIS, action.name
        elif not line.candidates:
            line.why = french_spaces(
                f"aucun dispositif dont vous remplissez les financements ne s’appelle « {words} »"
            )
        return action, line

    # Whose money -----------------------------------------------------------------------------------------

    def funder(
        self, record: TableRecord, action: Action
    ) -> tuple[Organisation | None, str, JudgedCell | None]:
        """The structure, the words that stand for it when there is none, and the question when one may be meant."""
        told = record.cells.get(FUNDER)
        words = record.words(FUNDER)
        if told is None or not words:
            return None, "", None
        found = self.directory.named(words)
        if len(found) == 1:
            return found[0], "", None
        if self.reply(record).fixes.get(FUNDER) == AS_WRITTEN:
            return None, words, None
        near = found or self.in_brackets(words, action) or self.directory.near(words)
        if not near:
            return None, words, None
        cell = JudgedCell(told.key, "Financeur", told.reference, told.raw.text, CellVerdict.DOUBTFUL)
        cell.rule = french_spaces(f"quelle structure est « {words} » ?")
        cell.options = [*(organisation_label(one) for one in near), AS_WRITTEN]
        return None, words, cell

    def in_brackets(self, words: str, action: Action) -> list[Organisation]:
        """« État – BOP 177 (DDETS) » names the DDETS of the département."""
        tokens = re.findall(r"[^\W\d_]{3,}", fold(words))
        found = [one for token in tokens for one in self.directory.called.get(token, ())]
        here = [one for one in found if one.territory.departement_id == action.departement_id]
        return list({one.pk: one for one in here}.values())

    def kind(
        self, record: TableRecord, action: Action, funder: Organisation | None, words: str
    ) -> tuple[FundingType | None, JudgedCell | None]:
        """The type of funding: as written, as before, as goes without saying; else it is asked."""
        told = record.cells.get(KIND)
        written = self.reply(record).fixes.get(KIND) or record.words(KIND)
        kind = kind_named(written) if written else self.usual_kind(action, funder, words)
        if kind is not None and not (funder and contradicts(kind, funder)):
            return kind, None
        reference, raw = (told.reference, told.raw.text) if told else ("", "")
        cell = JudgedCell(KIND, "Type de financement", reference, raw or "non écrit", CellVerdict.DOUBTFUL)
        if kind is not None:
            cell.rule = french_spaces(f"« {kind.label} » ne vient pas de {funder} : de qui est cet argent ?")
        elif written:
            cell.rule = french_spaces(f"« {written} » n’est pas un type de financement connu")
        else:
            cell.rule = french_spaces("le tableau ne le dit pas")
        cell.options = [
            funding_type.label
            for funding_type in FundingType
            if not funder or not contradicts(funding_type, funder)
        ]
        return None, cell

    def usual_kind(self, action: Action, funder: Organisation | None, words: str) -> FundingType | None:
        before = {one.kind for one in self.standing[action.pk] if is_of(one, funder, words)}
        if len(before) == 1:
            return FundingType(before.pop())
        if funder is not None:
            return own_type(funder)
        said = [kind for kind, pattern in KIND_WORDS if pattern.search(fold(words))]
        return said[0] if len(said) == 1 else None

    # How much --------------------------------------------------------------------------------------------

    def judge(self, record: TableRecord, line: JudgedLine, action: Action) -> None:
        funder, words, asked = self.funder(record, action)
        kind, unsure = (None, None) if asked else self.kind(record, action, funder, words)
        line.cells += [cell for cell in (asked, unsure) if cell]
        money, versions = [], []
        for year, cells in sorted(self.by_year(record, line).items()):
            same = [
                one
                for one in self.standing[action.pk]
                if one.year == year and is_of(one, funder, words) and (kind is None or one.kind == kind)
            ]
            standing = same[0] if len(same) == 1 else None
            told = self.amounts(line, cells, year, standing, several=len(same) > 1)
            if told and kind is not None and self.is_first(line, action, year, funder, words, kind):
                money.append(as_money(year, kind, funder, words, told, standing, record.words("note")))
                versions.append(f"{year} {standing.pk if standing else '-'}")
        line.verdict = worst(cell.verdict for cell in line.cells)
        if money:
            line.plan = MoneyPlan(line.line, action, tuple(money))
            line.basis = hashlib.sha256("|".join([action.public_id, *versions]).encode()).hexdigest()
        elif line.verdict is CellVerdict.SAME:
            line.why = french_spaces("rien de nouveau")

    def by_year(self, record: TableRecord, line: JudgedLine) -> dict[int, list[RecordCell]]:
        """The amounts of the row; those of no year are refused here."""
        told = record.cells.get("year")
        found: dict[int, list[RecordCell]] = defaultdict(list)
        for one in record.cells.values():
            if one.guess.field not in FundingLine.AMOUNTS:
                continue
            year = one.guess.year or (told.cell.number if told else None)
            if year is not None and EARLIEST <= year <= LATEST and int(year) == year:
                found[int(year)].append(one)
            elif not one.cell.is_empty:
                cell = self.amount_cell(one, "")
                cell.verdict, cell.rule = (
                    CellVerdict.REFUSED,
                    french_spaces("de quelle année ? Le tableau ne le dit pas"),
                )
                line.cells.append(cell)
        return found

    def amount_cell(self, told: RecordCell, year: str) -> JudgedCell:
        label = f"{self.chosen.target.fields[told.guess.field].label} {year}".strip()
        cell = JudgedCell(told.key, label, told.reference, told.raw.text, CellVerdict.SAME)
        cell.rule = told.cell.reason or told.cell.note
        return cell

    def amounts(
        self,
        line: JudgedLine,
        cells: Iterable[RecordCell],
        year: int,
        standing: FundingLine | None,
        *,
        several: bool,
    ) -> dict[str, Value]:
        """What is new or changed, by column of a line of funding."""
        changed: dict[str, Value] = {}
        for told in cells:
            cell = self.amount_cell(told, str(year))
            line.cells.append(cell)
            before = standing.value(told.guess.field) if standing else Value.empty()
            cell.before = "" if before == Value.empty() else str(before)
            if told.cell.is_empty:
                cell.after, cell.rule = cell.before, french_spaces("n’efface rien")
                continue
            if told.cell.ask:
                cell.verdict = CellVerdict.DOUBTFUL
                cell.suggest = "" if told.cell.suggest is None else str(told.cell.suggest)
                continue
            value, refusal = typed_amount(told.cell)
            if refusal or value is None:
                cell.verdict, cell.rule = CellVerdict.REFUSED, french_spaces(refusal)
            elif several:
                cell.verdict = CellVerdict.REFUSED
                cell.rule = french_spaces(
                    f"plusieurs lignes de ce financeur existent en {year} : corrigez-les sur la fiche"
                )
            elif value == before:
                cell.after = str(value)
            else:
                cell.after, changed[told.guess.field] = str(value), value
                cell.verdict = CellVerdict.NEW if before == Value.empty() else CellVerdict.CHANGED
                cell.who = who_wrote(standing) if standing and cell.verdict is CellVerdict.CHANGED else ""
        return changed

    def is_first(
        self,
        line: JudgedLine,
        action: Action,
        year: int,
        funder: Organisation | None,
        words: str,
        kind: FundingType,
    ) -> bool:
        key = (action.pk, year, funder.pk if funder else fold(words), kind)
        first = self.taken.setdefault(key, line.line)
        if first == line.line:
            return True
        rule = french_spaces(f"le même financeur et la même année que la ligne {first}")
        for cell in line.cells:
            if cell.label.endswith(str(year)) and cell.verdict in (CellVerdict.NEW, CellVerdict.CHANGED):
                cell.verdict, cell.rule = CellVerdict.DOUBTFUL, rule
        return False


def is_of(line: FundingLine, funder: Organisation | None, words: str) -> bool:
    """A line of this funder; without structure, one whose note is these words."""
    if funder is not None:
        return line.funder_id == funder.pk
    return line.funder_id is None and fold(line.note) == fold(words)


def kind_named(words: str) -> FundingType | None:
    folded = fold(words)
    exact = [kind for kind in FundingType if fold(kind.label) == folded]
    said = exact or [kind for kind, pattern in KIND_WORDS if pattern.search(folded)]
    return said[0] if len(said) == 1 else None


def typed_amount(cell: TypedCell) -> tuple[Value | None, str]:
    """The amount, or why it is none: by the very field of the page of funding."""
    if cell.emptiness is not None:
        return cell.value, ""
    if cell.number is None:
        return None, "ce n’est pas un montant"
    try:
        return AmountField().clean(format_number(cell.number)), ""
    except ValidationError as error:
        return None, " ".join(error.messages)


def as_money(
    year: int,
    kind: FundingType,
    funder: Organisation | None,
    words: str,
    told: dict[str, Value],
    standing: FundingLine | None,
    remark: str,
) -> Money:
    """What stands, with what the row says of it."""
    before = {name: standing.value(name) for name in FundingLine.AMOUNTS} if standing else {}
    note = standing.note if standing else (words or remark)
    return Money(
        year=year, kind=kind, funder=funder, note=note[:300], amounts={**before, **told}, line=standing
    )


def true_from(year: int, today: dt.date) -> dt.date:
    """From when a line of funding is true: its year, or today when the year is still to come."""
    return min(today, dt.date(year, 1, 1))
