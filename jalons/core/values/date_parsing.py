"""Reading dates that people type (`parse_date`) and dates that documents print (`parse_partial_date`)."""

import datetime as dt
import re
from calendar import monthrange

from jalons.core.values.dates import MONTHS
from jalons.core.values.parsing import MAX_LENGTH, ParseError, has_odd_digits, quoted
from jalons.core.values.text import unaccent

FIRST_YEAR, LAST_YEAR = 1900, 2100
_HOW = "écrivez par exemple 12/12/2019."
_SHORT_MONTHS = {
    **{"jan": 1, "janv": 1, "fev": 2, "fevr": 2, "mar": 3, "avr": 4, "jun": 6, "juil": 7, "jul": 7, "aou": 8},
    **{"sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12},
}
MONTH_NUMBERS = {unaccent(name): number for number, name in enumerate(MONTHS, start=1)} | _SHORT_MONTHS
MONTH_PATTERN = "(?:" + "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True)) + r")\b\.?"
_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_RELATIVE = {"avant-hier": -2, "hier": -1, "aujourd'hui": 0, "demain": 1}

_ISO = re.compile(r"(?P<y>\d{4})(?P<by>[-/.])(?P<m>\d{1,2})(?P=by)(?P<d>\d{1,2})", re.ASCII)
_NUMERIC = re.compile(r"(?P<d>\d{1,2}) ?(?P<by>[/.-]) ?(?P<m>\d{1,2}) ?(?P=by) ?(?P<y>\d{4}|\d{2})", re.ASCII)
_WORDED = re.compile(
    rf"(?:le )?(?:(?P<weekday>{'|'.join(_WEEKDAYS)}),? )?(?P<d>\d{{1,2}})(?: ?er)? ?(?P<m>{MONTH_PATTERN}) ?"
    r"(?P<y>\d{4}|\d{2})",
    re.ASCII,
)
_NO_YEAR = re.compile(rf"\d{{1,2}}(?:[/.-]\d{{1,2}}|(?: ?er)? {MONTH_PATTERN})", re.ASCII)
_NO_DAY = re.compile(rf"(?:\d{{1,2}}[/.-]|{MONTH_PATTERN} ?)\d{{4}}", re.ASCII)
_TWO_DIGITS_EACH = re.compile(r"\d\d-\d\d-\d\d", re.ASCII)


def plain_date(text: str) -> str:
    """Lower case without accents, with one kind of space, apostrophe and dash."""
    bare = re.sub(r"[’‘ʼ`´′]", "'", unaccent(text))
    bare = re.sub(r"[\u2010-\u2015\u2212]", "-", bare)
    return re.sub(r"\s+", " ", bare).strip()


def parse_date(text: str, *, today: dt.date) -> dt.date:
    """Day, month, year in figures or words, ISO, « hier »; a year of two digits is at most ten years ahead.

    ParseError for a date that does not exist, has no year, or could be read in another order.
    """
    plain = plain_date(text)
    if plain in _RELATIVE:
        return today + dt.timedelta(days=_RELATIVE[plain])
    if _TWO_DIGITS_EACH.fullmatch(plain):
        raise ParseError(f"{quoted(text)} se lit dans deux sens : écrivez l’année avec quatre chiffres.")
    if len(plain) > MAX_LENGTH:
        raise ParseError(f"{quoted(text)} est trop long pour une date : {_HOW}")
    match = _ISO.fullmatch(plain) or _NUMERIC.fullmatch(plain) or _WORDED.fullmatch(plain)
    if match is None or has_odd_digits(text):
        raise ParseError(_what_is_wrong(text, plain))
    day = _existing(int(match["d"]), month_number(match["m"]), _full_year(match["y"], today))
    weekday = match.groupdict().get("weekday")
    if weekday and _WEEKDAYS[day.weekday()] != weekday:
        actual_day = f"{_digits(day.day, day.month, day.year)} est un {_WEEKDAYS[day.weekday()]}"
        raise ParseError(f"Le {actual_day}, pas un {weekday} : corrigez le jour ou la date.")
    return day


def month_number(written: str) -> int:
    """From figures or from a French name; the caller has matched it already."""
    return int(written) if written.isdigit() else MONTH_NUMBERS[written.rstrip(".")]


def _full_year(written: str, today: dt.date) -> int:
    year = int(written)
    if len(written) == 4:
        return year
    return 2000 + year if 2000 + year <= today.year + 10 else 1900 + year


def _existing(day: int, month: int, year: int) -> dt.date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ParseError(
            f"L’année {year:04} n’est pas plausible : écrivez une année entre {FIRST_YEAR} et {LAST_YEAR}."
        )
    written = _digits(day, month, year)
    if not 1 <= month <= 12:
        raise ParseError(
            f"Le {written} n’existe pas : il n’y a pas de mois {month}. "
            "Écrivez le jour, puis le mois, puis l’année."
        )
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise ParseError(f"Le {written} n’existe pas : {MONTHS[month - 1]} {year} a {last} jours.")
    return dt.date(year, month, day)


def _digits(day: int, month: int, year: int) -> str:
    return f"{day:02}/{month:02}/{year:04}"


def _what_is_wrong(text: str, plain: str) -> str:
    if not plain:
        return f"Il manque une date : {_HOW}"
    if _NO_YEAR.fullmatch(plain):
        return f"Il manque l’année dans {quoted(text)} : {_HOW}"
    if _NO_DAY.fullmatch(plain):
        return f"Il manque le jour dans {quoted(text)} : {_HOW}"
    return f"{quoted(text)} n’est pas une date : {_HOW}"
