"""Which line of the annex and which actions of the article on payment speak of which number of which sheet. Pure.

Resolved once, for the proposed annex, the printed one, the reconciliation and the rules: they cannot disagree on which
sheet a line is of, what that sheet brings to it, and which lines a printed sum adds up.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from jalons.conventions.dossier import additions, ledger
from jalons.conventions.dossier.content import TOTAL, AnnexContent, Dossier, Sheet, TableContent
from jalons.conventions.dossier.places import owner_words
from jalons.conventions.enums import Family, LineKind
from jalons.conventions.models import AnnexLine, PlannedAction
from jalons.core.values import Number, fold

DIGITS = re.compile(r"\d+")
SUMS = (LineKind.SUBTOTAL, LineKind.TOTAL, LineKind.FAMILY_TOTAL, LineKind.GRAND_TOTAL)
NO_SHEET = (LineKind.SECTION, *SUMS)


@dataclass
class Pair:
    """One number: its sheet, its lines, its actions; any may be missing."""

    number: str
    sheet: Sheet | None = None
    lines: list[AnnexLine] = field(default_factory=list)
    actions: list[PlannedAction] = field(default_factory=list)

    @property
    def line(self) -> AnnexLine | None:
        """None also when several could be meant."""
        return self.lines[0] if len(self.lines) == 1 else None


class AnnexModel:
    """`pairs`: the numbers of the sheets in their order, then those that only the annexes or the article name."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier
        self.known = [Pair(str(number), sheet) for sheet in dossier.mothers for number in numbers_of(sheet)]
        self.by_label: dict[str, list[Pair]] = defaultdict(list)
        self.by_number: dict[str, list[Pair]] = defaultdict(list)
        for pair in self.known:
            self.by_number[pair.number].append(pair)
            for words in annex_words(pair.sheet):
                self.by_label[words].append(pair)
        self.alone: dict[str, Pair] = {}
        self.give_lines()
        self.give_actions()
        self.pairs = self.known + list(self.alone.values())

    def give_lines(self) -> None:
        """Each line goes to its pair; one that several sheets could bear goes to none."""
        for line in sheet_lines(self.dossier):
            number = number_of(line)
            pair = self.pair_of(line)
            if pair is not None:
                pair.lines.append(line)
            elif number not in self.by_number:
                self.alone.setdefault(number, Pair(number)).lines.append(line)

    def give_actions(self) -> None:
        for action in self.dossier.planned:
            pair = pair_of_action(action, self.known)
            if pair is None and action.sheet_number:
                pair = self.alone.setdefault(action.sheet_number, Pair(action.sheet_number))
            if pair is not None:
                pair.actions.append(action)

    def pair_of(self, line: AnnexLine) -> Pair | None:
        """The number of a sheet that a line speaks of: by the key of the sheet, by what the sheet says of the annex, by
        number; when two Départements number theirs alike, by the Département that the line names, by whose money it is,
        then by its label.
        """
        number = number_of(line)
        named = self.by_label.get(fold(line.label), [])
        candidates = (
            self.of_key(line)
            or [pair for pair in named if not number or pair.number in ("", number)]
            or self.by_number.get(number, [])
        )
        for choose in (of_owner, self.of_money, of_title):
            if len(candidates) > 1:
                candidates = choose(line, candidates) or candidates
        return candidates[0] if len(candidates) == 1 else None

    def of_key(self, line: AnnexLine) -> list[Pair]:
        key = line.kept.get("fiche_id")
        mine = [pair for pair in self.known if key and pair.sheet is not None and pair.sheet.key == key]
        return [pair for pair in mine if pair.number == number_of(line)] or mine[:1]

    def of_money(self, line: AnnexLine, among: list[Pair]) -> list[Pair]:
        """Those whose Département pays on this line: one alone, or nothing is known."""
        paid = {part for part in line.figures if part != TOTAL and line.euros(part)}
        codes = {ledger.share_of(part, self.dossier).partition(":")[2] for part in paid}
        candidates = [
            pair for pair in among if pair.sheet is not None and pair.sheet.departement in codes - {""}
        ]
        return candidates if len(candidates) == 1 else []

    def sheet_of(self, line: AnnexLine) -> Sheet | None:
        """The sheet of a line, a theme when the line bears its key."""
        key = line.kept.get("fiche_id")
        if isinstance(key, str) and key in self.dossier.by_key:
            return self.dossier.by_key[key]
        pair = self.pair_of(line) if number_of(line) else None
        return pair.sheet if pair is not None else None

    def lines_of(self, sheet: Sheet, number: object = None) -> list[AnnexLine]:
        """What the annex prints for a sheet, for one of its numbers."""
        return [
            line
            for pair in self.known
            if pair.sheet is sheet and (number is None or pair.number == str(number))
            for line in pair.lines
        ]

    def may_name(self, pair: Pair) -> bool:
        """Could a line that several sheets may mean be this one's?"""
        lines = (line for line in sheet_lines(self.dossier) if number_of(line) == pair.number)
        return any(self.pair_of(line) is None for line in lines)

    def printed_for(self, line: AnnexLine) -> list[AnnexLine]:
        """What the annex prints for the number of a line that stands elsewhere."""
        pair = (self.pair_of(line) or self.alone.get(line.number)) if line.number else None
        return pair.lines if pair is not None else []

    def brought(self, line: AnnexLine, parts: Sequence[str]) -> additions.Amounts | None:
        """What its sheet brings to a line, column by column; None when no sheet says any amount."""
        sheet = self.sheet_of(line)
        if sheet is None:
            return None
        amounts = ledger.amounts_of(sheet, self.dossier, line.number or None)
        if all(amount is None for amount in amounts.values()):
            return None
        return {part: self.under(part, parts, amounts) for part in parts}

    def under(self, part: str, parts: Sequence[str], amounts: additions.Amounts) -> Number | None:
        """What a sheet brings under one column. The only column for a Département takes what any of them brings."""
        if part == TOTAL:
            return ledger.whole_of(amounts)
        shares = additions.shares_without_total(amounts)
        share = ledger.share_of(part, self.dossier)
        council = share.startswith(ledger.COUNCIL)
        amount = None if share == ledger.COUNCIL else completed(amounts, [share])[share]
        if share == ledger.COUNCIL or (not amount and council and self.lone_council(parts)):
            of_all = additions.total_of(shares[name] for name in shares if name.startswith(ledger.COUNCIL))
            amount = amount if of_all is None else of_all
        return 0 if amount is None and nothing_left(amounts) else amount

    def lone_council(self, parts: Sequence[str]) -> bool:
        """Is there one column for a Département only?"""
        return sum(ledger.share_of(part, self.dossier).startswith(ledger.COUNCIL) for part in parts) == 1

    def terms(self, line: AnnexLine, table: TableContent, annex: AnnexContent) -> list[AnnexLine]:
        """The lines that a printed sum adds up; none when nothing says which."""
        if line.kind == LineKind.SUBTOTAL:
            return since_last_sum(line, table)
        if line.kind == LineKind.TOTAL:
            return (
                of_sheets(table.lines)
                or of_kind(table.lines, LineKind.FAMILY_TOTAL)
                or of_sheets(annex.lines)
            )
        if line.kind == LineKind.FAMILY_TOTAL:
            return self.terms_of_family(line, table, annex)
        if line.kind == LineKind.GRAND_TOTAL:
            return (
                of_sheets(annex.lines)
                or of_kind(table.lines, LineKind.FAMILY_TOTAL)
                or of_kind(annex.lines, LineKind.TOTAL)
            )
        return []

    def terms_of_family(self, line: AnnexLine, table: TableContent, annex: AnnexContent) -> list[AnnexLine]:
        """The lines of the tables of the family, by its name, by the words of their titles; else those of which the
        sheet is of the family.
        """
        tables = tables_of_family(line, table, annex)
        if tables:
            return [line for table in tables for line in of_sheets(table.lines)]
        family = family_of(line.label)
        if family == Family.OTHER:
            return []
        return [
            line
            for line in of_sheets(annex.lines)
            if (sheet := self.sheet_of(line)) is not None and sheet.commitment.family == family
        ]

    def sums_above(self, line: AnnexLine) -> Iterator[AnnexLine]:
        """The printed sums that count a line, of its annex."""
        for annex in self.dossier.annexes:
            for table in annex.tables:
                for other in table.lines:
                    if other.kind in SUMS and any(term is line for term in self.terms(other, table, annex)):
                        yield other


