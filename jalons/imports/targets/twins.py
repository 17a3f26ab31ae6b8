"""Columns that look like a field and are not it, or not alone: left to a person, with the reason."""

import re
from collections.abc import Sequence

from jalons.core.values import french_spaces
from jalons.imports.enums import TargetKind
from jalons.imports.reading.cells import ColumnNature
from jalons.imports.reading.periods import period_in
from jalons.imports.targets.fields import ImportTarget, header_key
from jalons.imports.targets.guesses import ColumnGuess, GuessReason

YES_NO = re.compile(r" (?:o ?/ ?n|oui ?/ ?non|o n|oui non)$")  # « Eau O/N »
TAXES = re.compile(r"\b(?:ht|ttc|hors taxes?|toutes taxes comprises|tva comprise)\b")
UNTAXED = re.compile(r"\b(?:ht|hors taxes?)\b")
RELATIVE = re.compile(r"^n(?: ?[-+ ] ?\d)?\b")  # « N-1 (2024) »
AT_THE_END = re.compile(
    r" (?:a la |en )?fin (?:de |du )?(?:mois|periode|trimestre)$"
)  # « Pers. fin de mois »
# Neither a count nor an amount, whatever it names.
MEASURES = re.compile(
    r"%|\b(?:taux|pourcentage|ratio|evolution|evol|variation|ecart|difference|objectifs?|cible|capacite|places?|"
    r"scolarisables?|non scolarises?|debut (?:de |du )?(?:mois|periode|trimestre|annee)|"
    r"mois (?:precedent|dernier|prec)|precedents?|precedente?s?)\b"
)
MINORS = re.compile(r"\b(?:enfants?|enf|mineurs?|min|moins de 18 ans)\b")
NUMBERS = (ColumnNature.COUNT, ColumnNature.AMOUNT)
# Kinds of tables that people draw; the columns of an export are known.
OF_SITES = (TargetKind.SITES, TargetKind.CONDITIONS)
DRAWN = (*OF_SITES, TargetKind.FUNDING)


def settled(guesses: Sequence[ColumnGuess], target: ImportTarget) -> Sequence[ColumnGuess]:
    if target.kind not in DRAWN:
        return guesses
    return drop_claims(drop_untaxed(drop_measures(guesses, target), target), target)


def words_of(guess: ColumnGuess) -> str:
    return header_key(" ".join(guess.heading.path))


def is_number(guess: ColumnGuess, target: ImportTarget) -> bool:
    return bool(guess.field) and target.fields[guess.field].kind.nature in NUMBERS and guess.field != "year"


def drop_measures(guesses: Sequence[ColumnGuess], target: ImportTarget) -> list[ColumnGuess]:
    """« % scolarisés », « Évolution », « Enfants scolarisables »."""
    why = french_spaces("un taux, un écart, ou autre chose que ce compte")
    return [
        ColumnGuess(guess.heading, why=why)
        if is_number(guess, target) and MEASURES.search(words_of(guess))
        else guess
        for guess in guesses
    ]


def drop_untaxed(guesses: Sequence[ColumnGuess], target: ImportTarget) -> list[ColumnGuess]:
    """« Prévu HT »: not guessed, nor the same amount with its taxes beside it."""
    untaxed = {guess.key for guess in guesses if guess.field and UNTAXED.search(words_of(guess))}
    why = french_spaces("hors taxes, ou taxes comprises ? Choisissez la colonne à suivre.")
    return [
        ColumnGuess(guess.heading, why=why, year=guess.year)
        if guess.field and target.fields[guess.field].yearly and guess.key in untaxed
        else guess
        for guess in guesses
    ]


def drop_claims(guesses: Sequence[ColumnGuess], target: ImportTarget) -> list[ColumnGuess]:
    """« Demandé » and « Accordé » both say « Prévu »: a person chooses, unless one of them is the very word."""
    claims: dict[str, list[ColumnGuess]] = {}
    for guess in guesses:
        if is_number(guess, target) and guess.reason is GuessReason.SYNONYM:
            claims.setdefault(guess.key, []).append(guess)
    dropped = {
        guess.column
        for several in claims.values()
        if len(several) > 1 and not any(is_label(guess, target) or is_dated(guess) for guess in several)
        for guess in several
    }
    return [left_to_choose(guess, target) if guess.column in dropped else guess for guess in guesses]


def is_label(guess: ColumnGuess, target: ImportTarget) -> bool:
    label = header_key(target.fields[guess.field].label)
    return (
        bool(guess.heading.path)
        and header_key(guess.heading.path[-1]) == label
        and len(guess.heading.path) == 1
    )


def is_dated(guess: ColumnGuess) -> bool:
    """One of several dates of the same count: the table is read date by date."""
    return any(period_in(words) or re.search(r"\d{1,2}[/.]\d{1,2}", words) for words in guess.heading.path)


def left_to_choose(guess: ColumnGuess, target: ImportTarget) -> ColumnGuess:
    label = target.fields[guess.field].label
    why = french_spaces(f"plusieurs colonnes peuvent être « {label} » : choisissez la bonne")
    return ColumnGuess(guess.heading, why=why, year=guess.year)


def of_minors(path: Sequence[str], key: str, target: ImportTarget) -> str:
    """« Enfants › F » are girls, not women."""
    if key == "women" and "girls" in target.fields and any(MINORS.search(words) for words in path):
        return "girls"
    return key
