"""Cells of several figures: « 12 dont 3 », « 4 / 5 »."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jalons.core.values import (
    DurationUnit,
    Kind,
    Number,
    ParseError,
    Value,
    fold,
    format_number,
    french_spaces,
    missing_from_text,
    parse_number,
)

# From here a number in groups of three may be two numbers whose separation was lost: the row must support it.
FAR = 20


BLANKS = {"nd": "ND", "not_applicable": "sans objet", "dash": "–", "empty": "non renseigné"}


SPACE = r"[ \u00a0\u2009\u202f]"


LONGEST_QUALIFIER = 300
EXPLICIT, NONE = "explicit", "none"


@dataclass(frozen=True, slots=True)
class Expected:
    """What the row of a cell, and its other cells, tell of it.

    kind: « number », « percent », « duration », « amount »; unit: of a duration. qualifiers: what the others count.
    numbers: those of the others.
    """

    kind: str = Kind.NUMBER.value
    unit: str = ""
    qualifiers: tuple[str, ...] = ()
    numbers: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True)
class CellReading:
    """What a cell says, in the columns of `Cell`. `doubt`, `refused`: sentences in French, or nothing."""

    raw: str
    kind: str = "text"
    number: Number | None = None
    unit: str = ""
    qualifier: str = ""
    main: str = ""
    parts: Sequence[Mapping[str, Any]] = field(default=())
    doubt: str = ""
    refused: str = ""

    @property
    def words(self) -> str:
        """What was understood: « nombre 1 234 », « ND », « texte »."""
        if self.refused:
            return "refusé"
        if self.kind in BLANKS:
            return BLANKS[self.kind]
        if self.kind == "composite":
            return (
                f"{format_number(self.number)}, avec un détail"
                if self.number is not None
                else "plusieurs nombres"
            )
        if self.number is None:
            return "texte, sans nombre"
        value = {
            "percent": Value.percent(self.number),
            "amount": Value(Kind.AMOUNT, number=self.number) if self.kind == "amount" else None,
            "duration": Value.duration(self.number, self.unit) if self.unit in tuple(DurationUnit) else None,
        }.get(self.kind) or Value.of(self.number, self.unit)
        return " ".join(filter(None, (str(value), self.qualifier)))


DOUBTS = {
    False: "C’est un texte : un nombre était attendu.",
    True: "On peut le lire de plusieurs façons : il est gardé tel quel, sans nombre. Précisez-le dans « Détail ».",
}


def looks_like_two(raw: str, number: Number, expected: Expected) -> bool:
    """« 1 402 901 » where the others are near 1 000 may be 1 402 and 901."""
    groups = re.findall(r"\d+", raw.partition(",")[0])
    if len(groups) < 3 or expected.kind == "amount":
        return False
    return not any(abs(Decimal(other)) * FAR >= abs(Decimal(number)) for other in expected.numbers)


FIGURE = rf"(?:[1-9]\d{{0,2}}(?:{SPACE}\d{{3}})+(?!\d)|\d+)(?:,\d{{1,4}})?(?![\d,.])"


COUNTED = re.compile(rf"(?P<number>{FIGURE})\s+(?P<words>[^\W\d_].*)", re.DOTALL)


def counted(raw: str, expected: Expected) -> CellReading | None:
    """« 30 formés » where the other cells say what they count, or say it the same way."""
    match = COUNTED.fullmatch(raw)
    if match is None or len(match["words"]) > LONGEST_QUALIFIER or not expected.qualifiers:
        return None
    number, words = figure(match["number"]), " ".join(match["words"].split())
    if number is None or looks_like_two(match["number"], number, expected):
        return None
    known = fold(words) in map(fold, expected.qualifiers)
    if not known and (
        re.search(r"\d", words) or re.match(r"(?:dont|sur|et|ou|à|a|pour)\b", words, re.IGNORECASE)
    ):
        return None
    return CellReading(raw, "number", number, qualifier=words)


def figure(text: str) -> Number | None:
    try:
        return parse_number(text)
    except ParseError:
        return None


# Composites ------------------------------------------------------------------------------------------------

LABEL = r"[^\W\d_][^\d()+/=:]*?"
# Where the words of a part end: at another part, or with the text.
END = r"\s*(?=\)|$|\n|\bet\s+\d|\bdont\b|[+,;/(]|\bcohorte\b)"
NAMED = rf"(?P<number>{FIGURE})\s+(?P<label>{LABEL}){END}"
TAILS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("dont", re.compile(rf"\(?\s*dont\s+{NAMED}\)?", re.IGNORECASE)),
    ("et", re.compile(rf"(?:et|,|/)\s*{NAMED}\)?", re.IGNORECASE)),
    ("plus", re.compile(rf"\+\s*{NAMED}", re.IGNORECASE)),
    (
        "cohorte",
        re.compile(
            rf"(?P<label>cohorte\s+[^\W\d_][^\d:=+()]*?)\s*[:=]\s*(?P<number>{FIGURE})", re.IGNORECASE
        ),
    ),
    ("dénominateur", re.compile(rf"\(?\s*sur\s+(?:les\s+)?(?P<number>{FIGURE})\s*\)?", re.IGNORECASE)),
)
HEAD = re.compile(rf"(?P<number>{FIGURE})(?=\s)")
LISTED = re.compile(rf"(?P<label>{LABEL})\s*:\s*(?P<number>{FIGURE}|ND|/)(?:\s+|$)")


def composite(raw: str, expected: Expected) -> CellReading | None:
    """A number and what it is made of (« 9 781 dont 7 782 hors PE »), or labelled parts without a total."""
    head = HEAD.match(raw)
    if head is not None:
        parts = tails_of(raw[head.end() :])
        if parts is not None:
            return headed(raw, head["number"], parts, expected)
    parts = listed(raw)
    return None if parts is None else CellReading(raw, "composite", main=NONE, parts=parts)


def headed(raw: str, head: str, parts: Sequence[Mapping[str, Any]], expected: Expected) -> CellReading | None:
    number = figure(head)
    if number is None:
        return None
    if looks_like_two(head, number, expected):
        return CellReading(raw, doubt=french_spaces(DOUBTS[True]))
    above = [part for part in parts if part["relation"] == "dont" and part["number"] > number]
    below = [part for part in parts if part["relation"] == "dénominateur" and part["number"] < number]
    if above or below:
        sentence = french_spaces(
            "Une partie est plus grande que le tout : dites dans « Détail » quel est le nombre principal."
        )
        return CellReading(raw, "composite", main=NONE, parts=parts, doubt=sentence)
    return CellReading(raw, "composite", number, main=EXPLICIT, parts=parts)


def tails_of(rest: str) -> Sequence[Mapping[str, Any]] | None:
    """What follows the main number, read to the end; None when some of it is anything else."""
    parts: list[Mapping[str, Any]] = []
    rest = rest.strip()
    while rest:
        for relation, pattern in TAILS:
            match = pattern.match(rest)
            if match is None or (relation == "et" and not (parts and parts[-1]["relation"] == "dont")):
                continue
            number = figure(match["number"])
            if number is None:
                return None
            label = match.groupdict().get("label") or "dénominateur"
            part_relation = "dont" if relation == "et" else relation
            parts.append(part(label, number, match[0], part_relation))
            rest = rest[match.end() :].strip()
            break
        else:
            return None
    return parts or None


def listed(raw: str) -> Sequence[Mapping[str, Any]] | None:
    """« CAPEP : 680 Sauvegarde : ND »: at least two, labelled, to the end."""
    parts: list[Mapping[str, Any]] = []
    for match in whole_matches(LISTED, raw):
        if match is None:
            return None
        blank = missing_from_text(match["number"])
        number = None if blank else figure(match["number"])
        if number is None and blank is None:
            return None
        kind = Value(blank).cell_kind if blank else "number"
        parts.append(part(match["label"], number, match[0], "ventilation", kind))
    return parts if len(parts) > 1 else None


def whole_matches(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str] | None]:
    """Matches one after the other; None when something stands between them."""
    at = 0
    while at < len(text):
        match = pattern.match(text, at)
        yield match
        if match is None or match.end() == at:
            return
        at = match.end()


def part(
    label: str, number: Number | None, raw: str, relation: str, kind: str = "number"
) -> Mapping[str, Any]:
    """A part of the exchange format."""
    plain_number = float(number) if isinstance(number, Decimal) else number
    printed = {"label": " ".join(label.split()).strip(" ,;-–"), "number": plain_number, "raw": raw.strip()}
    return {**printed, "relation": relation, "kind": kind}
