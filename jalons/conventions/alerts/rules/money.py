"""Money of the sheets: their totals, their parts, their themes, who pays for them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from jalons.conventions.alerts.engine import Finding, euros_gap, rule, sheet_rule
from jalons.conventions.dossier import additions, ledger
from jalons.conventions.dossier.annex_model import Pair, line_amounts, pairs, sheet_amounts
from jalons.conventions.dossier.content import TOTAL, BudgetRow, Dossier, Sheet
from jalons.conventions.dossier.places import cut, listed, place, sheet_words
from jalons.conventions.enums import AlertLevel, AlertScope, Stage
from jalons.conventions.models import SubBudget
from jalons.conventions.models.printed import Printed
from jalons.core.values import Emptiness, Number, exact, fold, format_euros, missing_from_text, plural

MONEY = AlertScope.MONEY
EQUAL = re.compile(
    r"\begalite\b|\bparite\b|\ba parts? egales?\b|\bau moins (?:equivalent|egal|le double)"
    r"|\ba minima (?:equivalent|egal)"
)


@sheet_rule("budget_total", AlertLevel.ERROR, MONEY, "Le total d’une ligne de budget est la somme des parts.")
def budget_total(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    for row in sheet.budget:
        for stage in dict.fromkeys(stage for _, stage in row.amounts):
            printed = row.euros(TOTAL, stage)
            parts = [row.euros(part, stage) for part in row.parts]
            whole = additions.total_of(parts)
            if printed is None or whole is None or (whole < printed and some_unknown(row, stage)):
                continue
            yield from euros_gap(
                place(sheet_words(sheet), "budget", row.line.label, stage_words(stage)),
                whole,
                printed,
                "Le total imprimé n’est pas la somme des parts",
                tolerance=max(1, len(row.parts) - 1),
            )


def stage_words(stage: str) -> str:
    return "" if stage == Stage.PLANNED else Stage(stage).label.lower()


def some_unknown(row: BudgetRow, stage: str) -> bool:
    """Is one of its parts not known? « - » says that a funder brings nothing."""
    row_amounts = [row.amounts.get((part, stage)) for part in row.parts]
    return any(
        amount is not None
        and amount.euros is None
        and missing_from_text(amount.raw) not in (Emptiness.DASH, Emptiness.NA)
        for amount in row_amounts
    )


@rule("sheet_without_budget", AlertLevel.WARNING, MONEY, "Une fiche qui reçoit de l’argent a un budget.")
def sheet_without_budget(dossier: Dossier) -> Iterator[Finding]:
    for pair in pairs(dossier):
        if pair.sheet is None or sheet_amounts(pair, dossier):
            continue
        expected = ledger.whole_of(line_amounts(pair, dossier))
        source = "l’annexe financière"
        if expected is None:
            expected = additions.total_of(action.euros for action in pair.actions)
            source = "l’article sur le versement"
        if expected:
            yield Finding(
                place(sheet_words(pair.sheet), "budget"),
                f"La fiche n’a pas de budget pour l’année alors que {source} lui donne {format_euros(expected)}.",
                format_euros(expected),
                "aucun budget",
                gap_of(expected),
                pair.sheet.key,
            )


def gap_of(expected: Number, number: Number = 0) -> Decimal:
    return Decimal(expected) - Decimal(number)


@sheet_rule("sub_budgets", AlertLevel.ERROR, MONEY, "Les sous-budgets d’une fiche font son budget.")
def sub_budgets(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    """What is not shared out is a remainder, to be explained; more than the budget is a contradiction. A cost that an
    action quotes shares nothing out.
    """
    tops = [sub_budget for sub_budget in ledger.sub_budgets_of(sheet) if sub_budget.amount is not None]
    whole = ledger.whole_of(ledger.amounts_of(sheet, dossier))
    if not tops or whole is None:
        return
    total = additions.total_of(exact(top.amount) for top in tops if top.amount is not None) or 0
    if total > whole:
        yield from euros_gap(
            place(sheet_words(sheet), "sous-budgets"),
            whole,
            total,
            "Les sous-budgets dépassent le budget de la fiche",
            tolerance=len(tops),
        )
    elif total < whole:
        yield Finding(
            place(sheet_words(sheet), "sous-budgets"),
            f"Les sous-budgets font {format_euros(total)} pour un budget de {format_euros(whole)} : "
            f"il reste {format_euros(whole - total)} sans affectation.",
            format_euros(whole),
            format_euros(total),
            gap_of(whole, total),
            level=AlertLevel.WARNING,
        )


@sheet_rule(
    "nested_sub_budgets",
    AlertLevel.ERROR,
    MONEY,
    "Un « dont » ne dépasse pas le sous-budget qui le contient.",
)
def nested_sub_budgets(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    for sub_budget in sheet.sub_budgets:
        above: SubBudget | None = sub_budget.parent
        if (
            above is None
            or above.amount is None
            or sub_budget.amount is None
            or sub_budget.amount <= above.amount
        ):
            continue
        yield from euros_gap(
            place(
                sheet_words(sheet),
                "sous-budgets",
                cut(above.label, 80),
                f"dont {cut(sub_budget.label, 80)}",
            ),
            exact(above.amount),
            exact(sub_budget.amount),
            "Le « dont » dépasse le sous-budget qui le contient",
            tolerance=0,
        )


@rule("themes_budget", AlertLevel.ERROR, MONEY, "Les budgets des thèmes font celui de leur fiche.")
def themes_budget(dossier: Dossier) -> Iterator[Finding]:
    for mother in dossier.mothers:
        themes = dossier.themes(mother)
        amounts_by_theme = {theme.key: ledger.amounts_of(theme, dossier) for theme in themes}
        whole = ledger.amounts_of(mother, dossier)
        silent = [theme.commitment.title or theme.key for theme in themes if not amounts_by_theme[theme.key]]
        if not whole or len(silent) == len(themes):
            continue
        yield from themes_gap(mother, whole, list(filter(None, amounts_by_theme.values())), silent, dossier)


def themes_gap(
    mother: Sheet,
    whole: additions.Amounts,
    themes: list[additions.Amounts],
    silent: list[str],
    dossier: Dossier,
) -> Iterator[Finding]:
    """On the total; on each share when only they differ. A theme without budget may explain what is missing."""
    for share in (TOTAL, *additions.shares_without_total(whole)):
        of_total = share == TOTAL
        expected = ledger.whole_of(whole) if of_total else whole[share]
        total = additions.total_of(
            ledger.whole_of(theme) if of_total else theme.get(share) for theme in themes
        )
        if expected is None or total is None or expected == total:
            continue
        where = place(
            sheet_words(mother),
            "budgets des thèmes",
            "" if of_total else ledger.share_words(share, dossier),
        )
        explained = bool(silent) and total < expected
        why = f" (sans budget : {listed(f'« {cut(title, 60)} »' for title in silent)})" if silent else ""
        for gap in euros_gap(
            where,
            expected,
            total,
            f"Les budgets des thèmes ne font pas celui de la fiche{why}",
            tolerance=len(themes),
            sheet=mother.key,
        ):
            yield replace(gap, level=AlertLevel.WARNING if explained else gap.level)
        if of_total:
            return


def known_amounts(pair: Pair, dossier: Dossier) -> additions.Amounts:
    """What the sheet says of its number; what the annex says when the sheet says nothing."""
    return sheet_amounts(pair, dossier) or line_amounts(pair, dossier)


@rule("single_funder", AlertLevel.INFO, MONEY, "Les fiches qu’un seul financeur paie sont connues.")
def single_funder(dossier: Dossier) -> Iterator[Finding]:
    alone: dict[str, list[tuple[str, Number]]] = {}
    for pair in pairs(dossier):
        shares = additions.shares_without_total(known_amounts(pair, dossier))
        paying = {share: amount for share, amount in shares.items() if amount}
        if len(shares) > 1 and len(paying) == 1:
            [(share, amount)] = paying.items()
            alone.setdefault(share, []).append((pair.number, amount))
    for share, numbered_amounts in alone.items():
        whole = additions.total_of(amount for _, amount in numbered_amounts) or 0
        numbers = [number for number, _ in numbered_amounts]
        words = plural(len(numbers), "fiche", "fiches")
        yield Finding(
            place("Fiches à financeur unique", ledger.share_words(share, dossier)),
            f"{len(numbers)} {words} sur la seule {ledger.share_words(share, dossier)} : "
            f"{words} {listed(numbers, 20)}, pour {format_euros(whole)}.",
            found=format_euros(whole),
        )


def parity_words(dossier: Dossier) -> str:
    """The words of the convention that ask for equal efforts, « » when none does."""
    clause = dossier.clause("parity")
    texts = [clause.text] if clause is not None else []
    texts += [Printed.of(amount).rule for amount in dossier.convention.amounts.values()]
    texts += [clause.text for clause in dossier.clauses]
    texts += [words for article in dossier.articles for words in article.texts]
    return next((words for words in texts if words and EQUAL.search(fold(words))), "")


def efforts(amounts: additions.Amounts) -> tuple[Number | None, Number | None]:
    """What the State brings, and what the Départements bring."""
    state = amounts.get(ledger.STATE)
    council = additions.total_of(
        amount for share, amount in amounts.items() if share.startswith(ledger.COUNCIL)
    )
    whole = amounts.get(TOTAL)
    if council is None and state is not None and whole is not None and set(amounts) == {ledger.STATE, TOTAL}:
        council = whole - state
    return state, council


def says_every_council(amounts: additions.Amounts, dossier: Dossier) -> bool:
    """With several Départements, is the share of each known? The others may bring what is missing."""
    signing = ledger.councils(dossier)
    if len(signing) < 2 or amounts.get(ledger.COUNCIL) is not None:
        return True
    named = [
        share
        for share, amount in amounts.items()
        if share.startswith(f"{ledger.COUNCIL}:") and amount is not None
    ]
    return len(named) >= len(signing)


@rule(
    "parity",
    AlertLevel.ERROR,
    MONEY,
    "Le Département apporte au moins autant que l’État, si la convention le dit.",
)
def parity(dossier: Dossier) -> Iterator[Finding]:
    words = parity_words(dossier)
    if not words:
        return
    amounts_by_place = [("Montants de la convention", ledger.announced(dossier))]
    whole: additions.Amounts = {}
    for pair in pairs(dossier):
        for share, amount in known_amounts(pair, dossier).items():
            whole[share] = additions.plus(whole.get(share), amount)
    amounts_by_place.append(("Ensemble des fiches", whole))
    for where, amounts in amounts_by_place:
        state, council = efforts(amounts)
        if not says_every_council(amounts, dossier):
            continue
        if state is not None and council is not None and council < state:
            yield from euros_gap(
                place(where, "parité"),
                state,
                council,
                "Le Département apporte moins que l’État, contre la règle de parité",
            )


@rule("sheet_parity", AlertLevel.WARNING, MONEY, "Dans chaque fiche à deux financeurs, la parité est tenue.")
def sheet_parity(dossier: Dossier) -> Iterator[Finding]:
    """A sheet that one funder pays alone is allowed; one where the Département brings more is only told."""
    if not parity_words(dossier):
        return
    for pair in pairs(dossier):
        state, council = efforts(known_amounts(pair, dossier))
        if not state or not council or state == council:
            continue
        more = council > state
        yield Finding(
            place(number_words(pair, dossier), "parité"),
            ("Le Département apporte plus que l’État" if more else "Le Département apporte moins que l’État")
            + f" sur cette fiche : {format_euros(state)} de l’État, {format_euros(council)} du Département.",
            format_euros(state),
            format_euros(council),
            gap_of(state, council),
            pair.sheet.key if pair.sheet is not None else "",
            AlertLevel.INFO if more else AlertLevel.WARNING,
        )


def number_words(pair: Pair, dossier: Dossier) -> str:
    """« Fiche 7 » of a sheet « Fiches 7 et 8 »."""
    if pair.sheet is None:
        return f"Fiche {pair.number}"
    if len(pair.sheet.commitment.numbers) > 1:
        return f"Fiche {pair.number}"
    return sheet_words(pair.sheet)
