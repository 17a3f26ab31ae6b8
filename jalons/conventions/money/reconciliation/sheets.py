"""Inside the sheets, and from the sheets to the lines of the annex."""

from collections.abc import Iterator
from decimal import Decimal

from jalons.conventions.dossier import additions, ledger
from jalons.conventions.dossier.annex_model import Pair, annex_model, completed, sheet_amounts
from jalons.conventions.dossier.content import TOTAL, Dossier, Sheet
from jalons.conventions.money.reconciliation.links import (
    ChainStep,
    MoneyLink,
    MoneyLinkState,
    known_total,
    line_words,
    ordered,
)
from jalons.core.values import Number, Sum, exact, format_euros, french_spaces, join_and


def inside_sheets(dossier: Dossier) -> ChainStep:
    links = [link for sheet in dossier.mothers for link in of_sheet(sheet, dossier)]
    brought = ledger.share_sums(dossier).get(ledger.STATE, Sum())
    return ChainStep(
        "sheets",
        "Dans chaque fiche",
        "Parts, sous-budgets et thèmes",
        "Budget de la fiche",
        links,
        amount=brought.total if brought.is_known else None,
        lacks=brought.missing,
    )


def of_sheet(sheet: Sheet, dossier: Dossier) -> Iterator[MoneyLink]:
    """Its parts make its total; its sub-budgets and its themes too, or the remainder is said."""
    words, key = sheet.commitment.number_words, sheet.key
    rows = ledger.budget_of(sheet, dossier)
    if not rows:
        note = "La fiche n’a pas de budget pour l’année."
        yield MoneyLink(f"{words}, budget", sheet=key, note=note, forced=MoneyLinkState.UNKNOWN)
    for row in rows:
        parts = additions.total_of(row.euros(part) for part in row.parts)
        printed = row.euros(TOTAL)
        if parts is None and row.parts and printed == 0:
            parts = 0  # dashes everywhere: nobody brings anything
        where = f"{words}, {row.line.label}" if len(rows) > 1 and row.line.label else f"{words}, budget"
        yield MoneyLink(where, "parts et total", parts, printed, key)
    whole = ledger.whole_of(ledger.amounts_of(sheet, dossier))
    tops = ledger.sub_budgets_of(sheet)
    if tops:
        parts = additions.total_of(None if top.amount is None else exact(top.amount) for top in tops)
        yield MoneyLink(f"{words}, sous-budgets", "", whole, parts, key, remainder(whole, parts))
    themes = dossier.themes(sheet)
    if themes:
        amounts = [ledger.whole_of(ledger.amounts_of(theme, dossier)) for theme in themes]
        total = additions.total_of(amounts)
        note = remainder(whole, total)
        lacking = [theme for theme, amount in zip(themes, amounts, strict=True) if amount is None]
        if lacking:
            names = join_and([f"« {theme.commitment.title or theme.key} »" for theme in lacking])
            note = french_spaces(f"{note} Sans budget : {names}.".strip())
        yield MoneyLink(f"{words}, thèmes", "", whole, total, key, note)


def remainder(whole: Number | None, parts: Number | None) -> str:
    """« Reste non réparti : 1 288 238 € »."""
    if whole is None or parts is None:
        return ""
    gap = Decimal(whole) - Decimal(parts)
    if gap > 0:
        return french_spaces(f"Reste non réparti : {format_euros(gap)}.")
    return french_spaces(f"Réparti en trop : {format_euros(-gap)}.") if gap else ""


def sheets_and_annex(dossier: Dossier, elsewhere: frozenset[str]) -> ChainStep:
    links: list[MoneyLink] = []
    for pair in annex_model(dossier).pairs:
        if pair.sheet is not None:
            links += of_number(pair, dossier)
        elif pair.number and pair.number not in elsewhere:
            note = "L’annexe porte cette fiche, qui n’a pas de page."
            for line in pair.lines:
                amount = ledger.amounts_of_line(line, dossier).get(TOTAL)
                links.append(
                    MoneyLink(
                        line_words(line), "total", None, amount, note=note, forced=MoneyLinkState.UNKNOWN
                    )
                )
    notes = []
    if elsewhere:
        notes.append("Les fiches des autres Départements ne sont pas comparées ici.")
    state = Sum()
    for line in ledger.annex_lines(dossier):
        amount = ledger.amounts_of_line(line, dossier).get(ledger.STATE)
        lacks = {ledger.share_of(part, dossier) for part in additions.lacking_in(line)}
        state += additions.sum_of([amount]) if amount is not None or ledger.STATE in lacks else Sum(dash=1)
    return ChainStep(
        "annex_lines",
        "Fiches et annexe financière",
        "Fiches",
        "Lignes de l’annexe",
        links,
        notes,
        known_total(state),
        state.missing,
    )


def of_number(pair: Pair, dossier: Dossier) -> Iterator[MoneyLink]:
    """What the sheet brings under one of its numbers, and what the annex says of it, by share."""
    sheet = pair.sheet
    if sheet is None or not pair.number:
        return
    words = f"Fiche {pair.number}"
    if not pair.lines:
        if dossier.annexes:
            note = "L’annexe financière n’a pas de ligne pour cette fiche."
            yield MoneyLink(words, sheet=sheet.key, note=note, forced=MoneyLinkState.UNKNOWN)
        return
    printed: additions.Amounts = {}
    for line in pair.lines:
        for share, amount in ledger.amounts_of_line(line, dossier).items():
            printed[share] = additions.plus(printed.get(share), amount)
    budget = sheet_amounts(pair, dossier)
    if not budget:
        whole = printed.get(TOTAL)
        note = "La fiche n’a pas de budget, l’annexe si." if whole is not None else "Aucun montant."
        yield MoneyLink(words, "total", None, whole, sheet.key, note)
        return
    brought = completed(budget, printed)
    for share in ordered(brought):
        left, right = brought[share], printed.get(share)
        if (left or 0) == 0 and (right or 0) == 0 and share in printed:
            left = right = 0  # a dash and « 0 € » both bring nothing
        yield MoneyLink(words, ledger.share_words(share, dossier), left, right, sheet.key)
