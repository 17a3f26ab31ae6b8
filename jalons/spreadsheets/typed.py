"""One cell of a spreadsheet as it was typed: a number, a text, or why it cannot be taken."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jalons.core.values import Number, exact, format_date
from jalons.core.values.text import clean, french_spaces

LONGEST = 4000  # characters of one figure


FORMULA = "une formule : remplacez-la par sa valeur"


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in a cell. `told`: a number or a text; `refused`: why it cannot be taken."""

    told: Number | str = ""
    refused: str = ""

    @property
    def words(self) -> str:
        return str(self.told)


NOTHING = Typed()


def typed_of(value: Any) -> Typed:
    """What the library read in a cell."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return Typed(refused="vrai ou faux au lieu d’un chiffre")
    if isinstance(value, int | float):
        return number_of(value)
    if isinstance(value, dt.date | dt.datetime):
        return Typed(
            refused=french_spaces(
                f"une date ({format_date(value)}) : le tableur a changé ce qui a été écrit ou collé ; mettez la "
                "case au format texte"
            )
        )
    if isinstance(value, dt.time | dt.timedelta):
        return Typed(refused="une heure ou une durée du tableur : écrivez par exemple « 2 h 30 » en texte")
    text = str(value)
    if text.startswith("#") and text.rstrip("!?/0AN").isupper():
        return Typed(refused=f"une erreur du tableur ({text[:12]})")
    if len(text) > LONGEST:
        return Typed(refused=f"un texte de plus de {LONGEST} signes")
    if "\ufffd" in text:
        return Typed(refused="des signes illisibles : le fichier a été converti dans un mauvais encodage")
    return Typed(text)


def number_of(number: float) -> Typed:
    try:
        return Typed(exact(Decimal(repr(number)) if isinstance(number, float) else number))
    except ValueError:
        return Typed(refused="un nombre démesuré")


def name_of(value: Any) -> str:
    """A key or a header: « 5.0 » is the number 5 for a spreadsheet."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return plain("" if value is None else value)


def plain(text: object) -> str:
    """A name as every format gives it back: no control characters, one space between words."""
    return " ".join(clean(str(text)).split())
