"""The links put together, and the sums that head the page."""

from collections.abc import Collection, Iterable, Sequence

from jalons.conventions.alerts.engine import Finding
from jalons.conventions.dossier import additions, ledger
from jalons.conventions.dossier.content import TOTAL, Dossier
from jalons.conventions.enums import LineKind
from jalons.conventions.models import Payment
from jalons.conventions.money.reconciliation.annex import (
    actions_and_heading,
    annex_and_actions,
    annex_and_text,
    grand_total,
    inside_annex,
)
from jalons.conventions.money.reconciliation.judged import judged, money_findings
from jalons.conventions.money.reconciliation.links import Chain, ordered
from jalons.conventions.money.reconciliation.sheets import inside_sheets, sheets_and_annex
from jalons.conventions.money.reconciliation.vote import (
    heading_and_vote,
    state_and_payments,
    vote_and_accounts,
)
from jalons.core.values import Number, format_euros, french_spaces


def chain(
    dossier: Dossier,
    payments: Iterable[Payment] = (),
    *,
    elsewhere: Collection[str] = (),
    findings: Sequence[Finding] | None = None,
) -> Chain:
    """The whole chain. `elsewhere`: numbers of the sheets of another Département, which the reader does not see;
    `findings`: what the rules find in the whole convention, when `dossier` is a part of it.
    """
    known_findings = money_findings(dossier) if findings is None else findings
    steps = [
        inside_sheets(dossier),
        sheets_and_annex(dossier, frozenset(elsewhere)),
        inside_annex(dossier),
        annex_and_text(dossier),
        annex_and_actions(dossier, frozenset(elsewhere)),
        actions_and_heading(dossier),
        heading_and_vote(dossier),
        vote_and_accounts(dossier),
        state_and_payments(dossier, list(payments)),
    ]
    return Chain([judged(step, known_findings) for step in steps], equations(dossier))


def equations(dossier: Dossier) -> list[str]:
    """« 13 197 804 € (part de l’État) + 13 517 040 € (part du Département) = 26 714 844 € »."""
    equations = []
    whole = grand_total(dossier) or ledger.announced(dossier)
    shares = [share for share in ordered(whole) if share != TOTAL and whole[share] is not None]
    if len(shares) > 1 and whole.get(TOTAL) is not None:
        terms = [(whole[share], ledger.share_words(share, dossier)) for share in shares]
        equations.append(equation(terms, whole[TOTAL], "total"))
    families = [
        (ledger.amounts_of_line(line, dossier).get(ledger.STATE), line.label)
        for annex in dossier.annexes
        for line in annex.lines
        if line.kind == LineKind.FAMILY_TOTAL
    ]
    state = whole.get(ledger.STATE)
    if len(families) > 1 and state is not None and all(amount is not None for amount, _ in families):
        equations.append(equation(families, state, "part de l’État"))
    return equations


def equation(terms: Sequence[tuple[Number | None, str]], whole: Number | None, word: str) -> str:
    added = additions.total_of(amount for amount, _ in terms)
    sign = "=" if added == whole else "≠"
    left = " + ".join(f"{format_euros(amount)} ({label})" for amount, label in terms if amount is not None)
    return french_spaces(f"{left} {sign} {format_euros(whole)} ({word})") if whole is not None else left
