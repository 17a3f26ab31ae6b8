"""A convention at a glance: its money, its sheets, what they still lack. Cells are counted in the base, never read."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from jalons.conventions.dossier import additions, ledger
from jalons.conventions.dossier.annex_model import annex_model
from jalons.conventions.dossier.content import TOTAL, Dossier, Sheet, without_sheet
from jalons.conventions.dossier.from_base import read_annexes, read_sheets_with_money, read_words, sheets_at
from jalons.conventions.dossier.readers import parties_seen, sees_whole
from jalons.conventions.enums import Family
from jalons.conventions.figures.progress import (
    FilledCount,
    SheetAlertCounts,
    alerts_by,
    alerts_seen,
    filled_by,
)
from jalons.conventions.models import (
    Article,
    Commitment,
    Convention,
    MissingSheet,
)
from jalons.conventions.overview.calendar import (
    ConventionDeadline,
    DatedConvention,
    deadlines,
    is_over,
    next_deadline,
    read_dated,
)
from jalons.core.values import (
    Number,
    Sum,
    Value,
    format_euros,
    plural,
    total,
)
from jalons.history.querysets import NOW, AsOf, described

# --- who sees what, with several Départements ---------------------------------------------------------------------


# --- the page -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """An amount of one funder. `words`: « 8 566 045 € », « – » for a dash, nothing when nobody said it."""

    head: str  # of its column: « État », « Département (62) »
    amount: Number | None
    words: str


@dataclass
class SheetLine:
    """A sheet in the list. `total` None: unknown."""

    sheet: Sheet
    total: Number | None
    shares: list[Share]
    filled: FilledCount
    alerts: SheetAlertCounts
    annex_label: str = ""  # what the annex calls a sheet that has no title
    themes: list["SheetLine"] = field(default_factory=list)

    @property
    def commitment(self) -> Commitment:
        return self.sheet.commitment


@dataclass(frozen=True, slots=True)
class SumWords:
    """« ≥ 17 505 016 € », « 1 montant inconnu »; both empty when nothing is known."""

    figure: str
    lacks: str


@dataclass
class FamilyGroup:
    """The sheets of a family, in the printed order, and what they add up to."""

    label: str
    lines: list[SheetLine]
    total: SumWords
    shares: list[tuple[str, SumWords]]  # with the head of the column


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What another Département does: its name, the number and the label of its action, and nothing else."""

    departement: str
    number: str
    label: str


@dataclass
class Overview:
    dossier: Dossier
    heads: list[str]  # of the columns of the funders, in order
    groups: list[FamilyGroup]
    missing: list[tuple[str, str]]  # (number, label) of what the annexes name and has no page
    others: list[Elsewhere]
    hidden: int  # how many sheets of others
    filled: FilledCount
    alerts: SheetAlertCounts
    dated: DatedConvention
    deadlines: list[ConventionDeadline]
    mine: frozenset[int] | None

    @property
    def over(self) -> bool:
        return self.alerts.over

    def total_of(self, head: str = "") -> SumWords:
        """What the sheets in sight add up to under one column; all of it without `head`. A theme is in its sheet."""
        if head:
            return share_sum(self.lines, self.heads.index(head))
        return whole_sum(self.lines)

    @property
    def next_deadline(self) -> ConventionDeadline | None:
        return next_deadline(self.deadlines)

    @property
    def lines(self) -> list[SheetLine]:
        return [line for group in self.groups for line in group.lines]


def overview_of(user: Any, convention: Convention, today: dt.date, at: AsOf = NOW) -> Overview:
    """What one person sees of a convention, in a constant number of queries. What is filled and the alerts are those
    of today: in a view of what was known, the page does not say them.
    """
    dossier = read_words(convention, at)
    dossier.articles = described(Article, at, convention=convention)
    dossier.missing = described(MissingSheet, at, convention=convention)
    mine = parties_seen(user, convention, dossier.parties)
    everything = sheets_at(convention, at)
    visible = Commitment.objects.visible_to(user).filter(convention=convention)
    seen = everything
    if mine is not None or not sees_whole(user, convention):
        readable = set(visible.values_list("pk", flat=True))
        seen = [commitment for commitment in everything if commitment.pk in readable]
    read_sheets_with_money(dossier, seen, at)
    read_annexes(dossier, at)
    dated = read_dated([convention], mine, at)[convention.pk]
    dossier.clauses = dated.clauses
    filled = filled_by(visible)
    over = is_over(convention, today)
    counted = alerts_by(alerts_seen(user).filter(convention=convention), "commitment")
    alerts = {key: replace(counts, over=over) for key, counts in counted.items()}
    shares = shares_of(dossier)
    lines = [sheet_line(sheet, dossier, shares, filled, alerts) for sheet in dossier.mothers]
    orphans = [
        sheet for sheet in dossier.sheets if sheet.parent_key and sheet.parent_key not in dossier.by_key
    ]
    lines += [sheet_line(sheet, dossier, shares, filled, alerts) for sheet in orphans]
    hidden = len(everything) - len(seen)
    return Overview(
        dossier=dossier,
        heads=list(shares.values()),
        groups=groups_of(lines, list(shares.values())),
        missing=[] if hidden else missing_of(dossier),
        others=others_of(dossier, everything, seen) if hidden else [],
        hidden=hidden,
        filled=sum(filled.values(), FilledCount()),
        alerts=sum(alerts.values(), SheetAlertCounts(over=over)),
        dated=dated,
        deadlines=deadlines(convention, dated, today),
        mine=mine,
    )


