"""From the sheets to the payments, each link green or with its gap."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.conventions.dossier.content import Dossier
from jalons.conventions.dossier.money_only import read_money
from jalons.conventions.dossier.pages import on_convention, tab_context
from jalons.conventions.models import Convention
from jalons.conventions.money.reconciliation import Chain, ChainStep, MoneyLink, MoneyLinkState, chain
from jalons.conventions.money.reconciliation.judged import money_findings, seen_of
from jalons.core import ui
from jalons.core.values import Sum, format_euros, format_number, plural
from jalons.history.querysets import AsOf

# Kind of the badge, its words.
BADGES = {
    MoneyLinkState.RIGHT: ("good", "Juste"),
    MoneyLinkState.WARNING: ("due", "Avertissement"),
    MoneyLinkState.GAP: ("late", "Écart"),
    MoneyLinkState.UNKNOWN: ("unknown", "Inconnu"),
}
COLUMNS = (
    ui.Column("Où"),
    ui.Column("Attendu", numeric=True),
    ui.Column("Trouvé", numeric=True),
    ui.Column("Écart", numeric=True),
    ui.Column("État"),
)


@dataclass(frozen=True, slots=True)
class ReconciliationRow:
    link: MoneyLink
    expected: str
    found: str
    gap: str
    badge: str
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class ReconciliationLink:
    """A step on the page: what is wrong is in sight, what is right is folded."""

    step: ChainStep
    badge: str
    words: str
    amount: str
    wrong: list[ReconciliationRow]
    right: list[ReconciliationRow]


@on_convention(Right.READ_CONVENTIONS, past=True)
def reconciliation(request: HttpRequest, convention: Convention, at: AsOf) -> HttpResponse:
    money = read_money(request.user, convention, at)
    dossier = money.dossier
    sentence = f"?{at.query}" if at.query else ""
    findings = seen_of(money_findings(money.whole), dossier)
    money_chain = chain(dossier, money.payments, elsewhere=money.elsewhere, findings=findings)
    context = {
        **tab_context(request, convention, "conventions:reconciliation", at),
        "chain": money_chain,
        "summary": summary(money_chain),
        "steps": [reconciliation_link(step, dossier, sentence) for step in money_chain.steps],
        "columns": COLUMNS,
    }
    return render(request, "conventions/money/reconciliation/reconciliation.html", context)


def summary(chain: Chain) -> str:
    """« 1 écart, 3 avertissements, 5 liens impossibles à vérifier, 88 liens justes »."""
    counts = {state: sum(link.state == state for link in chain.links) for state in MoneyLinkState}
    gaps, warnings = counts[MoneyLinkState.GAP], counts[MoneyLinkState.WARNING]
    unknown, right = counts[MoneyLinkState.UNKNOWN], counts[MoneyLinkState.RIGHT]
    return (
        f"{format_number(gaps)} {plural(gaps, 'écart', 'écarts')}, "
        f"{format_number(warnings)} {plural(warnings, 'avertissement', 'avertissements')}, "
        f"{format_number(unknown)} {plural(unknown, 'lien impossible', 'liens impossibles')} à vérifier, "
        f"{format_number(right)} {plural(right, 'lien juste', 'liens justes')}"
    )


def reconciliation_link(step: ChainStep, dossier: Dossier, text: str = "") -> ReconciliationLink:
    badge, _ = BADGES[step.state]
    rows = [row_of(link, dossier, text) for link in step.links]
    return ReconciliationLink(
        step,
        badge,
        state_words(step),
        amount_words(step),
        [row for row in rows if row.link.state != MoneyLinkState.RIGHT],
        [row for row in rows if row.link.state == MoneyLinkState.RIGHT],
    )


def amount_words(step: ChainStep) -> str:
    """« 13 197 804 € », « ≥ 13 110 734 € » when an amount is not known."""
    return "" if step.amount is None else Sum(step.amount, known=1, empty=step.lacks).short(format_euros)


def state_words(step: ChainStep) -> str:
    """« Juste », « 2 écarts », « Rien à comparer »."""
    gaps, unknown = step.count(MoneyLinkState.GAP), step.count(MoneyLinkState.UNKNOWN)
    if not step.links:
        return "Rien à comparer"
    if gaps:
        return f"{gaps} {plural(gaps, 'écart', 'écarts')}"
    if warnings := step.count(MoneyLinkState.WARNING):
        return f"{warnings} {plural(warnings, 'avertissement', 'avertissements')}"
    if unknown:
        return f"{unknown} {plural(unknown, 'inconnu', 'inconnus')}"
    return "Juste"


def row_of(link: MoneyLink, dossier: Dossier, text: str = "") -> ReconciliationRow:
    badge, words = BADGES[link.state]
    sheet = dossier.by_key.get(link.sheet)
    slug = dossier.convention.slug
    return ReconciliationRow(
        link,
        format_euros(link.expected) if link.expected is not None else "",
        format_euros(link.found) if link.found is not None else "",
        signed(link) if link.gap is not None else "",
        badge,
        words,
        reverse("conventions:sheet", args=[slug, sheet.commitment.public_id]) + text if sheet else "",
    )


def signed(link: MoneyLink) -> str:
    """What is missing has a minus, what is too much a plus: found minus expected."""
    gap = -(link.gap or 0)
    return f"+{format_euros(gap)}" if gap > 0 else format_euros(gap)
