"""A typed value: something known, or one of the four ways of having no figure. Zero is a number."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from jalons.core.values.formats import (
    DurationUnit,
    format_duration,
    format_euros,
    format_number,
    format_percent,
    plain_number,
    unit_word,
)
from jalons.core.values.numbers import Number, exact, percentage, simplest
from jalons.core.values.text import NBSP


class Kind(StrEnum):
    NUMBER = "number"
    PERCENT = "percent"
    DURATION = "duration"
    AMOUNT = "amount"
    TEXT = "text"
    CHOICE = "choice"
    COMPOSITE = "composite"


class Emptiness(StrEnum):
    """Why there is no figure. The values are those stored beside a null column.

    FEW: known and withheld, because 1 to 4 people are a family; only a follow-up says it (`LEAST_FEW`, `MOST_FEW`).
    """

    ND = "nd"
    NA = "na"
    DASH = "dash"
    EMPTY = "empty"
    FEW = "few"

    @property
    def words(self) -> str:
        """On a screen, where nothing is left blank."""
        return _WORDS[self]

    @property
    def sign(self) -> str:
        """In a file; `parse_cell` reads it back."""
        return _SIGNS[self]

    @property
    def is_missing(self) -> bool:
        """A figure was expected here; « sans objet » and « – » say that none was."""
        return self in (Emptiness.ND, Emptiness.EMPTY, Emptiness.FEW)


_WORDS = {
    Emptiness.ND: "ND",
    Emptiness.NA: "sans objet",
    Emptiness.DASH: "–",
    Emptiness.EMPTY: "non renseigné",
    Emptiness.FEW: f"1 à{NBSP}4",
}
_SIGNS = {
    Emptiness.ND: "ND",
    Emptiness.NA: "/",
    Emptiness.DASH: "–",
    Emptiness.EMPTY: "",
    Emptiness.FEW: f"1 à{NBSP}4",
}
LEAST_FEW, MOST_FEW = 1, 4

_FROM_CELL_KIND: dict[str, Kind | Emptiness] = {
    **{kind.value: kind for kind in Kind},
    "nd": Emptiness.ND,
    "not_applicable": Emptiness.NA,
    "dash": Emptiness.DASH,
    "empty": Emptiness.EMPTY,
    "few": Emptiness.FEW,
}
_TO_CELL_KIND = {kind: name for name, kind in _FROM_CELL_KIND.items()}


def kind_named(cell_kind: str) -> Kind | Emptiness:
    """From its name in the exchange format, where NA is `not_applicable`. ValueError if there is none."""
    if cell_kind not in _FROM_CELL_KIND:
        raise ValueError(f"unknown cell kind: {cell_kind}")
    return _FROM_CELL_KIND[cell_kind]


@dataclass(frozen=True, slots=True)
class Value:
    """Build it with the constructors below; equality is that of everything it says.

    number: of a number, a percentage (62 for 62 %), a duration (in `unit`), an amount (euros, at most two
    decimals), or the main number of a composite, if it has one.
    numerator, denominator: what a percentage was computed from, both or neither.
    words: text, verbatim composite or label of a choice. qualifier: what is counted (« formés »).
    """

    kind: Kind | Emptiness
    number: Number | None = None
    numerator: Number | None = None
    denominator: Number | None = None
    unit: str = ""
    qualifier: str = ""
    words: str = ""
    code: str = ""
    parts: tuple["Part", ...] = ()

    def __post_init__(self) -> None:
        for name in ("number", "numerator", "denominator"):
            given = getattr(self, name)
            if given is not None:
                object.__setattr__(self, name, exact(given))
        _check(self)

    @classmethod
    def of(cls, number: Number, unit: str = "", qualifier: str = "") -> Self:
        return cls(Kind.NUMBER, number=number, unit=unit, qualifier=qualifier)

    @classmethod
    def percent(
        cls,
        number: Number | None = None,
        numerator: Number | None = None,
        denominator: Number | None = None,
        qualifier: str = "",
    ) -> Self:
        """A stated rate, or one computed from its parts, or both when a source states both."""
        if number is None and numerator is not None and denominator:
            number = percentage(exact(numerator), exact(denominator))
        return cls(Kind.PERCENT, number, numerator, denominator, qualifier=qualifier)

    @classmethod
    def duration(cls, number: Number, unit: str, qualifier: str = "") -> Self:
        return cls(Kind.DURATION, number=number, unit=DurationUnit(unit).value, qualifier=qualifier)

    @classmethod
    def amount(cls, euros: Number, qualifier: str = "") -> Self:
        return cls(Kind.AMOUNT, number=euros, qualifier=qualifier)

    @classmethod
    def text(cls, words: str) -> Self:
        """Verbatim; a blank text is the empty value."""
        return cls(Kind.TEXT, words=words) if words.strip() else cls(Emptiness.EMPTY)

    @classmethod
    def choice(cls, code: str, label: str) -> Self:
        return cls(Kind.CHOICE, code=code, words=label)

    @classmethod
    def composite(
        cls, words: str, parts: tuple["Part", ...] = (), number: Number | None = None, qualifier: str = ""
    ) -> Self:
        """A cell that says several things; `number` only if one of them is the main one."""
        return cls(Kind.COMPOSITE, number=number, words=words, parts=parts, qualifier=qualifier)

    @classmethod
    def nd(cls) -> Self:
        return cls(Emptiness.ND)

    @classmethod
    def few(cls) -> Self:
        """« 1 à 4 »."""
        return cls(Emptiness.FEW)

    @classmethod
    def na(cls) -> Self:
        return cls(Emptiness.NA)

    @classmethod
    def dash(cls) -> Self:
        return cls(Emptiness.DASH)

    @classmethod
    def empty(cls) -> Self:
        return cls(Emptiness.EMPTY)

    @property
    def emptiness(self) -> Emptiness | None:
        return self.kind if isinstance(self.kind, Emptiness) else None

    @property
    def is_known(self) -> bool:
        return self.emptiness is None

    @property
    def cell_kind(self) -> str:
        """Name of the kind in the exchange format."""
        return _TO_CELL_KIND[self.kind]

    @property
    def fraction(self) -> str:
        """« 218 sur 352 » for a percentage whose parts are known, otherwise nothing."""
        if self.numerator is None or self.denominator is None:
            return ""
        return f"{format_number(self.numerator)} sur {format_number(self.denominator)}"

    def breakdown(self, relation: str = "ventilation") -> tuple["Value", ...]:
        """Values of the parts of a composite that have this relation to the whole."""
        return tuple(part.value for part in self.parts if part.relation == relation)

    def __str__(self) -> str:
        return format_value(self)

    def to_text(self) -> str:
        """For a spreadsheet or a csv.

        `parse_cell` reads back every emptiness, and numbers, rates, amounts, durations without qualifier.
        """
        if self.emptiness:
            return self.emptiness.sign
        if self.number is None or self.kind is Kind.COMPOSITE:
            return self.words
        after = {Kind.PERCENT: "%", Kind.AMOUNT: "€"}.get(Kind(self.kind), self.unit)
        if self.kind is Kind.DURATION:
            after = unit_word(self.number, self.unit)
        return " ".join(filter(None, (plain_number(self.number), after, self.qualifier)))

    def to_json(self) -> dict[str, Any]:
        """Keys of the exchange format where it has them; whole numbers as integers, others as strings."""
        plain: dict[str, Any] = {
            "kind": self.cell_kind,
            "number": _number_to_json(self.number),
            "numerator": _number_to_json(self.numerator),
            "denominator": _number_to_json(self.denominator),
            "unit": self.unit,
            "qualifier": self.qualifier,
            "text": self.words,
            "code": self.code,
            "parts": [part.to_json() for part in self.parts],
        }
        return {key: value for key, value in plain.items() if value not in (None, "", [])}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """Reads what `to_json` wrote. ValueError when it is something else."""
        return cls(
            kind_named(document.get("kind", "")),
            number=_number_from_json(document.get("number")),
            numerator=_number_from_json(document.get("numerator")),
            denominator=_number_from_json(document.get("denominator")),
            unit=document.get("unit") or "",
            qualifier=document.get("qualifier") or "",
            words=document.get("text") or "",
            code=document.get("code") or "",
            parts=tuple(Part.from_json(part) for part in document.get("parts") or ()),
        )


@dataclass(frozen=True, slots=True)
class Part:
    """One of the things said by a composite: « dont 607 MNA » is 607, label « MNA », relation « dont »."""

    value: Value
    label: str = ""
    relation: str = ""
    raw: str = ""
    parts: tuple["Part", ...] = ()

    def to_json(self) -> dict[str, Any]:
        content = {
            "value": self.value.to_json(),
            "label": self.label,
            "relation": self.relation,
            "raw": self.raw,
            "parts": [part.to_json() for part in self.parts],
        }
        return {key: value for key, value in content.items() if value not in ("", [])}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        return cls(
            Value.from_json(document["value"]),
            label=document.get("label") or "",
            relation=document.get("relation") or "",
            raw=document.get("raw") or "",
            parts=tuple(cls.from_json(part) for part in document.get("parts") or ()),
        )


def format_value(value: Value) -> str:
    """For a screen: « 1 240 formés », « 62 % », « sans objet »… never blank."""
    if value.emptiness:
        return value.emptiness.words
    if value.number is None or value.kind is Kind.COMPOSITE:
        return value.words
    measure = _format_measure(value, value.number)
    return f"{measure}{NBSP}{value.qualifier}" if value.qualifier else measure


def _format_measure(value: Value, number: Number) -> str:
    if value.kind is Kind.PERCENT:
        return format_percent(number, 0 if _is_computed(value) else None)
    if value.kind is Kind.AMOUNT:
        return format_euros(number)
    if value.kind is Kind.DURATION:
        return format_duration(number, value.unit)
    return format_number(number) + (f"{NBSP}{value.unit}" if value.unit else "")


def _is_computed(percent: Value) -> bool:
    """A rate that a source states keeps the decimals that it states."""
    if percent.numerator is None or not percent.denominator:
        return False
    return percent.number == percentage(percent.numerator, percent.denominator)


def _check(value: Value) -> None:
    """ValueError for a value that contradicts itself."""
    numbers = (value.number, value.numerator, value.denominator)
    if value.emptiness and (numbers != (None, None, None) or value.words or value.parts or value.unit):
        raise ValueError(f"a missing value says nothing else: {value.kind}")
    if value.kind in (Kind.NUMBER, Kind.PERCENT, Kind.DURATION, Kind.AMOUNT) and value.number is None:
        raise ValueError(f"a {value.kind} needs a number")
    if value.kind in (Kind.TEXT, Kind.CHOICE, Kind.COMPOSITE) and not value.words.strip():
        raise ValueError(f"a {value.kind} needs words")
    if (value.numerator is None) != (value.denominator is None):
        raise ValueError("a numerator goes with a denominator")
    if value.numerator is not None and value.kind is not Kind.PERCENT:
        raise ValueError("only a percentage has a numerator")
    if value.kind is Kind.AMOUNT and value.number is not None and not _has_whole_cents(value.number):
        raise ValueError(f"an amount has at most two decimals: {value.number}")
    if value.kind is Kind.DURATION and value.unit not in tuple(DurationUnit):
        raise ValueError(f"unknown unit of duration: {value.unit}")


def _has_whole_cents(euros: Number) -> bool:
    return isinstance(simplest(Decimal(euros).scaleb(2)), int)


def _number_to_json(number: Number | None) -> int | str | None:
    return f"{number:f}" if isinstance(number, Decimal) else number


# As written above: « Infinity » or « 1e9 » would be Decimals too.
_PLAIN_DECIMAL = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)


def _number_from_json(value: int | float | str | None) -> Number | None:
    if value is None:
        return None
    if isinstance(value, str) and _PLAIN_DECIMAL.fullmatch(value):
        return exact(Decimal(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return exact(value)
    raise ValueError(f"not a number: {value!r}")