def annex_model(dossier: Dossier) -> AnnexModel:
    """The annex as it stands now: made again when the dossier changes."""
    return AnnexModel(dossier)


def pairs(dossier: Dossier) -> list[Pair]:
    return annex_model(dossier).pairs


# A line and its sheet ------------------------------------------------------------------------------------


def numbers_of(sheet: Sheet) -> list[Any]:
    return list(dict.fromkeys(sheet.commitment.numbers)) or [""]


def number_of(line: AnnexLine) -> str:
    """« 5 », whether the line bears it or names its action (« Action 5 »)."""
    if line.number:
        return line.number
    match = DIGITS.search(line.action_number)
    return match[0] if match else ""


def is_of_sheet(line: AnnexLine) -> bool:
    return line.kind == LineKind.SHEET or (line.kind not in NO_SHEET and bool(number_of(line)))


def of_sheets(lines: Iterable[AnnexLine]) -> list[AnnexLine]:
    return [line for line in lines if is_of_sheet(line)]


def sheet_lines(dossier: Dossier) -> Iterator[AnnexLine]:
    """The lines that speak of one sheet, in every annex."""
    for annex in dossier.annexes:
        yield from of_sheets(annex.lines)


def of_owner(line: AnnexLine, among: list[Pair]) -> list[Pair]:
    owner = line.kept.get("departement")
    if not isinstance(owner, str) or not owner:
        return []
    return [pair for pair in among if pair.sheet is not None and fold(owner_words(pair.sheet)) == fold(owner)]


