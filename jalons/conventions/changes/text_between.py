"""What changes in the text of a convention."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from jalons.conventions.changes.change import Area, Change, ChangePlace, cut
from jalons.conventions.changes.describing import said_of
from jalons.conventions.changes.matching import compare, compare_lists
from jalons.conventions.dossier.content import Dossier

# The text ----------------------------------------------------------------------------------------------------


def text_changes(before: Dossier, after: Dossier) -> Iterator[Change]:
    text, article = ChangePlace(Area.TEXT), ChangePlace(Area.PAYMENT_ARTICLE)
    was, now = said_of(before.convention), said_of(after.convention)
    for each in compare(text.at("Convention"), was, now):
        yield signing_apart(each) if not each.is_money else in_heading(each)
    parties = compare_lists(
        text, before.parties, after.parties, lambda p: (p.name, p.signatory), lambda p: f"Partie {p.name}"
    )
    yield from map(signing_apart, parties)
    yield from compare_lists(
        text, before.references, after.references, lambda r: r.raw, lambda r: f"Visa « {cut(r.raw, 60)} »"
    )
    yield from compare_lists(
        text, before.articles, after.articles, lambda a: a.number, lambda a: f"Article {a.number}"
    )
    yield from compare_lists(
        text,
        before.clauses,
        after.clauses,
        lambda c: c.name,
        lambda c: f"Clause {clause_words(c)}",
        ordered=False,
    )
    yield from compare_lists(
        article,
        before.planned,
        after.planned,
        lambda a: (a.departement_words, a.number, a.sheet_key),
        lambda a: f"Action {a.number} – {cut(a.label)}",
    )
    yield from compare_lists(
        text,
        before.listed,
        after.listed,
        lambda a: (a.departement_words, a.number),
        lambda a: f"Liste des actions, {a.departement_words} {a.number}".strip(),
    )
    yield from compare_lists(
        text, before.missing, after.missing, lambda m: m.number, lambda m: f"Fiche {m.number} sans page"
    )


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


CLAUSES = {
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
    return CLAUSES.get(clause.name, clause.name.replace("_", " "))
