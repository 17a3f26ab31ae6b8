"""Where an amount of a sheet is written again, and what each place would say once it follows. Pure: no query."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jalons.conventions.dossier import additions, ledger
from jalons.conventions.dossier.annex_model import annex_model, pairs, sheet_amounts
from jalons.conventions.dossier.content import TOTAL, Dossier, Sheet
from jalons.conventions.enums import LineKind, Stage
from jalons.conventions.models import AnnexLine
from jalons.conventions.models.printed import euros
from jalons.core.values import Number, exact, format_euros


@dataclass(frozen=True, slots=True)
class Carried:
    """One amount that would follow. `record`: what holds it; `part`: under which key of it, empty when it has one."""

    code: str
    where: str
    label: str
    before: Number
    after: Number
    record: Any
    part: str = ""
    on_convention: bool = False  # in the text: who writes the money of a sheet alone does not write it

    @property
    def before_words(self) -> str:
        return format_euros(self.before)

    @property
    def after_words(self) -> str:
        return format_euros(self.after)


def carried(dossier: Dossier, sheet: Sheet, moved: Mapping[str, Decimal]) -> list[Carried]:
    """`moved`: what each funder brings more (or less) to the sheet since the amount was changed, by key of its part."""
    shares = moved_shares(dossier, sheet, moved)
    if not any(shares.values()):
        return []
    carried_lines = [
        *of_total(dossier, sheet),
        *of_annex(dossier, sheet, shares),
        *of_actions(dossier, sheet, shares),
    ]
    return [*carried_lines, *of_text(dossier, shares)]


def moved_shares(dossier: Dossier, sheet: Sheet, moved: Mapping[str, Decimal]) -> dict[str, Number]:
    """By share, and the whole: the sum of the shares, or the total when it alone moved."""
    moved_by_share: dict[str, Number] = {}
    for part, amount in moved.items():
        if part != TOTAL:
            share = ledger.share_of(part, dossier, sheet)
            moved_by_share[share] = exact(Decimal(moved_by_share.get(share, 0)) + amount)
    whole = (
        sum((Decimal(share_amount) for share_amount in moved_by_share.values()), Decimal())
        if moved_by_share
        else moved.get(TOTAL, Decimal())
    )
    return {**moved_by_share, TOTAL: exact(whole)}


def of_total(dossier: Dossier, sheet: Sheet) -> Iterator[Carried]:
    """The printed total of each line of the sheet, when its parts make another."""
    for row in ledger.budget_of(sheet, dossier):
        stored = row.amounts.get((TOTAL, Stage.PLANNED))
        printed, computed = row.euros(TOTAL), additions.total_of(row.euros(part) for part in row.parts)
        if stored is not None and printed is not None and computed is not None and printed != computed:
            label = row.line.label or "Budget"
            yield Carried(f"total-{row.line.pk}", "Total de la fiche", label, printed, computed, stored)


def of_annex(dossier: Dossier, sheet: Sheet, shares: Mapping[str, Number]) -> Iterator[Carried]:
    """The line of the sheet, then the sums that count it."""
    added: dict[str, Number] = {}
    counting: dict[int, AnnexLine] = {}
    model = annex_model(dossier)
    for pair in model.pairs:
        if pair.sheet is not sheet or pair.line is None:
            continue
        now = sheet_amounts(pair, dossier)
        for part in pair.line.figures:
            share = ledger.share_of(part, dossier, sheet)
            before = pair.line.euros(part)
            after = ledger.whole_of(now) if share == TOTAL else now.get(share)
            if before is None or after is None or before == after or not shares.get(share):
                continue
            added[part] = exact(Decimal(added.get(part, 0)) + Decimal(after) - Decimal(before))
            yield annex_amount(pair.line, part, before, after, dossier)
        counting |= {id(above): above for above in model.sums_above(pair.line)}
    for line in counting.values():
        for part, gain in added.items():
            before = line.euros(part)
            if before is not None and gain:
                yield annex_amount(line, part, before, exact(Decimal(before) + Decimal(gain)), dossier)


def annex_amount(line: AnnexLine, part: str, before: Number, after: Number, dossier: Dossier) -> Carried:
    """Two tables may each have their « Total »: the title of the table tells them apart."""
    share = ledger.share_of(part, dossier)
    words = "toutes parts" if share == TOTAL else ledger.share_words(share, dossier)
    label = f"{capitalised(line.label or LineKind(line.kind).label)}, {words}"
    where = " – ".join(filter(None, ("Annexe financière", dossier.convention.quiet(line.table.title))))
    return Carried(f"annexe-{line.pk}-{part}", where, label, before, after, line, part, True)


def capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]


def of_actions(dossier: Dossier, sheet: Sheet, shares: Mapping[str, Number]) -> Iterator[Carried]:
    """The action of the article on payment, when the sheet has one alone: the State's part."""
    if not shares.get(ledger.STATE):
        return
    for pair in pairs(dossier):
        if pair.sheet is not sheet or len(pair.actions) != 1:
            continue
        [action] = pair.actions
        before, after = action.euros, sheet_amounts(pair, dossier).get(ledger.STATE)
        if before is not None and after is not None and before != after:
            label = f"Action {action.number} – {action.label}"[:160]
            where = "Actions financées (article sur le versement)"
            yield Carried(f"action-{action.pk}", where, label, before, after, action, "", True)


def of_text(dossier: Dossier, shares: Mapping[str, Number]) -> Iterator[Carried]:
    """The heading and the amounts that the text states: they gain what the sheet gains."""
    convention, stated = dossier.convention, ledger.announced(dossier)
    where = "Montants de la convention"
    heading = ledger.heading(dossier)
    if heading is not None:
        is_whole = heading == stated.get(TOTAL) and heading != stated.get(ledger.STATE)
        gain = shares.get(TOTAL if is_whole else ledger.STATE, 0)
        if gain:
            after = exact(Decimal(heading) + Decimal(gain))
            yield Carried("en-tete", where, "Montant en tête", heading, after, convention, "", True)
    for name, figure in convention.amounts.items():
        share = (
            TOTAL if name == "global" else ledger.share_of(name, dossier) if name.startswith("part_") else ""
        )
        before, gain = euros(figure), shares.get(share, 0)
        if before is not None and gain:
            words = "Montant global" if share == TOTAL else capitalised(ledger.share_words(share, dossier))
            after = exact(Decimal(before) + Decimal(gain))
            yield Carried(f"texte-{name}", where, words, before, after, convention, name, True)
