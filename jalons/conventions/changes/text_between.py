"""What changes in the text of a convention."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from jalons.conventions.changes.change import Area, Change, ChangePlace, cut
from jalons.conventions.changes.describing import said_of
from jalons.conventions.changes.matching import ListOf, compare, compare_each
from jalons.conventions.dossier.content import Dossier

# The text ----------------------------------------------------------------------------------------------------


def text_changes(before: Dossier, after: Dossier) -> Iterator[Change]:
    text, article = ChangePlace(Area.TEXT), ChangePlace(Area.PAYMENT_ARTICLE)
    was, now = said_of(before.convention), said_of(after.convention)
    for change in compare(text.at("Convention"), was, now):
        yield signing_apart(change) if not change.is_money else in_heading(change)
    yield from map(signing_apart, compare_each(text, before, after, PARTIES))
    yield from compare_each(text, before, after, REFERENCES, ARTICLES, CLAUSES)
    yield from compare_each(article, before, after, PLANNED)
    yield from compare_each(text, before, after, LISTED, MISSING)


PARTIES = ListOf("parties", lambda p: (p.name, p.signatory), lambda p: f"Partie {p.name}")
REFERENCES = ListOf("references", lambda r: r.raw, lambda r: f"Visa « {cut(r.raw, 60)} »")
ARTICLES = ListOf("articles", lambda a: a.number, lambda a: f"Article {a.number}")
CLAUSES = ListOf("clauses", lambda c: c.name, lambda c: f"Clause {clause_words(c)}", ordered=False)
PLANNED = ListOf(
    "planned",
    lambda a: (a.departement_words, a.number, a.sheet_key),
    lambda a: f"Action {a.number} – {cut(a.label)}",
)
LISTED = ListOf(
    "listed",
    lambda a: (a.departement_words, a.number),
    lambda a: f"Liste des actions, {a.departement_words} {a.number}".strip(),
)
MISSING = ListOf("missing", lambda m: m.number, lambda m: f"Fiche {m.number} sans page")

# What is written when the parties sign, after the vote.
SIGNING = frozenset(["Signée le", "Fait à"])


def signing_apart(change: Change) -> Change:
    return replace(change, follow_up=True) if change.what in SIGNING else change


def in_heading(change: Change) -> Change:
    return Change(
        change.sheet,
        "Montants de la convention",
        change.what,
        change.before,
        change.after,
        change.delta,
        change.is_money,
        Area.HEADING,
    )


CLAUSE_WORDS = {
    "termination": "de dénonciation",
    "reporting": "de rapport",
    "parity": "de parité",
    "duration": "de durée",
    "action_period": "sur la période des actions",
    "amendment": "d’avenant",
    "annexes": "sur les annexes",
    "evaluation": "d’évaluation",
    "flag_changes": "sur les fiches modifiées",
    "litigation": "sur les litiges",
}


def clause_words(clause: Any) -> str:
    return CLAUSE_WORDS.get(clause.name, clause.name.replace("_", " "))
