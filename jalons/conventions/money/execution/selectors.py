"""Planned, committed, spent: line by line, funder by funder, with what each sum covers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from jalons.accounts.enums import Right
from jalons.accounts.permissions import territory_of
from jalons.actions.enums import FundingType
from jalons.actions.models import Action, FundingLine
from jalons.conventions.dossier.content import TOTAL, BudgetRow, Dossier, Sheet
from jalons.conventions.dossier.from_base import read_dossier
from jalons.conventions.dossier.ledger import COUNCIL, STATE, budget_of, share_of, share_words
from jalons.conventions.enums import Stage
from jalons.conventions.models import BudgetAmount, Commitment, Convention
from jalons.core.values import (
    Ratio,
    Sum,
    Value,
    format_euros,
    total,
)
from jalons.history.querysets import NOW, AsOf

STAGES = (Stage.PLANNED, Stage.COMMITTED, Stage.EXECUTED)
# What is asked: the planned amounts are those of the sheet.
ASKED = (Stage.COMMITTED, Stage.EXECUTED)


@dataclass(frozen=True, slots=True)
class PartShown:
    """One funder of one line, or of the whole: the three amounts, and what was spent of what was planned."""

    words: str
    values: Sequence[Any]  # three `Value` or three `Sum`
    rate: str
    fraction: str


@dataclass(frozen=True, slots=True)
class LineShown:
    label: str
    parts: Sequence[PartShown]


@dataclass(frozen=True, slots=True)
class ExecutionProposal:
    """What the dispositif that the sheet is says was spent; counted here only once it is written here."""

    action: Action
    year: int
    words: str
    counted: str


@dataclass(frozen=True, slots=True)
class SheetShown:
    commitment: Commitment
    lines: Sequence[LineShown]
    total: PartShown | None
    proposals: Sequence[ExecutionProposal]

    @property
    def is_blank(self) -> bool:
        """Nothing was told of what is asked: the page folds it."""
        values = [value for line in self.lines for part in line.parts for value in part.values[1:]]
        return not self.proposals and all(value == Value.empty() for value in values)


@dataclass(frozen=True, slots=True)
class ExecutionPage:
    sheets: Sequence[SheetShown]
    funders: Sequence[PartShown]
    whole: PartShown | None
    asked: int
    filled: int


def visible_dossier(user: Any, convention: Convention, at: AsOf = NOW) -> Dossier:
    """The convention with the sheets that a person reads and nothing of the others."""
    sheets = Commitment.objects.visible_to(user).filter(convention=convention)
    sheets = sheets.select_related("parent", "party", "action").order_by("position", "pk")
    return read_dossier(convention, at, sheets=list(sheets))


def execution_page(user: Any, convention: Convention, at: AsOf = NOW) -> ExecutionPage:
    dossier = visible_dossier(user, convention, at)
    spent = proposals(user, dossier, at)
    by_share: dict[str, list[tuple[Value, ...]]] = defaultdict(list)
    sheets = []
    for sheet in dossier.mothers:
        rows = budget_of(sheet, dossier)
        if not rows:
            continue
        lines = []
        for row in rows:
            values_by_part = values_of(row)
            for part, values in values_by_part.items():
                by_share[share_of(part, dossier, sheet)].append(values)
            parts = [
                part_shown(words(share_of(p, dossier, sheet), dossier), v) for p, v in values_by_part.items()
            ]
            lines.append(LineShown(row.line.label or "Budget", parts))
        every = [values for row in rows for values in values_of(row).values()]
        whole = sum_shown("Ensemble", every) if len(every) > 1 else None
        sheets.append(SheetShown(sheet.commitment, lines, whole, spent.get(sheet.key, ())))
    order = sorted(by_share, key=lambda share: (share != STATE, not share.startswith(COUNCIL), share))
    everything = [values for share in order for values in by_share[share]]
    values_asked = [value for values in everything for value in values[1:]]
    return ExecutionPage(
        sheets,
        [sum_shown(words(share, dossier), by_share[share]) for share in order],
        sum_shown("Total", everything) if everything else None,
        len(values_asked),
        sum(value != Value.empty() for value in values_asked),
    )


def words(share: str, dossier: Dossier) -> str:
    label = share_words(share, dossier)
    return label[:1].upper() + label[1:]


def parts_of(row: BudgetRow) -> list[str]:
    """Its funders; the printed total when it names none. The total is never added to its parts."""
    return sorted(row.parts, key=lambda part: (part != "part_etat", part)) or [TOTAL]


def values_of(row: BudgetRow) -> dict[str, tuple[Value, ...]]:
    return {
        part: tuple(value_of(row.amounts.get((part, stage))) for stage in STAGES) for part in parts_of(row)
    }


def value_of(amount: BudgetAmount | None) -> Value:
    if amount is None:
        return Value.empty()
    value = amount.value
    # Words where an amount is expected are no amount: the page of the sheet shows them.
    return value if value.number is not None or value.emptiness else Value.nd()


def part_shown(label: str, values: Sequence[Value]) -> PartShown:
    planned, executed = values[0], values[2]
    return rated(label, values, Ratio.pooled([(executed, planned)]))


def sum_shown(label: str, rows: Sequence[Sequence[Value]]) -> PartShown:
    """The sums say what they lack; the rate is that of the lines of which both amounts are known, never a mean."""
    sums: list[Sum] = [total(values[index] for values in rows) for index in range(len(STAGES))]
    return rated(label, sums, Ratio.pooled([(values[2], values[0]) for values in rows]))


def rated(label: str, values: Sequence[Any], ratio: Ratio) -> PartShown:
    if not ratio.known or not ratio.denominator:
        return PartShown(label, values, "", "")
    fraction = f"{format_euros(ratio.numerator)} sur {format_euros(ratio.denominator)}"
    if ratio.known < ratio.expected:
        fraction += f", {ratio.known} ligne{'s' if ratio.known > 1 else ''} sur {ratio.expected}"
    return PartShown(label, values, str(ratio.value), fraction)


# What a dispositif says -----------------------------------------------------------------------------------------

COUNTED = "La convention est comptée ici, le dispositif dans ses financements : n’ajoutez pas l’un à l’autre."


def proposals(user: Any, dossier: Dossier, at: AsOf = NOW) -> dict[str, list[ExecutionProposal]]:
    """By sheet, what the financing of its dispositif says was spent that year, for those who may read it."""
    actions = {sheet.commitment.action_id: sheet for sheet in dossier.mothers if sheet.commitment.action_id}
    territory = territory_of(user, Right.READ_FUNDING)
    if not actions or not territory or dossier.year is None:
        return {}
    lines = FundingLine.objects.known(at).filter(action__in=list(actions), year=dossier.year)
    by_action: dict[Any, list[FundingLine]] = defaultdict(list)
    for line in lines.select_related("action", "funder").order_by("recorded_at", "pk"):
        if line.executed is not None and territory.holds(line.action):
            by_action[line.action_id].append(line)
    return {
        sheet.key: [
            ExecutionProposal(funding_lines[0].action, dossier.year, financed(funding_lines), COUNTED)
        ]
        for action, sheet in actions.items()
        if (funding_lines := by_action.get(action))
    }


def financed(lines: Iterable[FundingLine]) -> str:
    amounts = []
    for line in lines:
        name = str(line.funder or FundingType(line.kind).label)
        amounts.append(f"{name} : {line.value('executed')}")
    return " ; ".join(amounts)


# The form -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AskedAmount:
    """One amount that is asked: `name` of its field, what stands now."""

    name: str
    label: str
    row: BudgetRow
    part: str
    stage: str
    amount: BudgetAmount | None

    @property
    def value(self) -> Value:
        return Value.empty() if self.amount is None else self.amount.value


@dataclass(frozen=True, slots=True)
class AskedLine:
    label: str
    words: str
    planned: Value
    fields: Sequence[AskedAmount] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class AskedSheet:
    sheet: Sheet
    lines: Sequence[AskedLine]
    proposals: Sequence[ExecutionProposal]


def asked_sheets(user: Any, convention: Convention, only: Iterable[Commitment]) -> list[AskedSheet]:
    """Every amount that a person may fill, sheet by sheet. `only`: those where the right to write money holds."""
    dossier = visible_dossier(user, convention)
    open_keys = {commitment.key for commitment in only}
    spent = proposals(user, dossier)
    asked_sheets = []
    for sheet in dossier.mothers:
        rows = budget_of(sheet, dossier)
        if sheet.key in open_keys and rows:
            lines = [line for row in rows for line in asked_lines(row, sheet, dossier)]
            asked_sheets.append(AskedSheet(sheet, lines, spent.get(sheet.key, ())))
    return asked_sheets


def asked_lines(row: BudgetRow, sheet: Sheet, dossier: Dossier) -> list[AskedLine]:
    lines = []
    for index, part in enumerate(parts_of(row)):
        label = words(share_of(part, dossier, sheet), dossier)
        fields = tuple(
            AskedAmount(
                f"l{row.line.pk}-{index}-{stage}",
                f"{sheet.commitment.number_words}, {row.line.label}, {label}, {Stage(stage).label.lower()}",
                row,
                part,
                stage,
                row.amounts.get((part, stage)),
            )
            for stage in ASKED
        )
        planned = value_of(row.amounts.get((part, Stage.PLANNED)))
        lines.append(AskedLine(row.line.label or "Budget", label, planned, fields))
    return lines
