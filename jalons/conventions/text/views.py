"""The text of a convention: who signs, the law, the articles, the article on payment, the annex."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jalons.accounts.enums import Right
from jalons.conventions.dossier import additions, ledger
from jalons.conventions.dossier.content import Dossier, TableContent
from jalons.conventions.dossier.from_base import read_annexes, read_words
from jalons.conventions.dossier.pages import may, on_convention, tab_context
from jalons.conventions.dossier.signatures import signature_of
from jalons.conventions.models import Article, Clause, Convention, LegalReference, PlannedAction
from jalons.conventions.models.printed import Printed, code_of, objects_in, paragraphs_of
from jalons.conventions.text.annex_from_sheets import parts_of
from jalons.conventions.text.clauses.selectors import clause_lines
from jalons.conventions.text.forms import CODES
from jalons.core import ui
from jalons.core.values import format_euros
from jalons.history.querysets import AsOf, described


@on_convention(Right.READ_CONVENTIONS, past=True)
def text(request: HttpRequest, convention: Convention, at: AsOf) -> HttpResponse:
    rights = may(request, convention, Right.WRITE_CONVENTION, Right.WRITE_CONVENTION_MONEY, at=at)
    dossier = read_words(convention, at)
    read_annexes(dossier, at)
    articles = described(Article, at, convention=convention)
    context = {
        **tab_context(request, convention, "conventions:text", at),
        "parties": [(party, signature_of(party, convention)) for party in dossier.parties],
        "references": described(LegalReference, at, convention=convention),
        "preamble": list(paragraphs_of(convention.preamble)),
        "articles": [(article, list(paragraphs_of(article.paragraphs))) for article in articles],
        "clauses": clause_lines(convention, described(Clause, at, convention=convention)),
        "payment": payment_rows(convention.payment),
        "actions": [(action, amount_words(action.amount), codes_of(action)) for action in dossier.planned],
        "actions_total": additions.sum_words(ledger.actions_sum(dossier)),
        "code_heads": list(CODES.values()),
        "amounts": amount_rows(convention),
        "annexes": [annex_view(table, dossier) for annex in dossier.annexes for table in annex.tables],
        "may_write": rights[Right.WRITE_CONVENTION],
        "may_write_money": rights[Right.WRITE_CONVENTION_MONEY],
    }
    return render(request, "conventions/text/text.html", context)


def amount_words(figure: Any) -> str:
    """As printed, else computed; a rule in words as it is."""
    printed = Printed.of(figure)
    return format_euros(printed.euros) if printed.euros is not None else printed.rule or printed.raw


def amount_rows(convention: Convention) -> list[tuple[str, str]]:
    amounts = convention.amounts
    return [
        ("Montant en tête de la convention", amount_words(convention.heading_amount)),
        ("Montant global", amount_words(amounts.get("global"))),
        ("Part de l’État", amount_words(amounts.get("part_etat"))),
        ("Part du Département", amount_words(amounts.get("part_departement"))),
    ]


def payment_rows(payment: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the text says of the payment, bank details set aside."""
    labels = {
        "schedule": "Échéancier",
        "beneficiary": "Bénéficiaire",
        "authorising_officer": "Ordonnateur",
        "accountant": "Comptable assignataire",
        "mission": "Mission",
        "programme": "Programme",
        "action": "Action",
        "sous_action": "Sous-action",
        "condition": "Condition",
    }
    payment_rows = [(words, coded(payment[key])) for key, words in labels.items() if payment.get(key)]
    for beneficiary in objects_in(payment.get("beneficiaries")):
        names = [beneficiary.get(key) for key in ("beneficiary", "authorising_officer", "accountant")]
        payment_rows.append(("Bénéficiaire", ", ".join(str(name) for name in names if name)))
    return payment_rows


def coded(value: Any) -> str:
    """« 304, Inclusion sociale »."""
    if isinstance(value, dict):
        return ", ".join(str(part) for part in (value.get("code"), value.get("label")) if part)
    return str(value)


def codes_of(action: PlannedAction) -> list[tuple[str, str]]:
    return [(words, code_of(action.codes.get(name))) for name, words in CODES.items()]


def annex_view(table: TableContent, dossier: Dossier) -> dict[str, Any]:
    parts = parts_of(table, dossier)
    columns = [
        ui.Column("Ligne"),
        *(ui.Column(part_head(part, dossier), numeric=True) for part in parts),
    ]
    heads = [column.label for column in columns[1:]]
    rows = [
        (line, list(zip(heads, [amount_words(line.figures.get(part)) for part in parts], strict=True)))
        for line in table.lines
    ]
    title = table.table.title or table.table.annex.title or table.table.annex.label or "Annexe financière"
    return {"title": dossier.convention.quiet(title), "columns": columns, "rows": rows, "pk": table.table.pk}


def part_head(part: str, dossier: Dossier) -> str:
    words = ledger.share_words(ledger.share_of(part, dossier), dossier)
    return words[:1].upper() + words[1:]
