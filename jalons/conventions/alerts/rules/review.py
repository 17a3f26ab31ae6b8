"""What was taken from the year before and that nobody has read again."""

from collections.abc import Iterator
from typing import Any

from jalons.conventions.alerts.engine import Finding, rule, sheet_rule
from jalons.conventions.dossier.content import Dossier, Sheet
from jalons.conventions.dossier.copies import is_to_review
from jalons.conventions.enums import AlertLevel, AlertScope
from jalons.core.values import format_number, plural


@rule(
    "to_review_text",
    AlertLevel.INFO,
    AlertScope.STRUCTURE,
    "Le texte repris de l’an passé est relu.",
)
def to_review_text(dossier: Dossier) -> Iterator[Finding]:
    groups: tuple[tuple[str, list[Any], str, str], ...] = (
        ("Visas", list(dossier.references), "visa repris", "visas repris"),
        ("Articles", list(dossier.articles), "article repris", "articles repris"),
        ("Clauses", list(dossier.clauses), "clause reprise", "clauses reprises"),
    )
    for where, pieces, singular, several in groups:
        count = sum(map(is_to_review, pieces))
        if count:
            words = f"{format_number(count)} {plural(count, singular, several)}"
            yield Finding(
                where,
                f"{where} : {words} de l’an passé {plural(count, 'est', 'sont')} à relire.",
                found=words,
            )


@sheet_rule(
    "to_review_sheet",
    AlertLevel.INFO,
    AlertScope.STRUCTURE,
    "Une fiche reprise de l’an passé est relue.",
)
def to_review_sheet(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    actions = sum(map(is_to_review, sheet.sub_actions))
    if not (actions or is_to_review(sheet.commitment)):
        return
    parts = ["intitulés et durée"] if is_to_review(sheet.commitment) else []
    if actions:
        parts.append(f"{format_number(actions)} {plural(actions, 'action', 'actions')}")
    words = ", ".join(parts)
    where = sheet.commitment.number_words
    yield Finding(where, f"{where} : repris de l’an passé, à relire ({words}).", found=words)
