"""Which line of the annex and which actions of the article on payment speak of which number of which sheet."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from jalons.conventions.dossier import ledger
from jalons.conventions.dossier.content import Dossier, Sheet
from jalons.conventions.dossier.places import owner_words
from jalons.conventions.enums import LineKind
from jalons.conventions.models import AnnexLine, PlannedAction
from jalons.core.values import fold

DIGITS = re.compile(r"\d+")
SUMS = (LineKind.SECTION, LineKind.SUBTOTAL, LineKind.TOTAL, LineKind.FAMILY_TOTAL, LineKind.GRAND_TOTAL)


@dataclass
class Pair:
    """One number: its sheet, its line, its actions; any may be missing."""

    number: str
    sheet: Sheet | None = None
    lines: list[AnnexLine] = field(default_factory=list)
    actions: list[PlannedAction] = field(default_factory=list)

    @property
    def line(self) -> AnnexLine | None:
        """None also when several could be meant."""
        return self.lines[0] if len(self.lines) == 1 else None


def pairs(dossier: Dossier) -> list[Pair]:
    """The numbers of the sheets in their order, then those that only the annexes or the article name."""
    known = [Pair(str(number), sheet) for sheet in dossier.mothers for number in numbers_of(sheet)]
    alone: dict[str, Pair] = {}
    for line in shared_out(dossier, known):
        known_alone(alone, number_of(line)).lines.append(line)
    for action in dossier.planned:
        pair = pair_of_action(action, known)
        if pair is None and action.sheet_number:
            pair = known_alone(alone, action.sheet_number)
        if pair is not None:
            pair.actions.append(action)
    return known + list(alone.values())


def numbers_of(sheet: Sheet) -> list[Any]:
    return list(dict.fromkeys(sheet.commitment.numbers)) or [""]


def known_alone(alone: dict[str, Pair], number: str) -> Pair:
    return alone.setdefault(number, Pair(number))


def number_of(line: AnnexLine) -> str:
    """« 5 », whether the line bears it or names its action (« Action 5 »)."""
    if line.number:
        return line.number
    match = DIGITS.search(line.action_number)
    return match[0] if match else ""


def sheet_lines(dossier: Dossier) -> Iterator[AnnexLine]:
    """The lines that speak of one sheet, in every annex."""
    for annex in dossier.annexes:
        for line in annex.lines:
            if is_of_sheet(line):
                yield line


def is_of_sheet(line: AnnexLine) -> bool:
    return line.kind == LineKind.SHEET or (line.kind not in SUMS and bool(number_of(line)))


def shared_out(dossier: Dossier, known: list[Pair]) -> list[AnnexLine]:
    """Gives each line to its pair: by what the sheet says of the annex, else by number and by Département.

    Answers the lines that no sheet bears; one that several could bear goes to none.
    """
    left: list[AnnexLine] = []
    by_label: dict[str, list[Pair]] = defaultdict(list)
    by_number: dict[str, list[Pair]] = defaultdict(list)
    for pair in known:
        by_number[pair.number].append(pair)
        if pair.sheet is not None:
            for words in annex_words(pair.sheet):
                by_label[words].append(pair)
    for line in sheet_lines(dossier):
        number = number_of(line)
        named = by_label.get(fold(line.label), [])
        found = [pair for pair in named if not number or pair.number in ("", number)] or by_number.get(
            number, []
        )
        if len(found) > 1:
            owner = line_owner(line)
            found = [pair for pair in found if owner and owner == owner_of(pair)]
        if len(found) == 1:
            found[0].lines.append(line)
        elif number not in by_number:
            left.append(line)
    return left


def owner_of(pair: Pair) -> str:
    return fold(owner_words(pair.sheet)) if pair.sheet is not None else ""


def annex_words(sheet: Sheet) -> list[str]:
    """The labels under which a sheet says that the annex names it, folded."""
    said = (sheet.commitment.cross_refs or {}).get("annexe3")
    told = said if isinstance(said, list) else [said]
    return [fold(each) for each in told if isinstance(each, str) and each.strip()]


def line_owner(line: AnnexLine) -> str:
    said = line.kept.get("departement")
    return fold(said) if isinstance(said, str) else ""


def pair_of_action(action: PlannedAction, known: list[Pair]) -> Pair | None:
    mine = [pair for pair in known if pair.sheet is not None and pair.sheet.key == action.sheet_key]
    if not action.sheet_key:
        mine = [pair for pair in known if action.sheet_number and pair.number == action.sheet_number]
    if len(mine) > 1:
        mine = [pair for pair in mine if pair.number == action.sheet_number]
    return mine[0] if len(mine) == 1 else None


def sheet_amounts(pair: Pair, dossier: Dossier) -> ledger.Amounts:
    return ledger.amounts_of(pair.sheet, dossier, pair.number or None) if pair.sheet is not None else {}


def line_amounts(pair: Pair, dossier: Dossier) -> ledger.Amounts:
    return ledger.amounts_of_line(pair.line, dossier) if pair.line is not None else {}