def shares_of(dossier: Dossier) -> dict[str, str]:
    """The funders of the sheets and the heads of their columns: the State, the Départements, the others."""
    shares = {
        share: None
        for sheet in dossier.sheets
        for share in additions.shares_without_total(ledger.amounts_of(sheet, dossier))
    }
    ordered = sorted(
        shares, key=lambda share: (share != ledger.STATE, not share.startswith(ledger.COUNCIL), share)
    )
    return {share: share_head(share, dossier) for share in ordered}


def share_head(share: str, dossier: Dossier) -> str:
    """« État », « Département », « Département (62) », « Région »."""
    if share == ledger.STATE:
        return "État"
    short = ledger.share_words(share, dossier).removeprefix("part ").removeprefix("du ")
    return short[:1].upper() + short[1:]


def sheet_line(
    sheet: Sheet,
    dossier: Dossier,
    shares: Mapping[str, str],
    filled: Mapping[Any, FilledCount],
    alerts: Mapping[Any, SheetAlertCounts],
) -> SheetLine:
    amounts = ledger.amounts_of(sheet, dossier)
    pk = sheet.commitment.pk
    return SheetLine(
        sheet=sheet,
        total=amounts.get(TOTAL) if amounts.get(TOTAL) is not None else ledger.whole_of(amounts),
        shares=[Share(head, amounts.get(key), share_cell(amounts, key)) for key, head in shares.items()],
        filled=filled.get(pk, FilledCount()),
        alerts=alerts.get(pk, SheetAlertCounts()),
        annex_label="" if sheet.commitment.title else annex_label(sheet, dossier),
        themes=[sheet_line(theme, dossier, shares, filled, alerts) for theme in dossier.themes(sheet)],
    )


def annex_label(sheet: Sheet, dossier: Dossier) -> str:
    return " ; ".join(line.label for line in annex_model(dossier).lines_of(sheet))


def share_cell(amounts: additions.Amounts, share: str) -> str:
    if share not in amounts:
        return ""
    amount = amounts[share]
    return "–" if amount is None else format_euros(amount)


def groups_of(lines: Sequence[SheetLine], heads: Sequence[str]) -> list[FamilyGroup]:
    """By family, in the order in which they are printed."""
    by_family: dict[str, list[SheetLine]] = {}
    for line in lines:
        by_family.setdefault(family_words(line.commitment), []).append(line)
    return [
        FamilyGroup(
            label,
            family_lines,
            whole_sum(family_lines),
            [(head, share_sum(family_lines, place)) for place, head in enumerate(heads)],
        )
        for label, family_lines in by_family.items()
    ]


def family_words(commitment: Commitment) -> str:
    if commitment.family == Family.OTHER and commitment.family_words:
        return commitment.family_words[:1].upper() + commitment.family_words[1:]
    return Family(commitment.family).label


def whole_sum(lines: Sequence[SheetLine]) -> SumWords:
    return sum_words(Value.empty() if line.total is None else Value.amount(line.total) for line in lines)


def share_sum(lines: Sequence[SheetLine], place: int) -> SumWords:
    amounts = [line.shares[place] for line in lines]
    return sum_words(
        Value.amount(share.amount)
        if share.amount is not None
        else Value.dash()
        if share.words
        else Value.empty()
        for share in amounts
    )


def sum_words(values: Iterable[Value]) -> SumWords:
    summed: Sum = total(values)
    if not summed.is_known:
        return SumWords("", "")
    words = plural(summed.missing, "montant inconnu", "montants inconnus")
    return SumWords(summed.short(format_euros), f"{summed.missing} {words}" if summed.missing else "")


def missing_of(dossier: Dossier) -> list[tuple[str, str]]:
    """Numbers without a page, with the label that the annex or the file gives them."""
    labels = {missing.number: missing.label for missing in dossier.missing}
    for line in ledger.annex_lines(dossier):
        labels.setdefault(line.number, line.label)
    numbers = without_sheet(dossier)
    return [(number, labels.get(number, "")) for number in sorted(numbers, key=natural)]


def natural(number: str) -> tuple[int, str]:
    return (int(number), "") if number.isascii() and number.isdigit() else (10**6, number)


def others_of(
    dossier: Dossier, everything: Sequence[Commitment], seen: Sequence[Commitment]
) -> list[Elsewhere]:
    """The labels of the actions of the others: from the list that each signs, else from the annex."""
    keys_seen = {commitment.key for commitment in seen}
    hidden = [commitment for commitment in everything if commitment.key not in keys_seen]
    keys = {commitment.key for commitment in hidden}
    names = {
        party.pk: party.departement.name if party.departement else party.name for party in dossier.parties
    }
    own = {names.get(commitment.party_id or 0, "") for commitment in seen if commitment.party_id}
    listed = [
        action
        for action in dossier.listed
        if (action.sheet_key in keys if action.sheet_key else action.departement_words not in own)
    ]
    if listed:
        return [Elsewhere(action.departement_words, action.number, action.label) for action in listed]
    others = []
    for commitment in hidden:
        if commitment.parent_id:
            continue
        for number in commitment.numbers:
            for line in ledger.lines_of_number(number, dossier):
                others.append(Elsewhere(names.get(commitment.party_id or 0, ""), str(number), line.label))
    return others
