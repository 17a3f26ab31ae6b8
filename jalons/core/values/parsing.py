"""Reading what people type or paste: numbers, amounts, durations, cells.

Only what can be read in one way is read. Everything else is a `ParseError`, whose text goes under the field.
"""

import re
from contextlib import suppress
from decimal import Decimal

from jalons.core.values.cells import Emptiness, Value
from jalons.core.values.formats import DurationUnit
from jalons.core.values.numbers import MAX_DECIMALS, MAX_WHOLE_DIGITS, Number, exact
from jalons.core.values.text import french_spaces, unaccent

MAX_LENGTH = 60
_SHOWN = 40


class ParseError(ValueError):
    """`str()` is a French sentence: what is wrong, and how to write it."""

    def __init__(self, message: str) -> None:
        super().__init__(french_spaces(message))


def quoted(text: str) -> str:
    """What was typed, on one line and cut if long, for an error message."""
    line = " ".join(text.split())
    return f"« {line if len(line) <= _SHOWN else line[:_SHOWN].rstrip() + '…'} »"


def has_odd_digits(text: str) -> bool:
    """« ² », « ½ », digits of other scripts: folding would turn « 2² » into 22."""
    return any(sign.isnumeric() and not sign.isascii() for sign in text)


# Not tabs nor line ends: those separate two cells, so two figures.
_SPACE = re.compile(r"[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_AROUND = " \t\r\n\u00a0\u2007\u2009\u202f\u200b\ufeff"
_NUMBER = re.compile(
    r"(?P<sign>[+\-−] ?)?(?P<whole>[1-9]\d{0,2}(?: \d{3})+|\d+)(?:(?P<mark>[.,])(?P<decimals>\d+))?"
    r"(?: ?(?P<unit>[€%]))?",
    re.ASCII,
)
# The point of other countries between thousands, or a decimal point?
_LOOKS_GROUPED = re.compile(r"[1-9]\d{0,2}\.\d{3}", re.ASCII)


def parse_number(text: str) -> Number:
    """« 1 234,5 », « 1234.5 », « −3 », « 250€ », « 62 % »: any single space or none between thousands.

    A unit is accepted and dropped. Refused because they can be read twice: « 280 80 », « 1.234 », « ,5 ».
    """
    return _read(text)[0]


def parse_amount(text: str) -> Number:
    """Euros, with at most two decimals."""
    number, unit, _ = _read(text)
    if unit == "%":
        raise ParseError(f"{quoted(text)} est un pourcentage : écrivez des euros, par exemple 1 250 €.")
    try:
        Value.amount(number)
    except ValueError:
        raise ParseError(
            f"{quoted(text)} a plus de deux chiffres après la virgule : arrondissez au centime."
        ) from None
    return number


def parse_duration(text: str) -> Value:
    """« 3 mois », « 17,4 jours », « Trois ans », « un an et demi », « 2 h 30 », « un semestre »."""
    words = text.strip(_AROUND)
    if len(words) <= MAX_LENGTH and not has_odd_digits(words):
        for reader in (_hours_and_minutes, _years_and_months, _one_unit):
            with suppress(ValueError):  # more digits than a value holds
                if (read := reader(words)) is not None:
                    return read
    raise ParseError(
        f"{quoted(text)} n’est pas une durée : écrivez un nombre et une unité, "
        "par exemple « 3 mois » ou « 2 h 30 »."
    )


_EMPTINESS_WORDS = {
    **dict.fromkeys(("nd", "n.d", "n.d.", "n/d", "non disponible", "non disponibles"), Emptiness.ND),
    **dict.fromkeys(("donnee non disponible", "donnees non disponibles"), Emptiness.ND),
    **dict.fromkeys(("/", "sans objet", "s.o.", "non applicable"), Emptiness.NA),
    **dict.fromkeys(("non renseigne", "non renseignee"), Emptiness.EMPTY),
}
_DASHES = frozenset("-‐‑‒–—―−")


def missing_from_text(text: str) -> Emptiness | None:
    """Which absence the text says (« ND », « / », « – », nothing…), or None when it says something else."""
    word = text.strip(_AROUND)
    if not word or text.isspace():
        return Emptiness.EMPTY
    return Emptiness.DASH if word in _DASHES else _EMPTINESS_WORDS.get(_plain(word))


def parse_cell(text: str) -> Value:
    """The typed value of a cell; whatever is not certain stays a text, verbatim. Never fails.

    « NC », « NA » and « N/A » stay texts: « non communiqué » or « non concerné », « non applicable » or « not
    available », one cannot tell. So do figures with a leading zero (« 01 », « 07100 »), which are codes.
    """
    emptiness = missing_from_text(text)
    if emptiness:
        return Value(emptiness)
    word = text.strip(_AROUND)
    for reader in (_measure, parse_duration):
        try:
            return reader(word)
        except ValueError:
            continue
    return Value.text(text)


def _measure(word: str) -> Value:
    number, unit, whole = _read(word)
    if len(whole) > 1 and whole.startswith("0"):
        raise ParseError(f"{quoted(word)} est un code.")
    if unit == "%":
        return Value.percent(number)
    return Value.amount(number) if unit == "€" else Value.of(number)


def _read(text: str) -> tuple[Number, str, str]:
    """(number, « € » or « % » or nothing, digits before the decimal mark)."""
    plain = _SPACE.sub(" ", text.strip(_AROUND))
    if len(plain) > MAX_LENGTH:
        raise ParseError(f"{quoted(plain)} est trop long pour un nombre : écrivez seulement le nombre.")
    match = _NUMBER.fullmatch(plain)
    if match is None:
        raise ParseError(_what_is_wrong(plain))
    whole, decimals = match["whole"].replace(" ", ""), match["decimals"] or ""
    if len(whole) > MAX_WHOLE_DIGITS or len(decimals) > MAX_DECIMALS:
        raise ParseError(f"{quoted(plain)} a trop de chiffres : vérifiez le nombre.")
    if _LOOKS_GROUPED.fullmatch(plain.lstrip("+-− ").rstrip("€% ")):
        readings = f"{whole} {decimals} ou {whole},{decimals}"
        raise ParseError(f"{quoted(plain)} peut se lire {readings} : écrivez l’un ou l’autre.")
    sign = "-" if (match["sign"] or "").strip() in ("-", "−") else ""
    return exact(Decimal(f"{sign}{whole}.{decimals or 0}")), match["unit"] or "", whole


def _what_is_wrong(plain: str) -> str:
    if not plain:
        return "Il manque un nombre : écrivez-le en chiffres, par exemple 12."
    if re.search(r"\d(?:\s{2,}|[^\S ])\d", plain):
        return (
            f"{quoted(plain)} a entre ses chiffres plusieurs espaces, une tabulation "
            "ou un retour à la ligne : écrivez un seul nombre."
        )
    if re.fullmatch(r"[\d\s]+", plain, re.ASCII):
        return (
            f"{quoted(plain)} ressemble à plusieurs nombres : écrivez-en un seul, "
            "avec des groupes de trois chiffres (1 234) ou sans espace."
        )
    if re.fullmatch(r"[+\-−]?[\d ]*[.,][\d .,]*[€%]?", plain, re.ASCII):
        if len(re.findall(r"[.,]", plain)) > 1:
            return f"{quoted(plain)} a plusieurs virgules ou points : gardez-en un seul, avant les décimales."
        return f"{quoted(plain)} est incomplet ou mal espacé : écrivez par exemple 0,5 ou 1 234,5."
    if has_odd_digits(plain):
        return f"{quoted(plain)} contient des chiffres inhabituels : écrivez-les de 0 à 9."
    if any(sign.isdigit() for sign in plain):
        return f"{quoted(plain)} ne contient pas qu’un nombre : écrivez seulement le nombre, par exemple 12."
    return f"{quoted(plain)} n’est pas un nombre : écrivez-le en chiffres, par exemple 12."


_UNITS: dict[str, tuple[DurationUnit, int]] = {
    **dict.fromkeys(("min", "mn", "minute", "minutes"), (DurationUnit.MINUTES, 1)),
    **dict.fromkeys(("h", "heure", "heures"), (DurationUnit.HOURS, 1)),
    **dict.fromkeys(("j", "jour", "jours"), (DurationUnit.DAYS, 1)),
    **dict.fromkeys(("semaine", "semaines"), (DurationUnit.WEEKS, 1)),
    "mois": (DurationUnit.MONTHS, 1),
    **dict.fromkeys(("trimestre", "trimestres"), (DurationUnit.MONTHS, 3)),
    **dict.fromkeys(("semestre", "semestres"), (DurationUnit.MONTHS, 6)),
    **dict.fromkeys(("an", "ans", "annee", "annees"), (DurationUnit.YEARS, 1)),
}
_WORDS = (
    "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept "
    "dix-huit dix-neuf vingt"
)
_SPELT = {word: count for count, word in enumerate(_WORDS.split(), start=1)}
_SPELT |= {"une": 1, "vingt-quatre": 24, "trente": 30, "trente-six": 36}
_HOURS = re.compile(r"(\d{1,4}) ?h(?:eures?)? ?([0-5]\d)(?: ?(?:min|mn))?", re.ASCII)
_YEARS = re.compile(r"(.+?) an(?:nee)?s?(?: et)? (demi|(?:.+?) mois)")
_ONE_UNIT = re.compile(r"(.+?) ?([a-z]+)\.?")


def _hours_and_minutes(words: str) -> Value | None:
    match = _HOURS.fullmatch(_plain(words))
    return match and Value.duration(int(match[1]) * 60 + int(match[2]), DurationUnit.MINUTES)


def _years_and_months(words: str) -> Value | None:
    match = _YEARS.fullmatch(_plain(words))
    if not match:
        return None
    years = _count(match[1])
    months = 6 if match[2] == "demi" else _count(match[2].removesuffix(" mois"))
    if not isinstance(years, int) or not isinstance(months, int):
        return None
    return Value.duration(years * 12 + months, DurationUnit.MONTHS)


def _one_unit(words: str) -> Value | None:
    match = _ONE_UNIT.fullmatch(_plain(words))
    if not match or match[2] not in _UNITS:
        return None
    count, (unit, times) = _count(match[1]), _UNITS[match[2]]
    return None if count is None else Value.duration(count * times, unit)


def _count(words: str) -> Number | None:
    """In words or figures, not negative."""
    if words in _SPELT:
        return _SPELT[words]
    try:
        number, unit, _ = _read(words)
    except ParseError:
        return None
    return None if unit or number < 0 else number


def _plain(words: str) -> str:
    """Lower case without accents, one kind of space; signs stay, they may be a minus."""
    return _SPACE.sub(" ", unaccent(words))