def of_title(line: AnnexLine, among: list[Pair]) -> list[Pair]:
    label = fold(line.label)
    titles = [(pair, fold(pair.sheet.commitment.title)) for pair in among if pair.sheet is not None]
    candidates = [pair for pair, title in titles if title and title in label]
    return candidates if len(candidates) == 1 else []


def annex_words(sheet: Sheet | None) -> list[str]:
    """The labels under which a sheet says that the annex names it, folded."""
    annexe3 = (sheet.commitment.cross_refs or {}).get("annexe3") if sheet is not None else None
    labels = annexe3 if isinstance(annexe3, list) else [annexe3]
    return [fold(label) for label in labels if isinstance(label, str) and label.strip()]


def pair_of_action(action: PlannedAction, known: list[Pair]) -> Pair | None:
    mine = [pair for pair in known if pair.sheet is not None and pair.sheet.key == action.sheet_key]
    if not action.sheet_key:
        mine = [pair for pair in known if action.sheet_number and pair.number == action.sheet_number]
    if len(mine) > 1:
        mine = [pair for pair in mine if pair.number == action.sheet_number]
    return mine[0] if len(mine) == 1 else None


# Amounts -------------------------------------------------------------------------------------------------


def sheet_amounts(pair: Pair, dossier: Dossier) -> additions.Amounts:
    return ledger.amounts_of(pair.sheet, dossier, pair.number or None) if pair.sheet is not None else {}


def line_amounts(pair: Pair, dossier: Dossier) -> additions.Amounts:
    return ledger.amounts_of_line(pair.line, dossier) if pair.line is not None else {}


def nothing_left(amounts: additions.Amounts) -> bool:
    """Do the shares that are said make the total, so that the others bring nothing?"""
    brought = additions.total_of(additions.shares_without_total(amounts).values())
    return amounts.get(TOTAL) is not None and amounts.get(TOTAL) == (brought or 0)


def completed(amounts: additions.Amounts, shares: Iterable[str]) -> additions.Amounts:
    """The amounts with these shares too: 0 € for one that the total leaves nothing for, unknown otherwise."""
    rest: Number | None = 0 if nothing_left(amounts) else None
    names = dict.fromkeys([*amounts, *shares])
    return {
        name: rest if amounts.get(name) is None and name != TOTAL else amounts.get(name) for name in names
    }


# Printed sums --------------------------------------------------------------------------------------------


def of_kind(lines: Iterable[AnnexLine], kind: LineKind) -> list[AnnexLine]:
    return [line for line in lines if line.kind == kind]


def since_last_sum(line: AnnexLine, table: TableContent) -> list[AnnexLine]:
    terms: list[AnnexLine] = []
    for other in table.lines:
        if other is line:
            return terms
        if other.kind in NO_SHEET:
            terms = []
        elif is_of_sheet(other):
            terms.append(other)
    return []


def family_of(words: str) -> str:
    folded = fold(words)
    if "socle" in folded:
        return Family.SOCLE
    return Family.INITIATIVE if "initiative" in folded else Family.OTHER


def tables_of_family(line: AnnexLine, own: TableContent, annex: AnnexContent) -> list[TableContent]:
    """Those that bear the name of the family; else the one whose title has most of the words of the label."""
    others = [table for table in annex.tables if table is not own and of_sheets(table.lines)]
    family = family_of(line.label)
    named = [table for table in others if family_of(f"{table.table.title} {table.table.key}") == family]
    if family != Family.OTHER and named:
        return named
    words = set(fold(line.label).split())
    scores = [
        (len(words & set(fold(table.table.title or table.table.key).split())), table) for table in others
    ]
    best = max((score for score, _ in scores), default=0)
    best_tables = [table for score, table in scores if score == best and score]
    return best_tables if len(best_tables) == 1 else []
