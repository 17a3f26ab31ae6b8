"""« Total versé » beside parts that are no field of ours: the amount itself, and no sum that Jalons makes again."""

import re
from collections.abc import Sequence
from dataclasses import replace

from jalons.core.values import french_spaces
from jalons.imports.targets.fields import ImportTarget, header_key
from jalons.imports.targets.guesses import ColumnGuess, GuessReason

TOTAL_OF = re.compile(r"total (?:des? |du )?(\D+?)(?: 20\d\d)?", re.ASCII)
YEAR = re.compile(r"\b20\d\d\b", re.ASCII)


def with_lone_totals(guesses: Sequence[ColumnGuess], target: ImportTarget) -> list[ColumnGuess]:
    """« Total versé » after « Acompte 1 », « Acompte 2 », which are no field: what was paid, and no sum of our own."""
    taken = {guess.field for guess in guesses}
    totals = [guess for guess in guesses if not guess.field and not guess.refused and guess.heading.path]
    keys = {guess.column: of_total(guess, target) for guess in totals}
    lone = [key for key in keys.values() if key and key not in taken]
    why = french_spaces("un total dont aucune autre colonne n’est une partie reconnue")
    return [
        replace(
            guess,
            field=key,
            reason=GuessReason.NEAR,
            why=why,
            derived=False,
            year=year_in(guess.heading.path[-1]),
        )
        if (key := keys.get(guess.column)) and lone.count(key) == 1
        else guess
        for guess in guesses
    ]


def of_total(guess: ColumnGuess, target: ImportTarget) -> str:
    """The amount whose word follows « Total » in one heading: « Total versé »; nothing for « TOTAL › prévu »."""
    match = TOTAL_OF.fullmatch(header_key(guess.heading.path[-1])) if len(guess.heading.path) == 1 else None
    key = target.by_synonym.get(match[1], "") if match else ""
    return key if key and target.fields[key].yearly else ""


def year_in(words: str) -> int | None:
    years = set(YEAR.findall(words))
    return int(years.pop()) if len(years) == 1 else None
