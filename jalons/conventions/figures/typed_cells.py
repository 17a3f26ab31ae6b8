"""Reading what is typed or pasted in a cell of indicators. Pure: what its row tells of it is given.

A number is read only when there is one way to read it. The rest keeps its words, as a composite when its parts are
plain or as a text, and `doubt` says what to put to a person. `refused`: what no cell may hold.
"""

import re
import unicodedata
from decimal import Decimal

from jalons.conventions.figures.composite_cells import (
    DOUBTS,
    EXPLICIT,
    NONE,
    CellReading,
    Expected,
    composite,
    counted,
    looks_like_two,
)
from jalons.core.values import (
    Kind,
    ParseError,
    Value,
    exact,
    format_number,
    french_spaces,
    missing_from_text,
    parse_cell,
    parse_duration,
)

LONGEST = 4000
WHOLE_DIGITS, DECIMALS = 14, 4
ERRORS = re.compile(
    r"#(?:N/?A|REF!?|VALUE!?|VALEUR!?|DIV/0!?|NAME\?|NOM\??|NUM!?|NOMBRE!?|NULL!?|NUL!?|SPILL!|#+)",
    re.IGNORECASE,
)
FORMULA = re.compile(r"[=@]|[+\-][^\W\d_]|[+\-]\(")


UNSAID = Expected()


def read_typed(text: str, expected: Expected = UNSAID) -> CellReading:
    """What was typed. Never fails: what cannot be kept at all is `refused`."""
    raw = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if refused := why_refused(raw):
        return CellReading(raw, refused=french_spaces(refused))
    blank = missing_from_text(raw)
    if blank is not None:
        return CellReading(raw, Value(blank).cell_kind)
    for read in (plain, with_note, counted, composite):
        if (reading := read(raw, expected)) is not None:
            return too_big(reading)
    return CellReading(raw, doubt=french_spaces(DOUBTS[bool(re.search(r"\d", raw))]))


def why_refused(raw: str) -> str:
    if len(raw) > LONGEST:
        return f"Ce texte fait {format_number(len(raw))} caractères : {format_number(LONGEST)} au plus."
    unseen = [sign for sign in raw if unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\t\n"]
    if unseen:
        return f"Ce texte contient un caractère invisible (U+{ord(unseen[0]):04X}) : retapez-le."
    if ERRORS.fullmatch(raw):
        return "C’est une erreur du tableur, pas une valeur : corrigez-la dans le tableur, ou écrivez « ND »."
    if FORMULA.match(raw):
        return "C’est une formule : collez ou tapez son résultat."
    return ""


def plain(raw: str, expected: Expected) -> CellReading | None:
    """One number, rate, amount or duration, and nothing else; a bare number takes the unit of its row."""
    read = parse_cell(raw)
    if read.number is None:
        return None
    if read.kind is Kind.DURATION:
        return duration(raw, read)
    if read.kind is not Kind.NUMBER:
        return CellReading(raw, read.cell_kind, read.number, "%" if read.kind is Kind.PERCENT else "")
    if looks_like_two(raw, read.number, expected):
        return CellReading(
            raw,
            doubt=french_spaces(
                f"Un seul nombre, ou plusieurs ? Si c’en est un seul, écrivez-le sans espace : {read.number}."
            ),
        )
    unit = {"percent": "%", "duration": expected.unit}.get(expected.kind, "")
    kind = expected.kind if expected.kind != "duration" or expected.unit else "number"
    return CellReading(raw, kind, read.number, unit)


def duration(raw: str, read: Value) -> CellReading:
    """As it was said, « 2 h 30 » in minutes: the file format names the same units."""
    return CellReading(raw, "duration", read.number, read.unit)


NOTE = re.compile(r"(?P<head>.*\S)\s*\((?P<note>[^()\d]+)\)", re.DOTALL)


def with_note(raw: str, expected: Expected) -> CellReading | None:
    """« 9 mois (suite COVID) »: the unit makes it certain; a bare number before a bracket is not."""
    match = NOTE.fullmatch(raw)
    if match is None:
        return None
    try:
        read = parse_duration(match["head"])
    except ParseError:
        read = parse_cell(match["head"])
    if read.kind is Kind.DURATION:
        return duration(raw, read)
    return CellReading(raw, "percent", read.number, "%") if read.kind is Kind.PERCENT else None


def too_big(reading: CellReading) -> CellReading:
    """What its column cannot hold is refused, and never cut."""
    for number in (reading.number, *(part.get("number") for part in reading.parts)):
        if number is None:
            continue
        digits = Decimal(exact(number))
        if digits.adjusted() >= WHOLE_DIGITS:
            return CellReading(
                reading.raw, refused=french_spaces("Ce nombre a trop de chiffres : vérifiez-le.")
            )
        if -int(digits.as_tuple().exponent) > DECIMALS:
            sentence = f"Ce nombre a plus de {DECIMALS} décimales : arrondissez-le."
            return CellReading(reading.raw, refused=french_spaces(sentence))
    return reading


def reading_of(value: Value) -> CellReading:
    """A typed value (of a workbook, of a dispositif) in the columns of a cell."""
    kind = "text" if value.kind is Kind.CHOICE else value.cell_kind
    unit = "%" if value.kind is Kind.PERCENT else value.unit
    main = (EXPLICIT if value.number is not None else NONE) if value.kind is Kind.COMPOSITE else ""
    parts = [
        {
            "label": part.label,
            "number": float(part.value.number)
            if isinstance(part.value.number, Decimal)
            else part.value.number,
            "raw": part.raw,
            "relation": part.relation,
            "kind": part.value.cell_kind,
        }
        for part in value.parts
    ]
    return too_big(CellReading(value.to_text(), kind, value.number, unit, value.qualifier, main, parts))
