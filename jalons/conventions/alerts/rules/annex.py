"""Money of the annexes: their lines, sub-totals and totals, and what the sheets say beside them."""

from collections.abc import Iterable, Iterator

from jalons.conventions.alerts.engine import Finding, euros_gap, rule
from jalons.conventions.alerts.rules.money import gap_of, number_words
from jalons.conventions.dossier import additions, ledger
from jalons.conventions.dossier.annex_model import (
    SUMS,
    AnnexModel,
    Pair,
    annex_model,
    line_amounts,
    of_kind,
    of_sheets,
    pairs,
    sheet_amounts,
)
from jalons.conventions.dossier.content import TOTAL, AnnexContent, Dossier
from jalons.conventions.dossier.places import cut, place
from jalons.conventions.enums import AlertLevel, AlertScope, LineKind
from jalons.conventions.models import AnnexLine
from jalons.core.values import Number, format_euros

MONEY = AlertScope.MONEY


def annex_words(annex: AnnexContent) -> str:
    return annex.annex.label or cut(annex.annex.title, 60) or "Annexe financière"


def line_place(annex: AnnexContent, line: AnnexLine, share: str = "", dossier: Dossier | None = None) -> str:
    table = cut(line.table.title, 60) if line.table.title else ""
    words = ledger.share_words(share, dossier) if share and dossier is not None else ""
    return place(annex_words(annex), table, cut(line.label, 80) or "ligne sans intitulé", words)


def differing(
    expected: additions.Amounts, actual: additions.Amounts, shares: Iterable[str] | None = None
) -> Iterator[tuple[str, Number, Number]]:
    """(share, expected, found) where both are known and differ; the total only when no share does."""
    names = [share for share in (shares or expected) if share != TOTAL]
    alone = True
    for share in [*names, TOTAL]:
        left, right = expected.get(share), actual.get(share)
        if left is None or right is None or left == right or (share == TOTAL and not alone):
            continue
        alone = False
        yield share, left, right


@rule("annex_line_total", AlertLevel.ERROR, MONEY, "Le total d’une ligne d’annexe est la somme de ses parts.")
def annex_line_total(dossier: Dossier) -> Iterator[Finding]:
    """A sum may add up the rounding of each of its lines."""
    model = annex_model(dossier)
    for annex in dossier.annexes:
        added = {id(line): len(terms) for line, terms in printed_sums(annex, model)}
        for line in annex.lines:
            amounts = ledger.amounts_of_line(line, dossier)
            printed = amounts.get(TOTAL)
            parts = additions.shares_without_total(amounts)
            whole = additions.total_of(parts.values())
            if printed is None or whole is None:
                continue
            if any(amount is None for amount in parts.values()) and whole < printed:
                continue
            yield from euros_gap(
                line_place(annex, line, TOTAL, dossier),
                whole,
                printed,
                "Le total de la ligne n’est pas la somme de ses parts",
                tolerance=max(1, len(parts) - 1, added.get(id(line), 0)),
            )


@rule("sheet_annex", AlertLevel.ERROR, MONEY, "Une fiche et sa ligne d’annexe disent les mêmes montants.")
def sheet_annex(dossier: Dossier) -> Iterator[Finding]:
    for pair in pairs(dossier):
        amounts_on_sheet = sheet_amounts(pair, dossier)
        if pair.sheet is None or pair.line is None or not amounts_on_sheet:
            continue
        printed = line_amounts(pair, dossier)
        rows = len(ledger.budget_of(pair.sheet, dossier, pair.number or None))
        for share, expected, actual in differing(amounts_on_sheet, printed):
            yield from euros_gap(
                place(number_words(pair, dossier), "ligne de l’annexe", ledger.share_words(share, dossier)),
                expected,
                actual,
                "L’annexe financière ne dit pas le montant de la fiche",
                tolerance=max(1, rows),
                sheet=pair.sheet.key,
            )
        yield from silent_on_sheet(pair, amounts_on_sheet, printed, dossier)


def silent_on_sheet(
    pair: Pair, amounts_on_sheet: additions.Amounts, printed: additions.Amounts, dossier: Dossier
) -> Iterator[Finding]:
    """A share that the annex gives and that the sheet leaves out, when its total does not agree either."""
    if amounts_on_sheet.get(TOTAL) is not None and amounts_on_sheet.get(TOTAL) == printed.get(TOTAL):
        return
    for share, amount in additions.shares_without_total(printed).items():
        if amount and amounts_on_sheet.get(share) is None and pair.sheet is not None:
            yield Finding(
                place(number_words(pair, dossier), "budget", ledger.share_words(share, dossier)),
                f"L’annexe financière donne {format_euros(amount)} que la fiche ne dit pas.",
                format_euros(amount),
                "non renseigné",
                gap_of(amount),
                pair.sheet.key,
                AlertLevel.WARNING,
            )


@rule("annex_subtotals", AlertLevel.ERROR, MONEY, "Les sous-totaux et totaux de l’annexe sont justes.")
def annex_subtotals(dossier: Dossier) -> Iterator[Finding]:
    model = annex_model(dossier)
    for annex in dossier.annexes:
        for line, terms in printed_sums(annex, model):
            yield from sum_gaps(annex, line, terms, dossier)


def printed_sums(annex: AnnexContent, model: AnnexModel) -> Iterator[tuple[AnnexLine, list[AnnexLine]]]:
    """Each printed sum of an annex with the lines that it adds up."""
    for table in annex.tables:
        for line in table.lines:
            if line.kind in SUMS:
                yield line, model.terms(line, table, annex)


def sum_gaps(
    annex: AnnexContent, line: AnnexLine, terms: list[AnnexLine], dossier: Dossier
) -> Iterator[Finding]:
    printed = ledger.amounts_of_line(line, dossier)
    if not terms or not printed:
        return
    # A total whose shares are right is wrong on its own line, and told there.
    shares = additions.shares_without_total(printed)
    if any(amount is not None for amount in shares.values()):
        printed = shares
    term_amounts = [ledger.amounts_of_line(term, dossier) for term in terms]
    sums = {share: additions.total_of(amounts.get(share) for amounts in term_amounts) for share in printed}
    for share, expected, actual in differing(sums, printed):
        yield from euros_gap(
            line_place(annex, line, share, dossier),
            expected,
            actual,
            f"Ce total n’est pas la somme {of_lines(len(terms))}",
            tolerance=len(terms),
        )


def of_lines(count: int) -> str:
    return "de ses lignes" if count > 1 else "de sa ligne"


def annex_total(dossier: Dossier) -> tuple[additions.Amounts, int]:
    """What the annexes say in all, by share, and how many lines that adds up: their general totals, else the totals of
    their tables, else their lines.
    """
    lines = [line for annex in dossier.annexes for line in whole_lines(annex)]
    amounts_by_line = [ledger.amounts_of_line(line, dossier) for line in lines]
    shares = dict.fromkeys(share for amounts in amounts_by_line for share in amounts)
    return {
        share: additions.total_of(amounts.get(share) for amounts in amounts_by_line) for share in shares
    }, max(1, len(lines))


def whole_lines(annex: AnnexContent) -> list[AnnexLine]:
    lines = list(annex.lines)
    return of_kind(lines, LineKind.GRAND_TOTAL)[:1] or of_kind(lines, LineKind.TOTAL) or of_sheets(lines)
