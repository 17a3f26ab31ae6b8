"""What a cell means once it is read: a typed value, or a doubt with what a person would propose."""

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from jalons.core.values import Emptiness, Number, Value, french_spaces
from jalons.imports.reading.remembered import remembered


class Meaning(StrEnum):
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    YES = "yes"
    NO = "no"
    ND = "nd"
    NOT_APPLICABLE = "not_applicable"
    DASH = "dash"
    EMPTY = "empty"
    DOUBTFUL = "doubtful"


EMPTINESS = {
    Emptiness.ND: Meaning.ND,
    Emptiness.NA: Meaning.NOT_APPLICABLE,
    Emptiness.DASH: Meaning.DASH,
    Emptiness.EMPTY: Meaning.EMPTY,
}
STATES = {meaning: emptiness for emptiness, meaning in EMPTINESS.items()}


@dataclass(frozen=True, slots=True)
class TypedCell:
    """`number`, `day`, `text`: what is meant, by its meaning. `ask`: a person must say; `reason` why, in French.

    `suggest`: what a person would propose; `low` and `high`, the bounds of a range. `note`: how it was read.
    """

    meaning: Meaning
    number: Number | None = None
    day: dt.date | None = None
    text: str = ""
    ask: bool = False
    reason: str = ""
    suggest: Number | str | None = None
    low: Number | None = None
    high: Number | None = None
    note: str = ""

    def noted(self, note: str) -> "TypedCell":
        sentence = f"{self.note} ; {note}" if self.note else note
        return replace(self, note=french_spaces(sentence))

    @property
    def emptiness(self) -> Emptiness | None:
        return STATES.get(self.meaning)

    @property
    def is_empty(self) -> bool:
        return self.meaning is Meaning.EMPTY

    @property
    def value(self) -> Value:
        """As `core.values` holds it; a doubt has none."""
        if self.emptiness is not None:
            return Value(self.emptiness)
        if self.number is not None and self.meaning is Meaning.NUMBER:
            return value_of(self.number)
        return Value.text(self.text)


@remembered
def value_of(number: Number) -> Value:
    """The same few numbers come back on every row."""
    return Value.of(number)


def number_cell(number: Number, note: str = "") -> TypedCell:
    return TypedCell(Meaning.NUMBER, number=number, note=french_spaces(note))


def text_cell(text: str) -> TypedCell:
    return TypedCell(Meaning.TEXT, text=text) if text.strip() else TypedCell(Meaning.EMPTY)


def day_cell(day: dt.date, note: str = "") -> TypedCell:
    return TypedCell(Meaning.DATE, day=day, note=french_spaces(note))


def doubtful(text: str, reason: str, **told: Any) -> TypedCell:
    return TypedCell(Meaning.DOUBTFUL, text=text, ask=True, reason=french_spaces(reason), **told)


DASH_REASON = "un tiret : zéro, inconnu ou sans objet ? Le tableau ne le dit pas."


def state_cell(emptiness: Emptiness, legend: "Emptiness | int | None" = None) -> TypedCell:
    """A dash is only sure when the notes of the table say what it means: `legend`, a state or zero."""
    if emptiness is not Emptiness.DASH:
        return TypedCell(EMPTINESS[emptiness])
    if legend == 0 and not isinstance(legend, Emptiness):
        return number_cell(0, "tiret : zéro, d’après la note du tableau")
    if isinstance(legend, Emptiness):
        return TypedCell(EMPTINESS[legend], note=french_spaces("tiret, d’après la note du tableau"))
    return TypedCell(Meaning.DASH, ask=True, reason=french_spaces(DASH_REASON))
