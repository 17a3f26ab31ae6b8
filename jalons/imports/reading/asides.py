"""Rows that are neither data nor a total: last month’s figures to compare with, a change, a part of the row above."""

import re
from collections.abc import Sequence

from jalons.core.values import fold
from jalons.imports.reading.grid import ColumnValue, is_blank
from jalons.spreadsheets.reading import CellValue

# Nobody is called so.
_REMINDER = re.compile(
    r"\W*(?:pour )?(?:rappel|memoire|comparaison)\b|\W*(?:mois|trimestre|annee|chiffres?|situation) (?:de |du )?"
    r"(?:mois )?(?:precedente?s?|dernier|passe|d avant)\b|\W*n ?- ?1\b"
)
_CHANGE = re.compile(
    r"(?:evolution|evol|variation|ecart|difference|diff|moyenne|delta)[. ]*"
    r"(?:(?:mensuel|annuel|trimestriel|global|total|relati)\w*|en %|%|"
    r"(?:par rapport|/|vs|sur|entre|depuis|avec|m|n)\b.*)?\W*"
)
_PART = re.compile(r"\W*(?:dont|dt)\b")
FIRST_LETTERS = frozenset("rpcmtasnevdiéRPCMTASNEVDIÉ")  # of those words; signs before them are looked past
OF_INDICATORS = re.compile(r"(?:indicateur|libelle|intitule|donnee|item|objet)s?\b")


def is_aside(written: Sequence[ColumnValue], *, has_indicators: bool) -> bool:
    """By one of the words that stand before its first number.

    `has_indicators`: each row of the table is something that is counted, where « dont femmes » is a row like another.
    """
    if has_indicators:
        return False
    texts = []
    for _, value in written[:3]:
        if not isinstance(value, str):
            break
        texts.append(value)
    return any(says_aside(text) for text in texts)


def says_aside(text: str) -> bool:
    if text.strip()[:1].isalnum() and text.strip()[:1] not in FIRST_LETTERS:
        return False
    folded = fold(text)
    return bool(_REMINDER.match(folded) or _PART.match(folded) or _CHANGE.fullmatch(folded))


def counts_indicators(paths: Sequence[Sequence[str]]) -> bool:
    """From its headings: a first column « Indicateur », or one that nothing names."""
    first = paths[0] if paths else ()
    return not first or any(OF_INDICATORS.match(fold(path[-1])) for path in paths if path)


def continues_name(row: Sequence[CellValue], above: Sequence[CellValue]) -> bool:
    """« (derrière le dépôt) » alone under a name: the end of it, and no heading of the rows below."""
    column = next((at for at, value in enumerate(row) if isinstance(value, str) and not is_blank(value)), 0)
    text = str(row[column]).strip() if row else ""
    stands_below = column < len(above) and isinstance(above[column], str) and not is_blank(above[column])
    return column > 0 and stands_below and (text[:1] in "(-–/" or text[:1].islower())
